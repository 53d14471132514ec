// What the tiles of gemm.h share: which product and which part of it a block computes, and how operands come into
// shared memory by asynchronous copies that any strides allow.
#pragma once

#include <cuda_pipeline_primitives.h>

#include "cuda_ext/cuda/gemm.h"
#include "cuda_ext/cuda/lanes.cuh"
#include "cuda_ext/cuda/launch.cuh"

namespace hone::cuda {

/// How an operand [rows, k] is copied.
enum class Copies {
  fours_along_k,     // 16 bytes of a row
  along_k,           // 4 bytes, neighbours in k by neighbouring threads
  fours_along_rows,  // 16 bytes of four rows
  along_rows
};
struct CopyKinds {
  Copies a, b;
};

/// Rows are A's rows or B's columns. rows_move: groups begin at any row.
inline Copies copies_of(const float* data, int64_t row, int64_t k, int64_t batch, int64_t rows,
                        bool rows_move) {
  const bool fours = in_fours(data, batch);
  if (k == 1) return fours && row % 4 == 0 ? Copies::fours_along_k : Copies::along_k;
  if (row == 1) {
    return fours && k % 4 == 0 && rows % 4 == 0 && !rows_move ? Copies::fours_along_rows : Copies::along_rows;
  }
  return Copies::along_k;
}
inline CopyKinds copy_kinds(const GemmParams& p) {
  // Groups of depth begin at any k: sixteen bytes of a row may not be aligned there.
  const auto kind = [&](Copies c) {
    return p.grouped == Grouped::depth && c == Copies::fours_along_k ? Copies::along_k : c;
  };
  return {kind(copies_of(p.a, p.a_row, p.a_k, p.a_batch, p.m, p.grouped == Grouped::rows)),
          kind(copies_of(p.b, p.b_col, p.b_k, p.b_batch, p.n, false))};
}

/// The rows or columns of one operand that a block needs.
template <class T>
struct OperandOf {
  const T* data;   // of the block's first row
  int64_t row, k;  // strides
  int rows;        // that exist
};
using Operand = OperandOf<float>;

/// What a block computes: rows [0, rows) and columns [0, cols) from c on.
template <class B>
struct WorkOf {
  Operand a;
  OperandOf<B> b;
  float* c;
  const float* bias;  // of the first column, or null
  int rows, cols;     // 0: nothing to do
  int64_t depth;
};
using Work = WorkOf<float>;

/// Blocks of a grid: tiles of rows, then of columns, then products.
template <class B>
int64_t row_tiles(const GemmParamsOf<B>& p, int tile) {
  if (p.grouped != Grouped::rows) return ceil_div(p.m, tile);
  return p.m / tile + (p.batch < p.m ? p.batch : p.m);  // as many as there can be
}
template <class B>
int64_t gemm_blocks(const GemmParamsOf<B>& p, int tile_rows, int tile_cols) {
  return row_tiles(p, tile_rows) * ceil_div(p.n, tile_cols) * (p.grouped == Grouped::rows ? 1 : p.batch);
}

/// Tile number `tile` of rows that are grouped: its product and its rows; product -1: there are fewer tiles. A
/// whole warp calls it: lanes look at 32 products at a time.
struct RowTile {
  int64_t product, begin, end;
};
template <class B>
__device__ inline RowTile find_row_tile(const GemmParamsOf<B>& p, int64_t tile, int tile_rows) {
  const int lane = int(threadIdx.x) % 32;
  int64_t before = 0;
  for (int64_t first = 0; first < p.batch; first += 32) {
    const int64_t e = first + lane;
    const int64_t begin = e < p.batch ? p.offsets[e] : 0, end = e < p.batch ? p.offsets[e + 1] : 0;
    const int tiles = int((end - begin + tile_rows - 1) / tile_rows);
    int through = tiles;
    for (int step = 1; step < 32; step *= 2) {
      const int left = __shfl_up_sync(0xFFFFFFFFu, through, step);
      if (lane >= step) through += left;
    }
    const unsigned hits = __ballot_sync(0xFFFFFFFFu, tile < before + through);
    if (hits) {
      const int hit = __ffs(int(hits)) - 1;
      const int64_t row = begin + (tile - before - (through - tiles)) * tile_rows;
      return {first + hit, __shfl_sync(0xFFFFFFFFu, row, hit), __shfl_sync(0xFFFFFFFFu, end, hit)};
    }
    before += __shfl_sync(0xFFFFFFFFu, through, 31);
  }
  return {-1, 0, 0};
}

template <class T>
__device__ inline int at_most(T value, int limit) {
  return int(value < limit ? value : limit);
}

template <class B>
__device__ inline WorkOf<B> find_work(const GemmParamsOf<B>& p, int64_t tiles_of_rows, int tile_rows,
                                      int tile_cols) {
  const int64_t tiles_of_cols = (p.n + tile_cols - 1) / tile_cols;
  const int64_t tile = blockIdx.x % tiles_of_rows, rest = blockIdx.x / tiles_of_rows;
  const int64_t col = rest % tiles_of_cols * tile_cols;
  int64_t product = rest / tiles_of_cols, row = tile * tile_rows, end = p.m, first_link = 0, depth = p.k;
  if (p.grouped == Grouped::rows) {
    const RowTile t = find_row_tile(p, tile, tile_rows);
    if (t.product < 0) return {};
    product = t.product, row = t.begin, end = t.end;
  } else if (p.grouped == Grouped::depth) {
    first_link = p.offsets[product], depth = p.offsets[product + 1] - first_link;
  }
  const int rows = at_most(end - row, tile_rows), cols = at_most(p.n - col, tile_cols);
  return {.a = {p.a + product * p.a_batch + row * p.a_row + first_link * p.a_k, p.a_row, p.a_k, rows},
          .b = {p.b + product * p.b_batch + col * p.b_col + first_link * p.b_k, p.b_col, p.b_k, cols},
          .c = p.c + product * p.c_batch + row * p.c_row + col,
          .bias = p.bias ? p.bias + product * p.bias_batch + col : nullptr,
          .rows = rows,
          .cols = cols,
          .depth = depth};
}

}  // namespace hone::cuda
