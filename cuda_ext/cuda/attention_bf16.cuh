// What the attention kernels over pages of bfloat16 share: rows of q and dout rounded on their way to shared memory,
// slices of keys and values by asynchronous copies, and the operands of the tensor cores' steps. A block is four
// warps; of a step over four pages each warp makes the scores of one page, and of sums over keys or pairs it owns
// every fourth group of sixteen columns.
//
// The definition is that of cpu/attention.h with steps of sixteen products (gemm_bf16.h) in place of chains: over d
// and e, padded with zeros to sixteen, and over the sixteen keys of a page, of which hidden ones have p = ds = 0. The
// chains over the pairs that see a page are steps of sixteen pairs, begun anew with every segment and padded with
// zeros. q, k, v, dout, p and ds are rounded to bfloat16, to nearest even; all sums, the softmax and l are float32 of
// what is not rounded.
#pragma once

#include "cuda_ext/cuda/attention.cuh"
#include "cuda_ext/cuda/attention_bf16.h"
#include "cuda_ext/cuda/tensor_core.cuh"

namespace hone::cuda {

inline constexpr int kBf16Threads = 128, kBf16Warps = kBf16Threads / 32;
inline constexpr int kBf16HalfWarps = kBf16Threads / kLanes;
inline constexpr int kStep = 16;        // products of a step, pairs and keys of its sides
inline constexpr int kPad = 8;          // numbers that keep eight rows of a matrix in different banks
inline constexpr int kSliceLinks = 64;  // of a chain over d or e in a slice
inline constexpr int kSliceRow = kSliceLinks + kPad;
inline constexpr int kSliceNumbers = kSliceLinks * kSliceRow;  // [64 links or keys][64 + 8]

__host__ __device__ constexpr int whole_steps(int64_t size) {
  return int((size + kStep - 1) / kStep * kStep);
}
/// Numbers from row to row of pairs' rows in shared memory.
__host__ __device__ constexpr int rounded_row(int64_t size) { return whole_steps(size) + kPad; }

/// Links of a slice that begins at `first`, in whole steps.
__device__ inline int links_of_slice(int64_t size, int64_t first) {
  const int left = int(whole_steps(size) - first);
  return left < kSliceLinks ? left : kSliceLinks;
}
__host__ __device__ constexpr int bf16_slices(int64_t size) {
  return int((size + kSliceLinks - 1) / kSliceLinks);
}

/// Whether sixteen bytes at a time may be copied.
struct Bf16Copies {
  bool values, q, dout;
};
inline bool in_eights(const Bf16* data, int64_t page, int64_t row) {
  return reinterpret_cast<uintptr_t>(data) % 16 == 0 && page % 8 == 0 && row % 8 == 0;
}
template <class Params>
Bf16Copies bf16_copies(const Params& p, const HeadRows& dout) {
  check(in_eights(p.keys.k_pages, p.keys.k_page, 0),
        "attention: pages of keys in bfloat16 have to lie at 16 bytes");
  return {.values = in_eights(p.keys.v_pages, p.keys.v_page, p.sizes.value_size),
          .q = rows_in_fours(p.q, p.sizes.key_size),
          .dout = dout.data && rows_in_fours(dout, p.sizes.value_size)};
}

/// Rows of `tile` pairs, rounded, with zeros behind them, into to_ [tile, rounded_row(size)].
__device__ inline void round_rows(Bf16* to_, const Pairs& pairs, int tile, const HeadRows& x, int64_t size,
                                  bool fours) {
  const int row = rounded_row(size), units = whole_steps(size) / 4;
  for (int u = int(threadIdx.x); u < tile * units; u += kBf16Threads) {
    const int r = u / units, d = u % units * 4;
    float four[4] = {};
    if (r < pairs.count) {
      const float* from = pairs.at(x, r) + d;
      if (fours && d + 4 <= size) {
        const Vec<4> v = load<4>(from);
#pragma unroll
        for (int i = 0; i < 4; ++i) four[i] = v.v[i];
      } else {
#pragma unroll
        for (int i = 0; i < 4; ++i)
          if (d + i < size) four[i] = from[i];
      }
    }
    uint32_t* pair = reinterpret_cast<uint32_t*>(to_ + r * row + d);
    pair[0] = to_bf16(four[0], four[1]), pair[1] = to_bf16(four[2], four[3]);
  }
}

/// Eight numbers: a copy of sixteen bytes, or `count` of them one by one with zeros behind.
__device__ inline void copy_eight(Bf16* to, const Bf16* from, int count, bool wide) {
  if (wide && count >= 8) return __pipeline_memcpy_async(to, from, 16);
#pragma unroll 1
  for (int i = 0; i < 8; ++i) to[i] = i < count ? from[i] : Bf16{};
}

/// Links [first, first + 64) of keys [Dk, 16] of the pages of a step into to_ [64, kSliceRow], zeros behind Dk up to
/// whole steps; page(b) is page b's keys or null. Of page b, visible(b) keys are copied, and zeros behind them.
template <class Page, class Visible>
__device__ inline void fetch_key_slice(Bf16* to_, Page page, Visible visible, int64_t size, int64_t first) {
  constexpr int kUnits = kStepKeys / 8;
  const int u = int(threadIdx.x) % kUnits, b = u / 2, key = u % 2 * 8;
  const Bf16* from = page(b);
  if (!from) return;
  const int count = visible(b) - key, links = int(size - first), end = links_of_slice(size, first);
  for (int d = int(threadIdx.x) / kUnits; d < end; d += kBf16Threads / kUnits)
    copy_eight(to_ + d * kSliceRow + 8 * u, from + (first + d) * kPage + key, d < links ? count : 0, true);
}

/// Links [first, first + 64) of values [16, Dv] into to_ [64 keys, kSliceRow], with zeros behind Dv.
template <class Page>
__device__ inline void fetch_value_slice(Bf16* to_, Page page, int64_t size, int64_t first, bool wide) {
  constexpr int kUnits = kSliceLinks / 8;
  const int link = int(threadIdx.x) % kUnits * 8;
  if (first + link >= whole_steps(size)) return;
  for (int key = int(threadIdx.x) / kUnits; key < kStepKeys; key += kBf16Threads / kUnits)
    if (const Bf16* from = page(key / kPage))
      copy_eight(to_ + key * kSliceRow + link, from + key % kPage * size + first + link,
                 int(size - first) - link, wide);
}

// ---- operands of a step: each lane's address of the matrices that it gives -------------------------------------

struct Lane {
  int lane = int(threadIdx.x) % 32, warp = int(threadIdx.x) / 32;
  int line = lane / 4, pair = lane % 4 * 2;  // of a step's sums

