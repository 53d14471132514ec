// bfloat16 and a step of the tensor cores as scalar programs. What a step does inside is the hardware's business; here,
// and in tests/cuda_on_cpu, its sixteen products are added by a tree and then to the sum, so that which products share
// a step shows in the bits.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>

namespace hone::reference {

/// To bfloat16, to nearest even.
inline float rounded_to_bf16(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x), low = bits & 0xFFFF, high = bits >> 16;
  if (std::isnan(x)) return x;
  return std::bit_cast<float>((low > 0x8000 || (low == 0x8000 && high % 2) ? high + 1 : high) << 16);
}
inline uint16_t bf16_bits(float x) { return uint16_t(std::bit_cast<uint32_t>(rounded_to_bf16(x)) >> 16); }
inline float from_bf16(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

inline float bf16_step(float sum, const float (&products)[16]) {
  float v[16];
  for (int i = 0; i < 16; ++i) v[i] = products[i];
  for (int step = 8; step > 0; step /= 2)
    for (int i = 0; i < step; ++i) v[i] = v[i] + v[i + step];
  return sum + v[0];
}

/// A chain of steps over n products a(i) b(i), rounded operands, with zeros behind them.
inline float bf16_chain(int64_t n, float sum, const std::function<float(int64_t)>& a,
                        const std::function<float(int64_t)>& b) {
  for (int64_t first = 0; first < n; first += 16) {
    float products[16] = {};
    for (int64_t i = first; i < n && i < first + 16; ++i)
      products[i - first] = rounded_to_bf16(a(i)) * rounded_to_bf16(b(i));
    sum = bf16_step(sum, products);
  }
  return sum;
}

}  // namespace hone::reference
