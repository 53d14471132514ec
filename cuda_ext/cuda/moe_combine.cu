// Rows to the experts and back (definitions in cpu/moe.h): copies by order, out = chain of fma(weight, y, .) over
// the chosen experts ascending from 0, then + shared; and the gradients of both. Bound: memory; 8 bytes a number
// gathered, 4 (k + 1) a number combined.
#include "cuda_ext/cuda/moe.h"
#include "cuda_ext/cuda/rows.cuh"

namespace hone::cuda {
namespace {

template <int W>
__global__ void __launch_bounds__(kThreads) gather_kernel(GatherParams p) {
  const Element<W> e(p.rows, p.width);
  if (!e.inside) return;
  const int64_t t = p.order[e.t] / int(p.top_k);
  store<W>(p.out + e.t * p.out_stride + e.i, load<W>(p.x + t * p.x_stride + e.i));
}

template <int W>
__global__ void __launch_bounds__(kThreads)
    gather_backward_kernel(cpu::GatherBackwardParams p, int64_t tokens) {
  const Element<W> e(tokens, p.width);
  if (!e.inside) return;
  const int32_t* rows = p.inverse + e.t * p.top_k;
  float* dx = p.dx + e.t * p.dx_stride + e.i;
  Vec<W> gradient = load<W>(dx);
#pragma unroll 4
  for (int slot = 0; slot < p.top_k; ++slot)
    gradient = map<W>([](float a, float b) { return a + b; }, gradient,
                      load<W>(p.dy + rows[slot] * p.dy_stride + e.i));
  store<W>(dx, gradient);
}

template <int W>
__global__ void __launch_bounds__(kThreads) combine_kernel(cpu::CombineParams p, int64_t tokens) {
  const Element<W> e(tokens, p.width);
  if (!e.inside) return;
  const int32_t* rows = p.inverse + e.t * p.top_k;
  const float* weights = p.weights + e.t * p.top_k;
  Vec<W> out{};
#pragma unroll 4
  for (int slot = 0; slot < p.top_k; ++slot) {
    const float weight = weights[slot];
    out = map<W>([=](float y, float sum) { return fma(weight, y, sum); },
                 load<W>(p.y + rows[slot] * p.y_stride + e.i), out);
  }
  if (p.shared)
    out =
        map<W>([](float a, float b) { return a + b; }, out, load<W>(p.shared + e.t * p.shared_stride + e.i));
  store<W>(p.out + e.t * p.out_stride + e.i, out);
}

/// dy = weight * dout, dweight = row sum of dout y; a half-warp a row. A lane reads y before it writes dy there.
__global__ void __launch_bounds__(kThreads)
    combine_backward_kernel(cpu::CombineBackwardParams p, int64_t rows) {
  const HalfWarp half;
  const int64_t r = half_warp_row();
  if (r >= rows) return;
  const int64_t to = p.inverse[r];
  const float *dout = p.dout + unsigned(r) / unsigned(p.top_k) * p.dout_stride, *y = p.y + to * p.y_stride;
  float *dy = p.dy + to * p.dy_stride, partial = 0;
  const float weight = p.weights[r];
#pragma unroll 4
  for (int64_t k = half.lane; k < p.width; k += kLanes) {
    const float d = dout[k];
    partial = fma(d, y[k], partial);
    dy[k] = weight * d;
  }
  const float sum = tree_sum(partial, half);
  if (half.lane == 0) p.dweights[r] = sum;
}

}  // namespace

void gather_rows(const GatherParams& p, Stream stream) {
  launch_elements(gather_kernel<4>, gather_kernel<1>,
                  in_fours(p.x, p.x_stride) && in_fours(p.out, p.out_stride), p.rows, p.width, stream, p);
}

void gather_rows_backward(const cpu::GatherBackwardParams& p, int64_t tokens, Stream stream) {
  const bool fours = p.width % 4 == 0 && in_fours(p.dy, p.dy_stride) && in_fours(p.dx, p.dx_stride);
  launch(fours ? gather_backward_kernel<4> : gather_backward_kernel<1>,
         elements(tokens, p.width, fours ? 4 : 1), stream, p, tokens);
}

void combine(const cpu::CombineParams& p, int64_t tokens, Stream stream) {
  const bool fours = p.width % 4 == 0 && in_fours(p.y, p.y_stride) && in_fours(p.out, p.out_stride) &&
                     in_fours(p.shared, p.shared_stride);
  launch(fours ? combine_kernel<4> : combine_kernel<1>, elements(tokens, p.width, fours ? 4 : 1), stream, p,
         tokens);
}

void combine_backward(const cpu::CombineBackwardParams& p, int64_t tokens, Stream stream) {
  const int64_t rows = tokens * p.top_k;
  launch(combine_backward_kernel, {ceil_div(rows, kRowsOfBlock), kThreads}, stream, p, rows);
}

}  // namespace hone::cuda
