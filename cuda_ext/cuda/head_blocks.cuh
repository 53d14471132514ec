// One block of a row's ids: its maximum and sums, by a half-warp, and how a row's chain takes it up; definition in
// cpu/lm_head.h.
#pragma once

#include "cuda_ext/cuda/lm_head.h"
#include "cuda_ext/cuda/rows.cuh"

namespace hone::cuda {

inline constexpr int kHeadBlock = int(cpu::kHeadBlock);
inline constexpr int kOfLane = kHeadBlock / kLanes;  // ids

/// Maximum and sums of exp(z - m) (z = logit * scale) of n ids; a lane keeps its z in registers.
template <bool with_entropy>
__device__ inline HeadPart score_block(const float* logits, int n, float scale, const HalfWarp& half) {
  float z[kOfLane], largest = kMinusInfinity;
#pragma unroll
  for (int i = 0; i < kOfLane; ++i) {
    const int k = half.lane + i * kLanes;
    z[i] = k < n ? logits[k] * scale : kMinusInfinity;
    if (k < n) largest = max(largest, z[i]);
  }
  const float m = tree_max(largest, half);
  float sum = 0, weighted = 0;
  if (m != kMinusInfinity) {
#pragma unroll
    for (int i = 0; i < kOfLane; ++i) {
      if (half.lane + i * kLanes >= n) continue;
      const float d = z[i] - m, e = exp(d);
      sum = sum + e;
      if (with_entropy) weighted = fma(e, d, weighted);
    }
  }
  return {m, tree_sum(sum, half), with_entropy ? tree_sum(weighted, half) : 0.0f, kMinusInfinity, 0, 0};
}

/// The chain over blocks.
template <bool with_entropy>
__device__ inline void take_up(cpu::HeadSum& sum_, const HeadPart& part) {
  const float m = part.max, s = part.sum, w = part.weighted;
  if (m == kMinusInfinity) return;
  if (sum_.max == kMinusInfinity) {
    sum_.max = m, sum_.sum = s, sum_.weighted = w;
  } else if (m <= sum_.max) {
    const float d = m - sum_.max, c = exp(d);
    sum_.sum = sum_.sum + s * c;
    if (with_entropy) sum_.weighted = sum_.weighted + (w + s * d) * c;
  } else {
    const float d = sum_.max - m, c = exp(d);
    if (with_entropy) sum_.weighted = (sum_.weighted + sum_.sum * d) * c + w;
    sum_.sum = sum_.sum * c + s;
    sum_.max = m;
  }
}

/// The part of (row, block): half-warps take blocks of one row, then the next row; the part of block b is at
/// parts[b * rows + row], where neighbouring rows' chains find it side by side.
struct PartPlace {
  int64_t row, block;
  bool inside;

  __device__ PartPlace(int64_t rows, int64_t num_ids) {
    const unsigned blocks = unsigned((num_ids + kHeadBlock - 1) / kHeadBlock);
    const unsigned i = blockIdx.x * unsigned(kRowsOfBlock) + threadIdx.x / kLanes;
    row = i / blocks, block = i % blocks, inside = row < rows;
  }
};
inline Geometry part_geometry(int64_t rows, int64_t num_ids) {
  return {ceil_div(head_parts(rows, num_ids), kRowsOfBlock), kThreads};
}

}  // namespace hone::cuda
