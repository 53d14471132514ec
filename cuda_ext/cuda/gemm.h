// The one exact matrix product on a GPU, as cpu/gemm.h defines it: C[i,j] = a chain of fma over k ascending, from
// 0 or from what C holds, bias added last. One product, a batch of them, or one for each expert: rows of A and C
// (forward, input gradient) or links of the chains (weight gradient) divided by offsets that stay on the device.
// Linear layers are this product with weights as they lie: nothing is packed, split or padded. Pointers are on
// the device.
#pragma once

#include <cstdint>

#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

enum class Grouped {
  none,
  rows,  // product e has rows [offsets[e], offsets[e + 1]) of A and C; m is the number of all rows
  depth  // product e has links [offsets[e], offsets[e + 1]) of A's and B's k; k is the number of all
};

/// Product b reads A[i,k] = a[b a_batch + i a_row + k a_k] and B[k,j] = b[b b_batch + k b_k + j b_col], at any
/// strides. Products must not overlap in C. Where rows are grouped a_batch and c_batch are 0.
template <class B>
struct GemmParamsOf {
  const float* a = nullptr;  // [batch, m, k]
  int64_t a_row = 0, a_k = 1, a_batch = 0;
  const B* b = nullptr;  // [batch, k, n]
  int64_t b_k = 1, b_col = 0, b_batch = 0;
  float* c = nullptr;  // [batch, m, n], written; columns are contiguous
  int64_t c_row = 0, c_batch = 0;
  const float* bias = nullptr;  // [batch, n] or null
  int64_t bias_batch = 0;
  int64_t m = 0, n = 0, k = 0, batch = 1;
  bool accumulate = false;  // the chains start from C
  Grouped grouped = Grouped::none;
  const int64_t* offsets = nullptr;  // [batch + 1], on the device
};
using GemmParams = GemmParamsOf<float>;

inline constexpr int64_t kMultiprocessors = 132;  // of an H100: what blocks should be enough for

/// Tiles of side x side outputs.
template <class B>
int64_t square_tiles(const GemmParamsOf<B>& p, int64_t side) {
  const int64_t down = (p.m + side - 1) / side, across = (p.n + side - 1) / side;
  return down * across * (p.grouped == Grouped::rows ? 1 : p.batch);
}

/// Chooses a tile by the shape; each gives the same bits.
void gemm(const GemmParams& p, Stream stream);

/// The tiles: 128x128 and 64x64 outputs for much work, and 4 R rows of 32 outputs, R = 1, 2, 4 or 8, for few rows.
void gemm_128(const GemmParams& p, Stream stream);
void gemm_64(const GemmParams& p, Stream stream);
void gemm_thin(const GemmParams& p, int rows_per_thread, Stream stream);

}  // namespace hone::cuda
