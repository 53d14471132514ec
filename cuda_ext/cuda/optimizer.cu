// AdamW in one pass, and sums of squares. With g = gradient * gradient_scale:
//   m = fma(beta1, m, one_minus_beta1 * g);  v = fma(beta2, v, (one_minus_beta2 * g) * g)
//   w = fma(-step_size, m / (sqrt(v) / root_correction2 + epsilon), w * decay)
// Bound: memory, 28 bytes an element. Sum of squares: sixteen chains of fma(x, x, .) and the tree for each
// block of 4096 elements (4 bytes an element), then one chain in double over the blocks.
#include "cuda_ext/cuda/lanes.cuh"
#include "cuda_ext/cuda/launch.cuh"
#include "cuda_ext/cuda/optimizer.h"

namespace hone::cuda {
namespace {

constexpr unsigned kThreads = 256;
constexpr int kWarp = 32;

__device__ inline void step(const cpu::AdamWParams& p, float gradient, float& m_, float& v_, float& w_) {
  const float g = gradient * p.gradient_scale;
  m_ = fma(p.beta1, m_, p.one_minus_beta1 * g);
  v_ = fma(p.beta2, v_, (p.one_minus_beta2 * g) * g);
  const float divisor = sqrtf(v_) / p.root_correction2 + p.epsilon;
  w_ = fma(-p.step_size, m_ / divisor, w_ * p.decay);
}

template <int W>
__global__ void __launch_bounds__(kThreads) adamw_kernel(cpu::AdamWParams p, int64_t n) {
  const int64_t i = (int64_t(blockIdx.x) * kThreads + threadIdx.x) * W;
  if (i >= n) return;
  const Vec<W> g = load<W>(p.gradient + i);
  Vec<W> m = load<W>(p.moment1 + i), v = load<W>(p.moment2 + i), w = load<W>(p.weights + i);
#pragma unroll
  for (int j = 0; j < W; ++j) step(p, g.v[j], m.v[j], v.v[j], w.v[j]);
  store<W>(p.moment1 + i, m);
  store<W>(p.moment2 + i, v);
  store<W>(p.weights + i, w);
}

/// A half-warp a block of elements.
__global__ void __launch_bounds__(kThreads) squares_kernel(cpu::SquaresParams p, int64_t blocks) {
  const HalfWarp half;
  const int64_t b = int64_t(blockIdx.x) * (kThreads / kLanes) + threadIdx.x / kLanes;
  if (b >= blocks) return;
  const int64_t first = b * cpu::kSquaresBlock;
  const int64_t last = first + cpu::kSquaresBlock < p.n ? first + cpu::kSquaresBlock : p.n;
  float partial = 0;
#pragma unroll 16
  for (int64_t i = first + half.lane; i < last; i += kLanes) partial = fma(p.x[i], p.x[i], partial);
  const float sum = tree_sum(partial, half);
  if (half.lane == 0) p.sums[b] = sum;
}

/// One warp: it loads side by side and adds one after the other.
__global__ void __launch_bounds__(kWarp) add_sums_kernel(AddSumsParams p) {
  double total = *p.total;
  const int lane = int(threadIdx.x);
  float next = lane < p.n ? p.sums[lane] : 0.0f;
  for (int64_t first = 0; first < p.n; first += kWarp) {
    const float sums = next;
    const int64_t ahead = first + kWarp + lane;
    next = ahead < p.n ? p.sums[ahead] : 0.0f;
    const int count = int(p.n - first < kWarp ? p.n - first : kWarp);
    for (int i = 0; i < count; ++i) total = total + double(__shfl_sync(0xFFFFFFFFu, sums, i));
  }
  if (lane == 0) *p.total = total;
}

}  // namespace

void adamw(const cpu::AdamWParams& p, int64_t n, Stream stream) {
  const bool fours =
      n % 4 == 0 && in_fours(p.weights) && in_fours(p.moment1) && in_fours(p.moment2) && in_fours(p.gradient);
  launch(fours ? adamw_kernel<4> : adamw_kernel<1>, {ceil_div(n, kThreads * (fours ? 4 : 1)), kThreads},
         stream, p, n);
}

void sum_of_squares(const cpu::SquaresParams& p, Stream stream) {
  const int64_t blocks = ceil_div(p.n, cpu::kSquaresBlock);
  launch(squares_kernel, {ceil_div(blocks, kThreads / kLanes), kThreads}, stream, p, blocks);
}

void add_sums(const AddSumsParams& p, Stream stream) { launch(add_sums_kernel, {1, kWarp}, stream, p); }

}  // namespace hone::cuda
