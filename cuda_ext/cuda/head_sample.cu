// Draws of the head: the largest z + g, g = -log(-log(u)), u = ((word >> 9) + 0.5) / 2^23 of Philox4x32-10; ties to
// the lower id. The draw of a block comes with its sums, that of a row with its chain. The CPU leaves out ids that
// cannot win, which does not show. Bound: about 80 instructions an id.
#include "cuda_ext/cuda/head_blocks.cuh"

namespace hone::cuda {
namespace {

struct Words {
  unsigned w[4];
};
/// Philox4x32-10 of (counter, position, 0, 0).
__device__ inline Words philox(const cpu::HeadDraw& draw, unsigned counter) {
  unsigned lo = draw.key_lo, hi = draw.key_hi, c0 = counter, c1 = draw.position, c2 = 0, c3 = 0;
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    const unsigned a_hi = __umulhi(0xD2511F53u, c0), a_lo = 0xD2511F53u * c0;
    const unsigned b_hi = __umulhi(0xCD9E8D57u, c2), b_lo = 0xCD9E8D57u * c2;
    c0 = b_hi ^ c1 ^ lo, c1 = b_lo, c2 = a_hi ^ c3 ^ hi, c3 = a_lo;
    lo += 0x9E3779B9u, hi += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

__device__ inline float gumbel(unsigned word) {
  const float u = (__uint2float_rn(word >> 9) + 0.5f) * 0x1p-23f;
  return 0.0f - log(0.0f - log(u));
}

/// Takes what beats `part`: a greater value, or the same of a lower id.
__device__ inline void offer(HeadPart& part_, float value, float z, int id) {
  const bool better = value > part_.best || (value == part_.best && id < part_.id);
  if (better && value > kMinusInfinity) part_.best = value, part_.z = z, part_.id = id;
}

/// The best draw of n ids from first_id on, all lanes of them. A lane draws four ids of one counter at a time.
__device__ inline void draw_block(HeadPart& part_, const cpu::HeadDraw& draw, const float* logits, int n,
                                  int first_id, const HalfWarp& half) {
  for (int i = 4 * half.lane; i < n; i += 4 * kLanes) {
    const Words words = draw.greedy ? Words{} : philox(draw, unsigned(first_id + i) / 4);
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      if (i + j >= n) continue;
      const float z = logits[i + j] * draw.scale;
      offer(part_, draw.greedy ? z : z + gumbel(words.w[j]), z, first_id + i + j);
    }
  }
#pragma unroll
  for (int step = 8; step > 0; step /= 2) {
    const float value = __shfl_xor_sync(half.mask, part_.best, step),
                z = __shfl_xor_sync(half.mask, part_.z, step);
    offer(part_, value, z, __shfl_xor_sync(half.mask, part_.id, step));
  }
}

__global__ void __launch_bounds__(kThreads, 2)
    sample_blocks(cpu::HeadSampleParams p, int64_t rows, HeadPart* parts) {
  const HalfWarp half;
  const PartPlace at(rows, p.num_ids);
  if (!at.inside) return;
  const cpu::HeadDraw draw = p.draws[at.row];
  if (draw.skip) return;
  const int64_t first = at.block * kHeadBlock, left = p.num_ids - first;
  const float* logits = p.logits + at.row * p.stride + first;
  const int n = int(left < kHeadBlock ? left : kHeadBlock);
  HeadPart part = score_block<false>(logits, n, draw.scale, half);
  draw_block(part, draw, logits, n, int(p.first_id + first), half);
  if (half.lane == 0) parts[at.block * rows + at.row] = part;
}

/// A thread a row.
__global__ void __launch_bounds__(kThreads)
    sample_chain(cpu::HeadSampleParams p, int64_t rows, const HeadPart* parts) {
  const int64_t r = int64_t(blockIdx.x) * kThreads + threadIdx.x;
  if (r >= rows) return;
  cpu::HeadDraw& draw = p.draws[r];
  if (draw.skip) return;
  cpu::HeadSum sum = p.sums[r];
  float best = draw.best, z = draw.z;
  int32_t id = draw.id;
#pragma unroll 4
  for (int64_t b = 0; b * kHeadBlock < p.num_ids; ++b) {
    const HeadPart part = parts[b * rows + r];
    take_up<false>(sum, part);
    if (part.best > best) best = part.best, z = part.z, id = part.id;
  }
  p.sums[r] = sum;
  draw.best = best, draw.z = z, draw.id = id;
}

__global__ void __launch_bounds__(kThreads) sampled_kernel(HeadSampledParams p) {
  const int64_t i = int64_t(blockIdx.x) * kThreads + threadIdx.x;
  if (i >= p.count || p.draws[i].skip) return;
  const int64_t t = p.rows ? p.rows[i] : i;
  p.ids[t] = p.draws[i].id;
  p.logprobs[t] = p.draws[i].z - (p.sums[i].max + log(p.sums[i].sum));
}

template <int W>
__global__ void __launch_bounds__(kThreads) keep_kernel(HeadKeepParams p) {
  const Element<W> e(p.count, p.num_ids);
  if (!e.inside) return;
  const int64_t r = p.rows[e.t];
  const float scale = p.draws[r].scale;
  store<W>(p.z + e.t * p.vocab_size + p.first_id + e.i,
           map<W>([=](float x) { return x * scale; }, load<W>(p.logits + r * p.stride + e.i)));
}

}  // namespace

void head_sample(const cpu::HeadSampleParams& p, int64_t rows, HeadPart* parts, Stream stream) {
  launch(sample_blocks, part_geometry(rows, p.num_ids), stream, p, rows, parts);
  launch(sample_chain, {ceil_div(rows, kThreads), kThreads}, stream, p, rows, parts);
}

void head_sampled(const HeadSampledParams& p, Stream stream) {
  launch(sampled_kernel, {ceil_div(p.count, kThreads), kThreads}, stream, p);
}

void head_keep(const HeadKeepParams& p, Stream stream) {
  launch_elements(keep_kernel<4>, keep_kernel<1>, in_fours(p.logits, p.stride) && in_fours(p.z, p.vocab_size),
                  p.count, p.num_ids, stream, p);
}

}  // namespace hone::cuda
