// Feistel rounds with Philox as the round function.
#include "datasets/permutation.h"

#include "core/error.h"

namespace hone {
namespace {

constexpr uint32_t kRounds = 8;

}  // namespace

Permutation::Permutation(uint64_t n, uint64_t key) : n_(n), half_bits_(1), key_(key_of(key)) {
  check(n > 0 && n <= uint64_t{1} << 62, "permutation: n is ", n, ", expected from 1 to 2^62");
  while (uint64_t{1} << (2 * half_bits_) < n) ++half_bits_;
}

uint64_t Permutation::operator()(uint64_t i) const {
  check(i < n_, "permutation: position ", i, " of ", n_);
  do i = scramble(i);
  while (i >= n_);
  return i;
}

uint64_t Permutation::scramble(uint64_t value) const {
  const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
  uint64_t left = value >> half_bits_, right = value & mask;
  for (uint32_t round = 0; round < kRounds; ++round) {
    const PhiloxBlock word = philox(key_, {uint32_t(right), uint32_t(right >> 32), round, 0});
    const uint64_t next = left ^ (word[0] & mask);
    left = right;
    right = next;
  }
  return (left << half_bits_) | right;
}

}  // namespace hone
