// The tensor cores' instructions that the kernels use, on a CPU: operands of a warp lie in its lanes as PTX defines
// it; inside of a step the sixteen products, which are exact, are added by a tree (8, 4, 2, 1) and then to the sum. The
// hardware need not do so, but here as there the bits show which products share a step.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "tests/cuda_on_cpu/cuda_on_cpu.h"

namespace cuda_on_cpu {

inline uint16_t to_bf16(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  if (std::isnan(x)) return 0x7FFF;
  return uint16_t((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}
inline float from_bf16(uint32_t bits) { return std::bit_cast<float>(bits << 16); }

/// What the lanes of a warp give; everyone reads it before anyone gives again.
struct WarpOperands {
  uint32_t a[32][4], b[32][2];
  const void* rows[32];
};
WarpOperands& warp_operands();  // of the warp that runs

/// Not inline: a kernel that is unrolled would have it in its stack frame many times, under AddressSanitizer.
[[gnu::noinline]] inline void tensor_core_step(float (&sums)[4], const uint32_t (&a)[4],
                                               const uint32_t (&b)[2], Site site = Site::current()) {
  WarpOperands& w = warp_operands();
  const unsigned l = lane();
  for (int i = 0; i < 4; ++i) w.a[l][i] = a[i];
  for (int i = 0; i < 2; ++i) w.b[l][i] = b[i];
  warp_barrier(0xFFFFFFFFu, site);
  const auto half = [](uint32_t pair, unsigned odd) { return from_bf16(odd ? pair >> 16 : pair & 0xFFFF); };
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned line = l / 4, down = i / 2, col = 2 * (l % 4) + i % 2;
    float products[16];
    for (unsigned k = 0; k < 16; ++k) {
      const unsigned holder = k % 8 / 2, part = k / 8;
      products[k] =
          half(w.a[4 * line + holder][2 * part + down], k % 2) * half(w.b[4 * col + holder][part], k % 2);
    }
    for (unsigned step = 8; step > 0; step /= 2)
      for (unsigned k = 0; k < step; ++k) products[k] = products[k] + products[k + step];
    sums[i] = sums[i] + products[0];
  }
  warp_barrier(0xFFFFFFFFu, site);
}

template <class Number, size_t kMatrices>
void load_matrices(uint32_t (&out)[kMatrices], const Number* row, bool transposed,
                   Site site = Site::current()) {
  static_assert(sizeof(Number) == 2);
  WarpOperands& w = warp_operands();
  const unsigned l = lane();
  w.rows[l] = row;
  warp_barrier(0xFFFFFFFFu, site);
  for (unsigned m = 0; m < kMatrices; ++m) {
    const auto number = [&](unsigned line, unsigned i) {
      return uint32_t{static_cast<const uint16_t*>(w.rows[8 * m + line])[i]};
    };
    const unsigned along = 2 * (l % 4);
    out[m] = transposed ? number(along, l / 4) | number(along + 1, l / 4) << 16
                        : number(l / 4, along) | number(l / 4, along + 1) << 16;
  }
  warp_barrier(0xFFFFFFFFu, site);
}

}  // namespace cuda_on_cpu