  /// A [16, k] stored by rows.
  __device__ void rows(uint32_t (&a)[4], const Bf16* x, int row) const {
    load_matrices<false>(a, x + lane % 16 * row + lane / 16 * 8);
  }
  /// A [16, k] stored by k: the transpose of what lies in memory.
  __device__ void rows_of_columns(uint32_t (&a)[4], const Bf16* x, int row) const {
    load_matrices<true>(a, x + (lane % 8 + lane / 16 * 8) * row + lane / 8 % 2 * 8);
  }
  /// B of two steps, [16 k, 16 columns], stored by k.
  __device__ void columns(uint32_t (&b)[4], const Bf16* x, int row) const {
    load_matrices<true>(b, x + lane % 16 * row + lane / 16 * 8);
  }
  /// B of two steps stored by columns: rows of k.
  __device__ void columns_of_rows(uint32_t (&b)[4], const Bf16* x, int row) const {
    load_matrices<false>(b, x + (lane % 8 + lane / 16 * 8) * row + lane / 8 % 2 * 8);
  }
};

/// Sixteen links of 16 x 16 sums.
__device__ inline void two_steps(float (&sums)[2][4], const uint32_t (&a)[4], const uint32_t (&b)[4]) {
  const uint32_t left[2] = {b[0], b[1]}, right[2] = {b[2], b[3]};
  tensor_core_step(sums[0], a, left);
  tensor_core_step(sums[1], a, right);
}

/// f(row, column, sum) of 16 x 16 sums.
template <class F>
__device__ inline void for_sums(float (&sums)[2][4], const Lane& at, F f) {
#pragma unroll
  for (int half = 0; half < 2; ++half)
#pragma unroll
    for (int i = 0; i < 4; ++i) f(at.line + i / 2 * 8, half * 8 + at.pair + i % 2, sums[half][i]);
}

/// What a tile of P pairs in steps over four pages needs: who sees what.
struct Bf16TileWork : TileWorkOf<Bf16> {
  using TileWorkOf<Bf16>::TileWorkOf;
  /// Keys of a block that the tile's last pair sees: behind them a page holds what was there before.
  __device__ int visible(int block) const {
    const int keys = last_key - (first_block + block) * kPage + 1;
    return keys < kPage ? keys : kPage;
  }
};

}  // namespace hone::cuda
