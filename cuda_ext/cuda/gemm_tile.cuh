// A tile of outputs a block, for much work: 256 threads hold TM x TN chains each in registers, and slices of 16
// links of both operands pass through shared memory, kStages - 1 of them on their way. Bound: fma; a thread does
// TM TN of them for TM + TN numbers read from shared memory.
#pragma once

#include "cuda_ext/cuda/gemm.cuh"

namespace hone::cuda {

inline constexpr int kTileThreads = 256;
inline constexpr int kSide = 16;   // threads along a side of the tile
inline constexpr int kSlice = 16;  // links
inline constexpr int kStages = 3;

/// [k][row], four more than N so that a column of k's does not fall into one bank.
template <int N>
using Slice = float[kSlice][N + 4];

template <int M, int N>
struct TileShared {
  Slice<M> a[kStages];
  Slice<N> b[kStages];
};

/// A thread's share of a copy: every `step`-th row (or link) of `count`, W numbers each.
template <int W, int kSteps>
__device__ inline void copy_steps(float* to, int to_step, const float* from, int64_t from_step, int first,
                                  int step, int count) {
#pragma unroll
  for (int i = 0; i < kSteps; ++i) {
    if (first + i * step < count) __pipeline_memcpy_async(to, from, 4 * W);
    to += to_step, from += from_step;
  }
}

/// Starts to copy links [first, first + kSlice), as far as they and the rows exist.
template <int N>
__device__ inline void fetch(Slice<N>& to, const Operand& o, Copies copies, int64_t first, int64_t depth) {
  const int links = at_most(depth - first, kSlice), t = int(threadIdx.x);
  const float* from = o.data + first * o.k;
  if (copies == Copies::fours_along_rows) {
    constexpr int kStep = kTileThreads / (N / 4);  // links
    const int r = t % (N / 4) * 4, k = t / (N / 4);
    if (r < o.rows)
      copy_steps<4, kSlice / kStep>(&to[k][r], kStep * (N + 4), from + k * o.k + r, kStep * o.k, k, kStep,
                                    links);
  } else if (copies == Copies::along_rows) {
    constexpr int kStep = kTileThreads / N;
    const int r = t % N, k = t / N;
    if (r < o.rows)
      copy_steps<1, kSlice / kStep>(&to[k][r], kStep * (N + 4), from + k * o.k + r, kStep * o.k, k, kStep,
                                    links);
  } else {
    constexpr int kStep = kTileThreads / kSlice;  // rows
    const int k = t % kSlice, r = t / kSlice;
    if (k < links)
      copy_steps<1, N / kStep>(&to[k][r], kStep, from + k * o.k + r * o.row, kStep * o.row, r, kStep, o.rows);
  }
}

/// Where a thread's outputs are: squares of 4 x 4, kSide * 4 rows or columns apart.
struct Corner {
  int row, col;

