// Where the row kernels find their numbers: rows by token and head, and elementwise work in groups of W.
#pragma once

#include "cuda_ext/cpu/rows.h"
#include "cuda_ext/cuda/lanes.cuh"
#include "cuda_ext/cuda/launch.cuh"

namespace hone::cuda {

using cpu::RowsOf;

inline constexpr unsigned kThreads = 256;
inline constexpr int kRowsOfBlock = int(kThreads) / kLanes;  // a half-warp each
inline constexpr int64_t kLongRow = 512;                     // numbers from which on a row is worth a block

/// Row i = t * heads + h.
template <class Float>
__device__ inline Float* row(const RowsOf<Float>& rows, int64_t i, int64_t heads) {
  if (heads == 1) return rows.data + i * rows.stride_t;
  const unsigned t = unsigned(i) / unsigned(heads), h = unsigned(i) % unsigned(heads);
  return rows.data + t * rows.stride_t + h * rows.stride_h;
}
template <class Float>
__device__ inline Float* row(const RowsOf<Float>& rows, int64_t t) {
  return rows.data + t * rows.stride_t;
}
template <class Float>
bool in_fours(const RowsOf<Float>& rows) {
  return in_fours(rows.data, rows.stride_t, rows.stride_h);
}

/// The row of this half-warp.
__device__ inline int64_t half_warp_row() {
  return int64_t(blockIdx.x) * kRowsOfBlock + threadIdx.x / kLanes;
}

/// Numbers [i, i + W) of row t, of a matrix [rows, n] whose groups of W are dealt to the threads of a grid.
template <int W>
struct Element {
  int64_t t, i;
  bool inside;

  __device__ Element(int64_t rows, int64_t n) {
    const unsigned groups = unsigned(n) / W, g = blockIdx.x * kThreads + threadIdx.x;
    t = g / groups, i = int64_t(g % groups) * W;
    inside = t < rows;
  }
};
/// The grid of Element.
inline Geometry elements(int64_t rows, int64_t n, int width) {
  const int64_t groups = rows * (n / width);
  check(groups < (int64_t{1} << 32) - kThreads, "CUDA rows: got ", rows, " rows of ", n,
        " numbers, expected fewer than 2^32 groups of ", width);
  return {ceil_div(groups, kThreads), kThreads};
}

/// elements<4> where all of `fours` holds and n is a multiple of 4, else elements<1>.
template <class Params>
void launch_elements(void (*wide)(Params), void (*narrow)(Params), bool fours, int64_t rows, int64_t n,
                     Stream stream, const Params& p) {
  const bool use_wide = fours && n % 4 == 0;
  launch(use_wide ? wide : narrow, elements(rows, n, use_wide ? 4 : 1), stream, p);
}

}  // namespace hone::cuda
