// Independent fma chains in registers, enough of them to hide the latency.
#include "cuda_ext/cpu/peak_probe.h"

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {

template <>
float fma_probe<kIsa>(int64_t rounds) {
  constexpr int kChains = kIsa == Isa::avx2 ? 6 : 16;  // what the registers hold beside the factors
  F16 sum[kChains];
  for (int i = 0; i < kChains; ++i) sum[i] = set1(float(i));
  const F16 factor = set1(0.5f + float(rounds & 1) * 0.25f), term = set1(1.0f);
  const int64_t steps = rounds * 16 / kChains;
  for (int64_t step = 0; step < steps; ++step)
    for (int i = 0; i < kChains; ++i) sum[i] = fma(sum[i], factor, term);
  F16 total = zero();
  for (int i = 0; i < kChains; ++i) total = total + sum[i];
  return hone::cpu::sum(total);
}

}  // namespace hone::cpu
