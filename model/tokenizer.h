// Text to token ids and back, as a Hugging Face tokenizer.json says: byte-pair encoding with everything
// around it (added tokens, normalizers, pre-tokenizers, templates, decoders). The ids equal those of the
// `tokenizers` package. A part that is not supported is an InputError when the file is read. No training of
// vocabularies, no offsets, no pairs of texts, no padding.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace hone {

/// Movable; const calls may come from many threads at once.
class Tokenizer {
 public:
  /// A folder with tokenizer.json and, if they are there, tokenizer_config.json, generation_config.json and
  /// config.json.
  static Tokenizer load(const std::filesystem::path& folder);
  /// From the text of a tokenizer.json; `file` is for messages.
  static Tokenizer from_json(std::string_view text, const std::string& file = "tokenizer.json");

  ~Tokenizer();
  Tokenizer(Tokenizer&&) noexcept;
  Tokenizer& operator=(Tokenizer&&) noexcept;

  /// Added tokens in `text`, special ones too, become their ids. Bytes that are not UTF-8 are read as U+FFFD,
  /// one for each maximal part of a sequence, as Python does with errors="replace". add_special_tokens:
  /// around it come the ids of the file's template.
  std::vector<TokenId> encode(std::string_view text, bool add_special_tokens) const;

  /// encode() of each text, on `threads` threads (0: all cores).
  std::vector<std::vector<TokenId>> encode_batch(std::span<const std::string> texts, bool add_special_tokens,
                                                 int threads) const;

  /// Ids without a token (a model's embedding may have more rows) give nothing; negative ones are an Error.
  std::string decode(std::span<const TokenId> ids, bool skip_special_tokens) const;

  int64_t vocab_size() const;  // highest id + 1
  std::optional<TokenId> id_of(std::string_view token) const;
  std::string_view token_of(TokenId id) const;  // as tokenizer.json writes it; empty if there is none

  /// The first of tokenizer_config.json (eos_token), generation_config.json and config.json (eos_token_id)
  /// that names it.
  std::optional<TokenId> eos_id() const;
  std::optional<TokenId> bos_id() const;
  std::optional<TokenId> pad_id() const;
  /// eos_id() and all of generation_config.json's eos_token_id, or of config.json's where that has none; ascending.
  const std::vector<TokenId>& stop_ids() const;
  const std::vector<TokenId>& special_ids() const;  // ascending
  bool is_special(TokenId id) const;

 private:
  friend class DecodeStream;
  struct Impl;
  explicit Tokenizer(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

/// Decodes ids as they come. What push() and finish() return, joined, is decode() of all ids; no piece ends
/// inside a character. Where the text depends on ids to come (bytes of a character, a run of byte tokens), it
/// is held back.
class DecodeStream {
 public:
  /// `tokenizer` must outlive this.
  DecodeStream(const Tokenizer& tokenizer, bool skip_special_tokens);
  ~DecodeStream();
  DecodeStream(DecodeStream&&) noexcept;
  DecodeStream& operator=(DecodeStream&&) noexcept;

  std::string push(TokenId id);
  std::string finish();  // the rest; the stream then starts afresh

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
