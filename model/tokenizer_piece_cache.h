// What short pieces of text were encoded to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/types.h"

namespace hone {

/// Results of short pieces, direct-mapped: 64 bytes an entry, 1 MiB in all, the newer one wins.
class PieceCache {
 public:
  static constexpr size_t kMaxBytes = 24, kMaxIds = 9;
  struct Key {
    uint64_t words[3] = {0, 0, 0};
    size_t slot = 0;
  };
  static Key key_of(std::string_view piece);
  /// Appends what is known of `piece` to *ids.
  bool find(const Key& key, std::string_view piece, std::vector<TokenId>* ids) const;
  void put(const Key& key, std::string_view piece, const TokenId* ids, size_t count);

 private:
  static constexpr int kLogSlots = 14;
  struct alignas(64) Slot {
    uint64_t words[3];
    uint8_t num_bytes, num_ids;  // num_bytes 0: empty
    TokenId ids[kMaxIds];
  };
  std::vector<Slot> slots_ = std::vector<Slot>(size_t{1} << kLogSlots);
};

}  // namespace hone
