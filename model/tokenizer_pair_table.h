// A hash table from pairs of numbers: merges of two tokens, edges of a trie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/types.h"

namespace hone {

/// (a, b) -> rank and result. Open addressing, built once.
class PairTable {
 public:
  static constexpr uint64_t kNone = ~uint64_t{0};
  void reserve(size_t count);
  /// A pair that comes again gets its later rank.
  void set(TokenId left, TokenId right, uint32_t rank, TokenId result);
  /// rank << 32 | result, or kNone, which is larger than any.
  uint64_t find(TokenId left, TokenId right) const {
    const uint64_t key = key_of(left, right);
    for (size_t i = slot_of(key);; i = (i + 1) & mask_) {
      if (slots_[i].key == key) return slots_[i].value;
      if (slots_[i].key == kNone) return kNone;
    }
  }

 private:
  struct Slot {
    uint64_t key = kNone, value = kNone;
  };
  static uint64_t key_of(TokenId left, TokenId right) {
    return uint64_t(uint32_t(left)) << 32 | uint32_t(right);
  }
  size_t slot_of(uint64_t key) const { return size_t((key * 0x9E3779B97F4A7C15ull) >> shift_); }
  std::vector<Slot> slots_ = std::vector<Slot>(2);
  size_t mask_ = 1;
  int shift_ = 63;
};

}  // namespace hone
