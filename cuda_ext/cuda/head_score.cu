// Scores of the head: blocks of 512 ids side by side, a chain a row over them, log-probability and entropy from
// its end, and the gradient on the logits. Bound: memory, 4 bytes read a logit (gradient: 8), and about 30
// instructions for its exp.
#include "cuda_ext/cuda/head_blocks.cuh"

namespace hone::cuda {
namespace {

__global__ void __launch_bounds__(kThreads)
    score_blocks(cpu::HeadScoreParams p, int64_t rows, HeadPart* parts) {
  const HalfWarp half;
  const PartPlace at(rows, p.num_ids);
  if (!at.inside) return;
  const int64_t first = at.block * kHeadBlock, left = p.num_ids - first;
  const HeadPart part = score_block<true>(p.logits + at.row * p.stride + first,
                                          int(left < kHeadBlock ? left : kHeadBlock), p.scale, half);
  if (half.lane == 0) parts[at.block * rows + at.row] = part;
}

/// A thread a row.
__global__ void __launch_bounds__(kThreads)
    score_chain(cpu::HeadScoreParams p, int64_t rows, const HeadPart* parts) {
  const int64_t r = int64_t(blockIdx.x) * kThreads + threadIdx.x;
  if (r >= rows) return;
  cpu::HeadSum sum = p.sums[r];
#pragma unroll 4
  for (int64_t b = 0; b * kHeadBlock < p.num_ids; ++b) take_up<true>(sum, parts[b * rows + r]);
  p.sums[r] = sum;
  const int64_t target = p.targets[r] - p.first_id;
  if (target >= 0 && target < p.num_ids) p.z[r] = p.logits[r * p.stride + target] * p.scale;
}

__global__ void __launch_bounds__(kThreads) finish_kernel(cpu::HeadFinishParams p, int64_t rows) {
  const int64_t r = int64_t(blockIdx.x) * kThreads + threadIdx.x;
  if (r >= rows) return;
  const float log_sum = log(p.sums[r].sum), lse = p.sums[r].max + log_sum;
  p.logprobs[r] = p.z[r] - lse;
  if (p.lse) p.lse[r] = lse;
  if (p.entropy) p.entropy[r] = log_sum - p.sums[r].weighted / p.sums[r].sum;
}

template <int W>
__global__ void __launch_bounds__(kThreads) gradient_kernel(cpu::HeadGradientParams p, int64_t rows) {
  const Element<W> e(rows, p.num_ids);
  if (!e.inside) return;
  float* logits = p.logits_ + e.t * p.stride + e.i;
  const float lse = p.lse[e.t], c = p.dlogprobs[e.t] * p.scale;
  const int target = p.targets[e.t] - int(p.first_id + e.i);
  Vec<W> d = load<W>(logits);
#pragma unroll
  for (int i = 0; i < W; ++i) d.v[i] = c * ((i == target ? 1.0f : 0.0f) - exp(d.v[i] * p.scale - lse));
  store<W>(logits, d);
}

}  // namespace

int64_t head_parts(int64_t rows, int64_t num_ids) { return rows * ceil_div(num_ids, kHeadBlock); }

void head_score(const cpu::HeadScoreParams& p, int64_t rows, HeadPart* parts, Stream stream) {
  launch(score_blocks, part_geometry(rows, p.num_ids), stream, p, rows, parts);
  launch(score_chain, {ceil_div(rows, kThreads), kThreads}, stream, p, rows, parts);
}

void head_finish(const cpu::HeadFinishParams& p, int64_t rows, Stream stream) {
  launch(finish_kernel, {ceil_div(rows, kThreads), kThreads}, stream, p, rows);
}

void head_gradient(const cpu::HeadGradientParams& p, int64_t rows, Stream stream) {
  const bool fours = p.num_ids % 4 == 0 && in_fours(p.logits_, p.stride);
  launch(fours ? gradient_kernel<4> : gradient_kernel<1>, elements(rows, p.num_ids, fours ? 4 : 1), stream, p,
         rows);
}

}  // namespace hone::cuda