  __device__ Corner() {
    const int lane = int(threadIdx.x) % 32, warp = int(threadIdx.x) / 32;
    row = 4 * (lane / 8 + 4 * (warp / 2)), col = 4 * (lane % 8 + 8 * (warp % 2));
  }
};

/// One link of all chains of a thread.
template <int TM, int TN, int M, int N>
__device__ inline void link(float (&acc)[TM][TN], const Slice<M>& a, const Slice<N>& b, int k,
                            const Corner& at) {
  float av[TM], bv[TN];
#pragma unroll
  for (int i = 0; i < TM; i += 4) {
    const Vec<4> v = load<4>(&a[k][at.row + i * kSide]);
#pragma unroll
    for (int j = 0; j < 4; ++j) av[i + j] = v.v[j];
  }
#pragma unroll
  for (int i = 0; i < TN; i += 4) {
    const Vec<4> v = load<4>(&b[k][at.col + i * kSide]);
#pragma unroll
    for (int j = 0; j < 4; ++j) bv[i + j] = v.v[j];
  }
#pragma unroll
  for (int i = 0; i < TM; ++i)
#pragma unroll
    for (int j = 0; j < TN; ++j) acc[i][j] = fma(av[i], bv[j], acc[i][j]);
}

/// f(accumulators of four columns, their address in C, the first column, how many of them exist) for a thread's
/// outputs.
template <int TM, int TN, class F>
__device__ inline void for_outputs(float (&acc)[TM][TN], const Work& w, int64_t c_row, const Corner& at,
                                   F f) {
#pragma unroll
  for (int i = 0; i < TM; ++i) {
    const int row = at.row + i / 4 * 4 * kSide + i % 4;
    if (row >= w.rows) continue;
#pragma unroll
    for (int j = 0; j < TN; j += 4) {
      const int col = at.col + j * kSide;
      if (col < w.cols) f(&acc[i][j], w.c + row * c_row + col, col, at_most(w.cols - col, 4));
    }
  }
}

/// c_fours: C may be read and written in sixteens of bytes.
template <int TM, int TN>
__global__ void __launch_bounds__(kTileThreads, 2)
    gemm_tile(GemmParams p, CopyKinds kinds, int64_t tiles_of_rows, bool c_fours) {
  constexpr int M = TM * kSide, N = TN * kSide;
  auto& s = shared_memory<TileShared<M, N>>();
  const Work w = find_work(p, tiles_of_rows, M, N);
  if (w.rows == 0 || (p.accumulate && w.depth == 0 && !w.bias)) return;
  const Corner at;
  float acc[TM][TN] = {};
  if (p.accumulate)
    for_outputs(acc, w, p.c_row, at, [=](float* sums, const float* c, int, int count) {
      if (c_fours)
        store<4>(sums, load<4>(c));
      else
        for (int j = 0; j < 4; ++j)
          if (j < count) sums[j] = c[j];
    });
  const auto fetch_slice = [&](int stage, int64_t first) {
    if (first < w.depth) {
      fetch<M>(s.a[stage], w.a, kinds.a, first, w.depth);
      fetch<N>(s.b[stage], w.b, kinds.b, first, w.depth);
    }
    __pipeline_commit();
  };
  for (int stage = 0; stage < kStages - 1; ++stage) fetch_slice(stage, stage * kSlice);
  int stage = 0;
  for (int64_t first = 0; first < w.depth; first += kSlice) {
    __pipeline_wait_prior(kStages - 2);
    __syncthreads();
    fetch_slice((stage + kStages - 1) % kStages, first + (kStages - 1) * kSlice);
    if (first + kSlice <= w.depth) {
#pragma unroll
      for (int k = 0; k < kSlice; ++k) link<TM, TN, M, N>(acc, s.a[stage], s.b[stage], k, at);
    } else {
      // The chains end where k does: not even zeros may follow (-0 + 0 is +0).
      const int left = int(w.depth - first);
#pragma unroll 1
      for (int k = 0; k < left; ++k) link<TM, TN, M, N>(acc, s.a[stage], s.b[stage], k, at);
    }
    stage = stage + 1 == kStages ? 0 : stage + 1;
  }
  for_outputs(acc, w, p.c_row, at, [=](float* sums, float* c, int col, int count) {
    if (w.bias)
      for (int j = 0; j < 4; ++j)
        if (j < count) sums[j] = sums[j] + w.bias[col + j];
    if (c_fours)
      store<4>(c, load<4>(sums));
    else
      for (int j = 0; j < 4; ++j)
        if (j < count) c[j] = sums[j];
  });
}

template <int TM, int TN>
void launch_gemm_tile(const GemmParams& p, Stream stream) {
  constexpr int M = TM * kSide, N = TN * kSide;
  const bool c_fours = p.n % 4 == 0 && in_fours(p.c, p.c_row, p.c_batch);
  launch(gemm_tile<TM, TN>, {gemm_blocks(p, M, N), kTileThreads, int64_t(sizeof(TileShared<M, N>))}, stream,
         p, copy_kinds(p), row_tiles(p, M), c_fours);
}

}  // namespace hone::cuda
