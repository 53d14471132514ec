// A tile of outputs a block on tensor cores (gemm_bf16.h): slices of both operands pass through shared memory by
// asynchronous copies, kStages - 1 of them on their way; A is rounded between shared memory and registers.
#pragma once

#include "cuda_ext/cuda/gemm.cuh"
#include "cuda_ext/cuda/gemm_bf16.h"
#include "cuda_ext/cuda/tensor_core.cuh"

namespace hone::cuda {

inline constexpr int kStepLinks = 16, kStepRows = 16, kStepCols = 8;

/// kRows x kCols outputs by kWarpsDown x kWarpsAcross warps, kSlice links at a time; kBlocks on a multiprocessor.
template <int kRows_, int kCols_, int kWarpsDown, int kWarpsAcross, int kSlice_, int kStages_, int kBlocks_>
struct Bf16Tile {
  static constexpr int kRows = kRows_, kCols = kCols_, kSlice = kSlice_, kStages = kStages_,
                       kBlocks = kBlocks_;
  static constexpr int kAcross = kWarpsAcross, kThreads = 32 * kWarpsDown * kWarpsAcross;
  static constexpr int kDownSteps = kRows / kWarpsDown / kStepRows;  // of a warp
  static constexpr int kAcrossSteps = kCols / kWarpsAcross / kStepCols;
  static_assert(kDownSteps > 0 && kAcrossSteps > 0 && kSlice % 32 == 0);
};

/// B as it lies in memory: rows of links (a weight times inputs), or rows of columns (its input's gradient).
/// Strides keep the eight rows of a matrix, and the lanes of a row of A, in different banks.
template <class Tile, bool kColsAlong>
struct Bf16Shared {
  using A = float[Tile::kRows][Tile::kSlice + 8];
  using B = Bf16[kColsAlong ? Tile::kSlice : Tile::kCols][(kColsAlong ? Tile::kCols : Tile::kSlice) + 8];
  A a[Tile::kStages];
  B b[Tile::kStages];
};

/// `lines` of `numbers` contiguous numbers each: those that exist are copied, of the others those within
/// [0, zero_lines) x [0, zero_numbers) become 0. wide: sixteen bytes of a line are aligned.
struct Lines {
  int lines, numbers;
  int zero_lines, zero_numbers;
  bool wide;
};
template <int kThreads, int kLines, int kNumbers, int kStride, class T>
__device__ inline void fetch_lines(T (&to)[kLines][kStride], const T* from, int64_t line_stride,
                                   const Lines& l) {
  constexpr int kGroup = 16 / int(sizeof(T)), kGroups = kNumbers / kGroup;
  static_assert(kLines * kGroups % kThreads == 0);
#pragma unroll
  for (int i = 0; i < kLines * kGroups / kThreads; ++i) {
    const int group = i * kThreads + int(threadIdx.x);
    const int line = group / kGroups, number = group % kGroups * kGroup;
    const T* source = from + line * line_stride + number;
    if (l.wide && line < l.lines && number + kGroup <= l.numbers) {
      __pipeline_memcpy_async(&to[line][number], source, 16);
    } else if (line < l.zero_lines && number < l.zero_numbers) {
#pragma unroll 1
      for (int j = 0; j < kGroup; ++j)
        to[line][number + j] = line < l.lines && number + j < l.numbers ? source[j] : T{};
    }
  }
}

/// Which operands may be copied in sixteens of bytes.
struct WideCopies {
  bool a, b;
};

/// Starts to copy links [first, first + kSlice), as far as they exist, with zeros behind them.
template <class Tile, bool kColsAlong>
__device__ inline void fetch_slice(Bf16Shared<Tile, kColsAlong>& s, int stage, const WorkOf<Bf16>& w,
                                   WideCopies wide, int64_t first) {
  const int links = at_most(w.depth - first, Tile::kSlice);
  fetch_lines<Tile::kThreads, Tile::kRows, Tile::kSlice>(s.a[stage], w.a.data + first, w.a.row,
                                                         {w.rows, links, w.rows, Tile::kSlice, wide.a});
  if constexpr (kColsAlong)
    fetch_lines<Tile::kThreads, Tile::kSlice, Tile::kCols>(s.b[stage], w.b.data + first * w.b.k, w.b.k,
                                                           {links, w.cols, Tile::kSlice, w.cols, wide.b});
  else
    fetch_lines<Tile::kThreads, Tile::kCols, Tile::kSlice>(s.b[stage], w.b.data + first, w.b.row,
                                                           {w.cols, links, w.cols, Tile::kSlice, wide.b});
}

/// A warp's corner in its block's tile, and a lane's place in a step.
struct WarpCorner {
  int row, col;    // of the tile, first of the warp
  int line, pair;  // lane / 4, 2 (lane % 4)

