// A pseudo-random bijection of [0, n) with random access: a Feistel network over the next power of four,
// walked along its cycle until the value is below n. Nothing is stored, so an epoch of any size costs nothing
// to start or to resume.
#pragma once

#include <cstdint>

#include "core/philox.h"

namespace hone {

class Permutation {
 public:
  /// 0 < n <= 2^62. Equal keys give equal permutations.
  Permutation(uint64_t n, uint64_t key);
  uint64_t operator()(uint64_t i) const;  // i < n

 private:
  uint64_t scramble(uint64_t value) const;

  uint64_t n_;
  int half_bits_;  // the network works on 2 * half_bits_ bits
  PhiloxKey key_;
};

}  // namespace hone
