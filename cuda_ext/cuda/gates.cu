// Elementwise operators on rows (definitions in cpu/rows.h): add, SwiGLU and its clamped form, clamps, gates.
// Bound: memory; 12 bytes a number for add, swiglu and clamp_backward, 20 for swiglu_backward, 8 for clamp.
#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/rows.h"

namespace hone::cuda {
namespace {

template <int W>
__global__ void __launch_bounds__(kThreads) add_kernel(AddParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  float* y = row(p.y, e.t) + e.i;
  store<W>(y, map<W>([](float a, float b) { return a + b; }, load<W>(y), load<W>(row(p.x, e.t) + e.i)));
}

template <int W>
__global__ void __launch_bounds__(kThreads) swiglu_kernel(SwiGluParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  const float* gate = row(p.gate_up, e.t) + e.i;
  store<W>(row(p.out, e.t) + e.i, map<W>([](float g, float u) { return g * sigmoid(g) * u; }, load<W>(gate),
                                         load<W>(gate + p.size)));
}

template <int W>
__global__ void __launch_bounds__(kThreads) swiglu_backward_kernel(SwiGluBackwardParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  const float* gate = row(p.gate_up, e.t) + e.i;
  const Vec<W> g = load<W>(gate), u = load<W>(gate + p.size), d = load<W>(row(p.dout, e.t) + e.i);
  Vec<W> dgate, dup;
#pragma unroll
  for (int i = 0; i < W; ++i) {
    const float s = sigmoid(g.v[i]);
    dgate.v[i] = (d.v[i] * u.v[i]) * (s * fma(g.v[i], 1.0f - s, 1.0f));
    dup.v[i] = d.v[i] * (g.v[i] * s);
  }
  float* to = row(p.dgate_up, e.t) + e.i;
  store<W>(to, dgate);
  store<W>(to + p.size, dup);
}

__device__ inline float clamped(float x, float limit) { return max(min(x, limit), -limit); }
/// d where x is within the limit, else 0.
__device__ inline float where_within(float x, float limit, float d) {
  return x <= limit && -limit <= x ? d : 0.0f;
}

__global__ void __launch_bounds__(kThreads) clamped_swiglu_kernel(SwiGluParams p, cpu::ClampedSwiGlu c) {
  const Element<1> e(p.rows, p.size);
  if (!e.inside) return;
  const float* pair = row(p.gate_up, e.t) + 2 * e.i;
  const float g = min(pair[0], c.limit), u = clamped(pair[1], c.limit);
  row(p.out, e.t)[e.i] = (g * sigmoid(c.alpha * g)) * (u + 1.0f);
}

__global__ void __launch_bounds__(kThreads)
    clamped_swiglu_backward_kernel(SwiGluBackwardParams p, cpu::ClampedSwiGlu c) {
  const Element<1> e(p.rows, p.size);
  if (!e.inside) return;
  const float* pair = row(p.gate_up, e.t) + 2 * e.i;
  const float gate = pair[0], up = pair[1], d = row(p.dout, e.t)[e.i];
  const float g = min(gate, c.limit), u = clamped(up, c.limit);
  const float ag = c.alpha * g, s = sigmoid(ag);
  const float dgate = (d * (u + 1.0f)) * (s * fma(ag, 1.0f - s, 1.0f)), dup = d * (g * s);
  float* to = row(p.dgate_up, e.t) + 2 * e.i;
  to[0] = gate <= c.limit ? dgate : 0.0f;
  to[1] = where_within(up, c.limit, dup);
}

template <int W>
__global__ void __launch_bounds__(kThreads) clamp_kernel(ClampParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  store<W>(row(p.out, e.t) + e.i,
           map<W>([=](float x) { return clamped(x, p.limit); }, load<W>(row(p.x, e.t) + e.i)));
}

template <int W>
__global__ void __launch_bounds__(kThreads) clamp_backward_kernel(ClampParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  float* dx = row(p.out, e.t) + e.i;
  store<W>(dx, map<W>([=](float x, float d) { return where_within(x, p.limit, d); },
                      load<W>(row(p.x, e.t) + e.i), load<W>(dx)));
}

template <int W>
__global__ void __launch_bounds__(kThreads) sigmoid_gate_kernel(SigmoidGateParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  const float s = sigmoid(p.gate[e.t * p.gate_stride]);
  store<W>(row(p.out, e.t) + e.i, map<W>([=](float y) { return s * y; }, load<W>(row(p.y, e.t) + e.i)));
}

/// dgate = tree(chains of fma(dout, y, .)) * (s * (1 - s)); a half-warp a row.
__global__ void __launch_bounds__(kThreads) sigmoid_gate_backward_kernel(SigmoidGateBackwardParams p) {
  const HalfWarp half;
  const int64_t t = half_warp_row();
  if (t >= p.rows) return;
  const float s = sigmoid(p.gate[t * p.gate_stride]);
  const float *dout = row(p.dout, t), *y = row(p.y, t);
  float *dy = row(p.dy, t), partial = 0;
#pragma unroll 4
  for (int64_t k = half.lane; k < p.size; k += kLanes) {
    const float d = dout[k];
    partial = fma(d, y[k], partial);
    dy[k] = s * d;
  }
  const float sum = tree_sum(partial, half);
  if (half.lane == 0) p.dgate[t * p.dgate_stride] = sum * (s * (1.0f - s));
}

}  // namespace

void add(const AddParams& p, Stream stream) {
  launch_elements(add_kernel<4>, add_kernel<1>, in_fours(p.y) && in_fours(p.x), p.rows, p.size, stream, p);
}

void swiglu(const SwiGluParams& p, Stream stream) {
  launch_elements(swiglu_kernel<4>, swiglu_kernel<1>, in_fours(p.out) && in_fours(p.gate_up), p.rows, p.size,
                  stream, p);
}

void swiglu_backward(const SwiGluBackwardParams& p, Stream stream) {
  launch_elements(swiglu_backward_kernel<4>, swiglu_backward_kernel<1>,
                  in_fours(p.dgate_up) && in_fours(p.gate_up) && in_fours(p.dout), p.rows, p.size, stream, p);
}

void clamped_swiglu(const SwiGluParams& p, cpu::ClampedSwiGlu c, Stream stream) {
  launch(clamped_swiglu_kernel, elements(p.rows, p.size, 1), stream, p, c);
}

void clamped_swiglu_backward(const SwiGluBackwardParams& p, cpu::ClampedSwiGlu c, Stream stream) {
  launch(clamped_swiglu_backward_kernel, elements(p.rows, p.size, 1), stream, p, c);
}

void clamp(const ClampParams& p, Stream stream) {
  launch_elements(clamp_kernel<4>, clamp_kernel<1>, in_fours(p.out) && in_fours(p.x), p.rows, p.size, stream,
                  p);
}

void clamp_backward(const ClampParams& p, Stream stream) {
  launch_elements(clamp_backward_kernel<4>, clamp_backward_kernel<1>, in_fours(p.out) && in_fours(p.x),
                  p.rows, p.size, stream, p);
}

void sigmoid_gate(const SigmoidGateParams& p, Stream stream) {
  launch_elements(sigmoid_gate_kernel<4>, sigmoid_gate_kernel<1>, in_fours(p.out) && in_fours(p.y), p.rows,
                  p.size, stream, p);
}

void sigmoid_gate_backward(const SigmoidGateBackwardParams& p, Stream stream) {
  launch(sigmoid_gate_backward_kernel, {ceil_div(p.rows, kRowsOfBlock), kThreads}, stream, p);
}

}  // namespace hone::cuda