  template <class Tile>
  static __device__ WarpCorner of() {
    const int warp = int(threadIdx.x) / 32, lane = int(threadIdx.x) % 32;
    return {warp / Tile::kAcross * Tile::kDownSteps * kStepRows,
            warp % Tile::kAcross * Tile::kAcrossSteps * kStepCols, lane / 4, lane % 4 * 2};
  }
};

/// The sums of a warp: sums[i][j] of step (i, j).
template <class Tile>
using WarpSums = float[Tile::kDownSteps][Tile::kAcrossSteps][4];

/// Sixteen links of all sums of a warp, from link k of a slice on.
template <class Tile, bool kColsAlong>
__device__ inline void step(WarpSums<Tile>& sums, const typename Bf16Shared<Tile, kColsAlong>::A& a,
                            const typename Bf16Shared<Tile, kColsAlong>::B& b, int k, const WarpCorner& at) {
  uint32_t cols[Tile::kAcrossSteps][2];
  const int lane = int(threadIdx.x) % 16;
#pragma unroll
  for (int j = 0; j < Tile::kAcrossSteps; ++j) {
    const int col = at.col + j * kStepCols;
    if constexpr (kColsAlong)
      load_matrices<true>(cols[j], &b[k + lane][col]);
    else
      load_matrices<false>(cols[j], &b[col + lane % 8][k + lane / 8 * 8]);
  }
#pragma unroll
  for (int i = 0; i < Tile::kDownSteps; ++i) {
    uint32_t rows[4];
#pragma unroll
    for (int part = 0; part < 4; ++part) {
      const float* x = &a[at.row + i * kStepRows + at.line + part % 2 * 8][k + at.pair + part / 2 * 8];
      const float2 two = *reinterpret_cast<const float2*>(x);
      rows[part] = to_bf16(two.x, two.y);
    }
#pragma unroll
    for (int j = 0; j < Tile::kAcrossSteps; ++j) tensor_core_step(sums[i][j], rows, cols[j]);
  }
}

/// f(two neighbouring sums, their address in C, their column, how many of them exist) for a lane's outputs.
template <class Tile, class F>
__device__ inline void for_pairs(WarpSums<Tile>& sums, const WorkOf<Bf16>& w, int64_t c_row,
                                 const WarpCorner& at, F f) {
#pragma unroll
  for (int i = 0; i < Tile::kDownSteps; ++i)
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int row = at.row + i * kStepRows + at.line + 8 * half;
      if (row >= w.rows) continue;
#pragma unroll
      for (int j = 0; j < Tile::kAcrossSteps; ++j) {
        const int col = at.col + j * kStepCols + at.pair;
        if (col < w.cols) f(&sums[i][j][2 * half], w.c + row * c_row + col, col, at_most(w.cols - col, 2));
      }
    }
}

/// c_pairs: C may be read and written in eights of bytes.
template <class Tile, bool kColsAlong>
__global__ void __launch_bounds__(Tile::kThreads, Tile::kBlocks)
    gemm_bf16_tile(Bf16GemmParams p, WideCopies wide, int64_t tiles_of_rows, bool c_pairs) {
  auto& s = shared_memory<Bf16Shared<Tile, kColsAlong>>();
  const WorkOf<Bf16> w = find_work(p, tiles_of_rows, Tile::kRows, Tile::kCols);
  if (w.rows == 0 || (p.accumulate && w.depth == 0 && !w.bias)) return;
  const WarpCorner at = WarpCorner::of<Tile>();
  WarpSums<Tile> sums = {};
  if (p.accumulate)
    for_pairs<Tile>(sums, w, p.c_row, at, [=](float* sum, const float* c, int, int count) {
      if (c_pairs) {
        const Vec<2> pair = load<2>(c);
        sum[0] = pair.v[0], sum[1] = pair.v[1];
      } else {
        for (int j = 0; j < 2; ++j)
          if (j < count) sum[j] = c[j];
      }
    });
  const auto fetch = [&](int stage, int first) {
    if (first < w.depth) fetch_slice<Tile, kColsAlong>(s, stage, w, wide, first);
    __pipeline_commit();
  };
  for (int stage = 0; stage < Tile::kStages - 1; ++stage) fetch(stage, stage * Tile::kSlice);
  int stage = 0;
  const int depth = int(w.depth);
  for (int first = 0; first < depth; first += Tile::kSlice) {
    __pipeline_wait_prior(Tile::kStages - 2);
    __syncthreads();
    fetch((stage + Tile::kStages - 1) % Tile::kStages, first + (Tile::kStages - 1) * Tile::kSlice);
#pragma unroll
    for (int k = 0; k < Tile::kSlice; k += kStepLinks)
      if (first + k < depth) step<Tile, kColsAlong>(sums, s.a[stage], s.b[stage], k, at);
    stage = stage + 1 == Tile::kStages ? 0 : stage + 1;
  }
  for_pairs<Tile>(sums, w, p.c_row, at, [=](float* sum, float* c, int col, int count) {
    if (w.bias)
      for (int j = 0; j < 2; ++j)
        if (j < count) sum[j] = sum[j] + w.bias[col + j];
    if (c_pairs)
      store<2>(c, {sum[0], sum[1]});
    else
      for (int j = 0; j < 2; ++j)
        if (j < count) c[j] = sum[j];
  });
}

template <class Tile>
void launch_bf16_tile(const Bf16GemmParams& p, Stream stream) {
  const bool cols_along = p.b_k != 1;
  const auto aligned = [](const void* data, int64_t line, int64_t batch, int64_t numbers) {
    return reinterpret_cast<uintptr_t>(data) % 16 == 0 && line % numbers == 0 && batch % numbers == 0;
  };
  const WideCopies wide{aligned(p.a, p.a_row, p.a_batch, 4),
                        aligned(p.b, cols_along ? p.b_k : p.b_col, p.b_batch, 8)};
  const bool c_pairs =
      p.n % 2 == 0 && reinterpret_cast<uintptr_t>(p.c) % 8 == 0 && p.c_row % 2 == 0 && p.c_batch % 2 == 0;
  const auto run = [&](auto kernel, int64_t shared) {
    launch(kernel, {gemm_blocks(p, Tile::kRows, Tile::kCols), Tile::kThreads, shared}, stream, p, wide,
           row_tiles(p, Tile::kRows), c_pairs);
  };
  cols_along ? run(gemm_bf16_tile<Tile, true>, sizeof(Bf16Shared<Tile, true>))
             : run(gemm_bf16_tile<Tile, false>, sizeof(Bf16Shared<Tile, false>));
}

}  // namespace hone::cuda
