// The table of replacements that SentencePiece compiles into its models ("precompiled_charsmap"): a double-array
// trie of byte strings, and the texts that they become.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/tokenizer_json.h"

namespace hone {

class Charsmap {
 public:
  /// From {"precompiled_charsmap": base64}. Layout: bytes of the trie as u32, the trie's units as u32, both
  /// little-endian; texts, each ended by a zero byte.
  explicit Charsmap(const TokenizerJson& json);

  /// What `part` becomes, if the trie knows it or a beginning of it: as in `tokenizers`, the shortest that it knows
  /// decides for all of `part`.
  std::optional<std::string_view> find(std::string_view part) const;

  /// *text by extended grapheme clusters of less than 6 bytes, else by characters.
  void apply(std::string* text) const;

 private:
  void apply_to_cluster(std::string_view cluster, std::string& out) const;

  std::vector<uint32_t> units_;
  std::string texts_;
};

}  // namespace hone
