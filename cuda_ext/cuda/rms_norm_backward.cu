// RMSNorm, backward, with g = weight * dy and b[i] = the chain of fma(g[k], x[k], .) over k = i, i + 16, ...:
//   t = (rstd * rstd) * (tree(b) / K),  dx = rstd * fma(x, -t, g), then + dx if accumulating.
// Bound: memory, 8 bytes read (12 accumulating) and 4 written a number.
#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/rows.h"

namespace hone::cuda {
namespace {

using Params = cpu::RmsNormBackwardParams;

__device__ inline float slope_of(float sum, float rstd, const Params& p) {
  return (rstd * rstd) * (sum / float(p.size));
}

/// A half-warp a row. A lane reads and writes the same numbers, so dx may be dy.
__global__ void __launch_bounds__(kThreads) rms_norm_backward_short(Params p) {
  const HalfWarp half;
  const int64_t r = half_warp_row();
  if (r >= p.rows) return;
  const float *x = row(p.x, r, p.heads), *dy = row(p.dy, r, p.heads);
  float b = 0;
#pragma unroll 8
  for (int64_t k = half.lane; k < p.size; k += kLanes) b = fma(p.weight[k] * dy[k], x[k], b);
  const float rstd = *row(p.rstd, r, p.heads), slope = slope_of(tree_sum(b, half), rstd, p);
  float* dx = row(p.dx, r, p.heads);
#pragma unroll 4
  for (int64_t k = half.lane; k < p.size; k += kLanes) {
    const float d = rstd * fma(x[k], -slope, p.weight[k] * dy[k]);
    dx[k] = p.accumulate ? d + dx[k] : d;
  }
}

/// A block a row: x and g in shared memory.
template <int W>
__global__ void __launch_bounds__(kThreads) rms_norm_backward_long(Params p) {
  const int size = int(p.size), stride = (size + 3) / 4 * 4;
  float *x = &shared_memory<float>(), *g = x + stride;  // [K] each, then the slope
  const float *from = row(p.x, blockIdx.x, p.heads), *dy = row(p.dy, blockIdx.x, p.heads);
  for (int k = int(threadIdx.x) * W; k < size; k += int(kThreads) * W) {
    store<W>(x + k, load<W>(from + k));
    store<W>(g + k, map<W>([](float w, float d) { return w * d; }, load<W>(p.weight + k), load<W>(dy + k)));
  }
  __syncthreads();
  const float rstd = *row(p.rstd, blockIdx.x, p.heads);
  if (threadIdx.x < kLanes) {
    const HalfWarp half;
    float b = 0;
#pragma unroll 8
    for (int k = half.lane; k < size; k += kLanes) b = fma(g[k], x[k], b);
    const float slope = slope_of(tree_sum(b, half), rstd, p);
    if (half.lane == 0) g[stride] = slope;
  }
  __syncthreads();
  const float slope = g[stride];
  float* dx = row(p.dx, blockIdx.x, p.heads);
  for (int k = int(threadIdx.x) * W; k < size; k += int(kThreads) * W) {
    Vec<W> d =
        map<W>([=](float v, float h) { return rstd * fma(v, -slope, h); }, load<W>(x + k), load<W>(g + k));
    if (p.accumulate) d = map<W>([](float a, float b) { return a + b; }, d, load<W>(dx + k));
    store<W>(dx + k, d);
  }
}

}  // namespace

void rms_norm_backward_input(const Params& p, Stream stream) {
  const int64_t shared = (2 * ceil_div(p.size, 4) * 4 + 4) * int64_t(sizeof(float));
  if (p.size < kLongRow || shared > kSharedWithoutAsking * 3)
    return launch(rms_norm_backward_short, {ceil_div(p.rows, kRowsOfBlock), kThreads}, stream, p);
  const bool fours =
      p.size % 4 == 0 && in_fours(p.x) && in_fours(p.dy) && in_fours(p.dx) && in_fours(p.weight);
  launch(fours ? rms_norm_backward_long<4> : rms_norm_backward_long<1>, {p.rows, kThreads, shared}, stream,
         p);
}

}  // namespace hone::cuda
