// RMSNorm, forward:  rstd = 1 / sqrt(tree(a) / K + eps),  y = (x * rstd) * weight, where a[i] is the chain of
// fma(x[k], x[k], .) over k = i, i + 16, ... from 0. Bound: memory, 4 bytes read and 4 written a number.
#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/rows.h"

namespace hone::cuda {
namespace {

__device__ inline float rstd_of(float sum, const cpu::RmsNormParams& p) {
  return 1.0f / sqrtf(sum / float(p.size) + p.eps);
}

/// A half-warp a row: many short rows.
__global__ void __launch_bounds__(kThreads) rms_norm_short(cpu::RmsNormParams p, int64_t rows) {
  const HalfWarp half;
  const int64_t r = half_warp_row();
  if (r >= rows) return;
  const float* x = row(p.x, r, p.heads);
  float* y = row(p.y, r, p.heads);
  float a = 0;
#pragma unroll 8
  for (int64_t k = half.lane; k < p.size; k += kLanes) a = fma(x[k], x[k], a);
  const float rstd = rstd_of(tree_sum(a, half), p);
  if (half.lane == 0) *row(p.rstd, r, p.heads) = rstd;
#pragma unroll 8
  for (int64_t k = half.lane; k < p.size; k += kLanes) y[k] = x[k] * rstd * p.weight[k];
}

/// A block a row, which comes to shared memory first: few long rows, read once, with as many loads in flight
/// as there are threads.
template <int W>
__global__ void __launch_bounds__(kThreads) rms_norm_long(cpu::RmsNormParams p) {
  float* x = &shared_memory<float>();  // [K], then rstd
  const float* from = row(p.x, blockIdx.x, p.heads);
  const int size = int(p.size);
  for (int k = int(threadIdx.x) * W; k < size; k += int(kThreads) * W) store<W>(x + k, load<W>(from + k));
  __syncthreads();
  if (threadIdx.x < kLanes) {
    const HalfWarp half;
    float a = 0;
#pragma unroll 8
    for (int k = half.lane; k < size; k += kLanes) a = fma(x[k], x[k], a);
    const float rstd = rstd_of(tree_sum(a, half), p);
    if (half.lane == 0) *row(p.rstd, blockIdx.x, p.heads) = x[size] = rstd;
  }
  __syncthreads();
  const float rstd = x[size];
  float* y = row(p.y, blockIdx.x, p.heads);
  for (int k = int(threadIdx.x) * W; k < size; k += int(kThreads) * W)
    store<W>(y + k,
             map<W>([=](float v, float w) { return v * rstd * w; }, load<W>(x + k), load<W>(p.weight + k)));
}

}  // namespace

void rms_norm(const cpu::RmsNormParams& p, int64_t rows, Stream stream) {
  const int64_t shared = (p.size + 4) * int64_t(sizeof(float));
  if (p.size < kLongRow || shared > kSharedWithoutAsking * 3)
    return launch(rms_norm_short, {ceil_div(rows, kRowsOfBlock), kThreads}, stream, p, rows);
  const bool fours = p.size % 4 == 0 && in_fours(p.x) && in_fours(p.y) && in_fours(p.weight);
  launch(fours ? rms_norm_long<4> : rms_norm_long<1>, {rows, kThreads, shared}, stream, p);
}

}  // namespace hone::cuda
