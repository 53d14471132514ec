#include "model/tokenizer_pair_table.h"

#include <algorithm>
#include <bit>

namespace hone {

void PairTable::reserve(size_t count) {
  const size_t size = std::bit_ceil(std::max<size_t>(2, count + count / 2));
  slots_.assign(size, Slot{});
  mask_ = size - 1;
  shift_ = 64 - std::countr_zero(size);
}

void PairTable::set(TokenId left, TokenId right, uint32_t rank, TokenId result) {
  const uint64_t key = key_of(left, right);
  size_t i = slot_of(key);
  while (slots_[i].key != key && slots_[i].key != kNone) i = (i + 1) & mask_;
  slots_[i] = {key, uint64_t(rank) << 32 | uint32_t(result)};
}

}  // namespace hone
