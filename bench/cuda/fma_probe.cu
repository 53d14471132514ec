#include "bench/cuda/fma_probe.h"
#include "cuda_ext/cuda/launch.cuh"

namespace hone::cuda {
namespace {

/// Independent chains in registers.
__global__ void __launch_bounds__(kProbeThreads) fma_probe_kernel(FmaProbeParams p) {
  float a[kProbeChains];
#pragma unroll
  for (int c = 0; c < kProbeChains; ++c) a[c] = float(threadIdx.x + unsigned(c));
  const float x = 0.999f, y = 0.001f;
  for (int64_t i = 0; i < p.rounds; ++i)
#pragma unroll
    for (int c = 0; c < kProbeChains; ++c) a[c] = __fmaf_rn(a[c], x, y);
  float sum = 0;
#pragma unroll
  for (int c = 0; c < kProbeChains; ++c) sum += a[c];
  p.out[int64_t(blockIdx.x) * kProbeThreads + threadIdx.x] = sum;
}

}  // namespace

void fma_probe(const FmaProbeParams& p, int64_t blocks, Stream stream) {
  launch(fma_probe_kernel, {blocks, kProbeThreads}, stream, p);
}

}  // namespace hone::cuda
