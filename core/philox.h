// Philox4x32-10 (Salmon et al., SC 2011): the only source of randomness. A key and a counter give four words; nothing is
// stored between draws, so a draw depends on what it is for and on nothing else.
#pragma once

#include <array>
#include <cstdint>

namespace hone {

struct PhiloxKey {
  uint32_t lo = 0, hi = 0;
};
using PhiloxBlock = std::array<uint32_t, 4>;

/// Ten rounds over `counter`.
inline PhiloxBlock philox(PhiloxKey key, PhiloxBlock counter) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t a = uint64_t{0xD2511F53} * counter[0], b = uint64_t{0xCD9E8D57} * counter[2];
    counter = {uint32_t(b >> 32) ^ counter[1] ^ key.lo, uint32_t(b), uint32_t(a >> 32) ^ counter[3] ^ key.hi,
               uint32_t(a)};
    key = {key.lo + 0x9E3779B9u, key.hi + 0xBB67AE85u};
  }
  return counter;
}

/// SplitMix64's finaliser: mixes identifiers (seed, stage, step, ...) into a key, mix(mix(seed, stage), step).
inline uint64_t mix(uint64_t a, uint64_t b) {
  uint64_t z = a * 0x9E3779B97F4A7C15ull + b + 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

inline PhiloxKey key_of(uint64_t mixed) { return {uint32_t(mixed), uint32_t(mixed >> 32)}; }

/// A stream of draws for procedural data: words 0, 1, 2, ... of one key. Copying it forks it.
class PhiloxStream {
 public:
  explicit PhiloxStream(uint64_t mixed) : key_(key_of(mixed)) {}
  uint32_t next() {
    if (used_ == 4)
      block_ = philox(key_, {uint32_t(count_), uint32_t(count_ >> 32), 0, 0}), ++count_, used_ = 0;
    return block_[used_++];
  }
  /// Uniform in [0, n), n > 0; without modulo bias (Lemire 2019, with rejection).
  uint32_t below(uint32_t n) {
    uint64_t product = uint64_t{next()} * n;
    if (uint32_t(product) < n) {
      const uint32_t threshold = -n % n;
      while (uint32_t(product) < threshold) product = uint64_t{next()} * n;
    }
    return uint32_t(product >> 32);
  }
  /// Uniform in [0, 1), 24 bits.
  float uniform() { return float(next() >> 8) * 0x1p-24f; }

 private:
  PhiloxKey key_;
  uint64_t count_ = 0;
  PhiloxBlock block_{};
  int used_ = 4;
};

}  // namespace hone
