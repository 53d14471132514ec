#include "cuda_ext/cuda/elementary.cuh"
#include "cuda_ext/cuda/launch.cuh"
#include "tests/cuda_ext/cuda/elementary_kernels.h"

namespace hone::cuda {
namespace {

constexpr unsigned kThreads = 64;

/// exp near 0 with its last fma taken apart.
__device__ inline float exp_unfused(float x) {
  float p = 1.9875691500e-4f;
  p = fma(p, x, 1.3981999507e-3f);
  p = fma(p, x, 8.3334519073e-3f);
  p = fma(p, x, 4.1665795894e-2f);
  p = fma(p, x, 1.6666665459e-1f);
  p = fma(p, x, 5.0000001201e-1f);
  return p * (x * x) + x + 1.0f;
}

template <Elementary F>
__global__ void __launch_bounds__(kThreads) elementary_kernel(ElementaryParams p) {
  for (int64_t i = int64_t(blockIdx.x) * kThreads + threadIdx.x; i < p.n;
       i += int64_t(gridDim.x) * kThreads) {
    const float x = p.x[i];
    if constexpr (F == Elementary::exp) p.y[i] = exp(x);
    if constexpr (F == Elementary::log) p.y[i] = log(x);
    if constexpr (F == Elementary::sigmoid) p.y[i] = sigmoid(x);
    if constexpr (F == Elementary::exp_unfused) p.y[i] = exp_unfused(x);
  }
}

}  // namespace

void elementary(Elementary function, const ElementaryParams& p, Stream stream) {
  const Geometry geometry{32, kThreads};
  switch (function) {
    case Elementary::exp:
      return launch(elementary_kernel<Elementary::exp>, geometry, stream, p);
    case Elementary::log:
      return launch(elementary_kernel<Elementary::log>, geometry, stream, p);
    case Elementary::sigmoid:
      return launch(elementary_kernel<Elementary::sigmoid>, geometry, stream, p);
    case Elementary::exp_unfused:
      return launch(elementary_kernel<Elementary::exp_unfused>, geometry, stream, p);
  }
}

}  // namespace hone::cuda
