// The tile of weight_gradient.h: slices of rows of both operands pass through shared memory as float32 by asynchronous
// copies and are rounded on their way to registers, two rows of a column at a time. Bound: reading shared memory, then
// tensor cores.
#pragma once

#include "cuda_ext/cuda/gemm_bf16_tile.cuh"
#include "cuda_ext/cuda/weight_gradient.h"

namespace hone::cuda {

/// Strides keep the lanes of a warp, eight columns of four pairs of rows, in different banks.
template <class Tile>
struct WeightGradientShared {
  float a[Tile::kStages][Tile::kSlice][Tile::kRows + 4];
  float b[Tile::kStages][Tile::kSlice][Tile::kCols + 4];
};

/// Starts to copy columns [0, columns) of the rows of links [0, count), with zeros for links without a row and behind.
template <class Tile, int kColumns>
__device__ inline void fetch_links(float (&to)[Tile::kSlice][kColumns + 4], const float* from, int64_t row,
                                   const int32_t* links, int64_t first, int count, int columns, bool fours) {
  constexpr int kUnits = kColumns / 4;
#pragma unroll 4
  for (int u = int(threadIdx.x); u < Tile::kSlice * kUnits; u += Tile::kThreads) {
    const int link = u / kUnits, column = u % kUnits * 4;
    if (column >= columns) continue;
    const int64_t t = link >= count ? -1 : links ? links[first + link] : first + link;
    const float* source = from + t * row + column;
    if (t >= 0 && fours && column + 4 <= columns) {
      __pipeline_memcpy_async(&to[link][column], source, 16);
    } else {
#pragma unroll 1
      for (int i = 0; i < 4; ++i) to[link][column + i] = t >= 0 && column + i < columns ? source[i] : 0.0f;
    }
  }
}

/// Sixteen rows of all sums of a warp, from row k of a slice on.
template <class Tile>
__device__ inline void link_step(WarpSums<Tile>& sums, const float (&a)[Tile::kSlice][Tile::kRows + 4],
                                 const float (&b)[Tile::kSlice][Tile::kCols + 4], int k,
                                 const WarpCorner& at) {
  uint32_t cols[Tile::kAcrossSteps][2];
#pragma unroll
  for (int j = 0; j < Tile::kAcrossSteps; ++j)
#pragma unroll
    for (int part = 0; part < 2; ++part) {
      const int row = k + at.pair + 8 * part, col = at.col + j * kStepCols + at.line;
      cols[j][part] = to_bf16(b[row][col], b[row + 1][col]);
    }
#pragma unroll
  for (int i = 0; i < Tile::kDownSteps; ++i) {
    uint32_t rows[4];
#pragma unroll
    for (int part = 0; part < 4; ++part) {
      const int row = k + at.pair + part / 2 * 8, col = at.row + i * kStepRows + at.line + part % 2 * 8;
      rows[part] = to_bf16(a[row][col], a[row + 1][col]);
    }
#pragma unroll
    for (int j = 0; j < Tile::kAcrossSteps; ++j) tensor_core_step(sums[i][j], rows, cols[j]);
  }
}

struct WeightGradientCopies {
  bool a, b;     // sixteen bytes at a time
  bool c_pairs;  // eight
};

/// Blocks are tiles of rows, then of columns, then products.
template <class Tile>
__global__ void __launch_bounds__(Tile::kThreads, Tile::kBlocks)
    weight_gradient_tile(WeightGradientParams p, WeightGradientCopies copies) {
  auto& s = shared_memory<WeightGradientShared<Tile>>();
  const int64_t down = (p.m + Tile::kRows - 1) / Tile::kRows, across = (p.n + Tile::kCols - 1) / Tile::kCols;
  const int64_t rest = blockIdx.x / down, product = rest / across;
  const int64_t row = blockIdx.x % down * Tile::kRows, col = rest % across * Tile::kCols;
  const int64_t begin = p.ranges ? p.ranges[2 * product] : 0,
                end = p.ranges ? p.ranges[2 * product + 1] : p.num_links;
  if (begin == end) return;
  WorkOf<Bf16> w{};
  w.c = p.c + product * p.c_batch + row * p.c_row + col;
  w.rows = at_most(p.m - row, Tile::kRows), w.cols = at_most(p.n - col, Tile::kCols);
  const float *a = p.a + product * p.a_batch + row, *b = p.b + product * p.b_batch + col;
  const WarpCorner at = WarpCorner::of<Tile>();
  WarpSums<Tile> sums = {};
  for_pairs<Tile>(sums, w, p.c_row, at, [=](float* sum, const float* c, int, int count) {
    if (copies.c_pairs) {
      const Vec<2> pair = load<2>(c);
      sum[0] = pair.v[0], sum[1] = pair.v[1];
    } else {
      for (int j = 0; j < 2; ++j)
        if (j < count) sum[j] = c[j];
    }
  });
  const auto fetch = [&](int stage, int64_t first) {
    if (first < end) {
      const int count = at_most(end - first, Tile::kSlice);
      fetch_links<Tile, Tile::kRows>(s.a[stage], a, p.a_row, p.links, first, count, w.rows, copies.a);
      fetch_links<Tile, Tile::kCols>(s.b[stage], b, p.b_row, p.links, first, count, w.cols, copies.b);
    }
    __pipeline_commit();
  };
  for (int stage = 0; stage < Tile::kStages - 1; ++stage) fetch(stage, begin + stage * Tile::kSlice);
  int stage = 0;
  for (int64_t first = begin; first < end; first += Tile::kSlice) {
    __pipeline_wait_prior(Tile::kStages - 2);
    __syncthreads();
    fetch((stage + Tile::kStages - 1) % Tile::kStages, first + (Tile::kStages - 1) * Tile::kSlice);
#pragma unroll
    for (int k = 0; k < Tile::kSlice; k += kStepLinks)
      if (first + k < end) link_step<Tile>(sums, s.a[stage], s.b[stage], k, at);
    stage = stage + 1 == Tile::kStages ? 0 : stage + 1;
  }
  for_pairs<Tile>(sums, w, p.c_row, at, [=](float* sum, float* c, int, int count) {
    if (copies.c_pairs)
      store<2>(c, {sum[0], sum[1]});
    else
      for (int j = 0; j < 2; ++j)
        if (j < count) c[j] = sum[j];
  });
}

template <class Tile>
void launch_weight_gradient(const WeightGradientParams& p, Stream stream) {
  const WeightGradientCopies copies{.a = in_fours(p.a, p.a_row, p.a_batch),
                                    .b = in_fours(p.b, p.b_row, p.b_batch),
                                    .c_pairs = p.n % 2 == 0 && reinterpret_cast<uintptr_t>(p.c) % 8 == 0 &&
                                               p.c_row % 2 == 0 && p.c_batch % 2 == 0};
  launch(weight_gradient_tile<Tile>,
         {ceil_div(p.m, Tile::kRows) * ceil_div(p.n, Tile::kCols) * p.batch, Tile::kThreads,
          int64_t(sizeof(WeightGradientShared<Tile>))},
         stream, p, copies);
}

}  // namespace hone::cuda
