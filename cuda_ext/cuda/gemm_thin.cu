// Few rows (decoding): 32 columns and up to 4 R rows a block, a column a lane and R rows a warp, so that B, the
// weights, is read once, in whole lines, with 48 KB on their way. Bound: reading B, 4 bytes for 2 m operations; for
// a small n the chains: 4 cycles a link.
#include "cuda_ext/cuda/gemm.cuh"

namespace hone::cuda {
namespace {

constexpr int kWarps = 4, kThreads = 32 * kWarps, kCols = 32;
constexpr int kSlice = 64;  // links
constexpr int kStages = 4;

/// [row][k]: a lane reads four links of its column at once, and eight lanes all banks.
template <int N>
using Slice = float[N][kSlice + 4];

template <int R>
struct Shared {
  Slice<R * kWarps> a[kStages];
  Slice<kCols> b[kStages];
};

template <int N>
__device__ inline void fetch(Slice<N>& to, const Operand& o, Copies copies, int64_t first, int64_t depth) {
  const int links = at_most(depth - first, kSlice), t = int(threadIdx.x);
  const float* from = o.data + first * o.k;
  if (copies == Copies::fours_along_k) {
    constexpr int kGroups = kSlice / 4;
    const int k = t % kGroups * 4;
    for (int r = t / kGroups; r < o.rows; r += kThreads / kGroups) {
      const float* row = from + r * o.row;
      if (k + 4 <= links)
        __pipeline_memcpy_async(&to[r][k], row + k, 16);
      else
        for (int i = k; i < links; ++i) __pipeline_memcpy_async(&to[r][i], row + i, 4);
    }
  } else if (copies == Copies::along_k) {
    const int k = t % kSlice;
    for (int r = t / kSlice; r < o.rows; r += kThreads / kSlice)
      if (k < links) __pipeline_memcpy_async(&to[r][k], from + r * o.row + k * o.k, 4);
  } else {
    const int r = t % 32;
    for (int k = t / 32; k < links; k += kThreads / 32)
      if (r < o.rows) __pipeline_memcpy_async(&to[r][k], from + k * o.k + r, 4);
  }
}

template <int R>
__global__ void __launch_bounds__(kThreads, 2)
    gemm_thin_kernel(GemmParams p, CopyKinds kinds, int64_t tiles_of_rows) {
  auto& s = shared_memory<Shared<R>>();
  const Work w = find_work(p, tiles_of_rows, R * kWarps, kCols);
  if (w.rows == 0 || (p.accumulate && w.depth == 0 && !w.bias)) return;
  const int col = int(threadIdx.x) % 32, first_row = int(threadIdx.x) / 32 * R;
  const bool computes = first_row < w.rows && col < w.cols;
  float acc[R] = {};
#pragma unroll
  for (int i = 0; i < R; ++i)
    if (p.accumulate && computes && first_row + i < w.rows) acc[i] = w.c[(first_row + i) * p.c_row + col];
  const auto fetch_slice = [&](int stage, int64_t first) {
    if (first < w.depth) {
      fetch<R * kWarps>(s.a[stage], w.a, kinds.a, first, w.depth);
      fetch<kCols>(s.b[stage], w.b, kinds.b, first, w.depth);
    }
    __pipeline_commit();
  };
  for (int stage = 0; stage < kStages - 1; ++stage) fetch_slice(stage, stage * kSlice);
  int stage = 0;
  for (int64_t first = 0; first < w.depth; first += kSlice) {
    __pipeline_wait_prior(kStages - 2);
    __syncthreads();
    fetch_slice((stage + kStages - 1) % kStages, first + (kStages - 1) * kSlice);
    if (computes) {
      const auto& a = s.a[stage];
      const auto& b = s.b[stage];
      const int links = at_most(w.depth - first, kSlice);
      int k = 0;
#pragma unroll 4
      for (; k + 4 <= links; k += 4) {
        const Vec<4> bv = load<4>(&b[col][k]);
#pragma unroll
        for (int i = 0; i < R; ++i) {
          const Vec<4> av = load<4>(&a[first_row + i][k]);
#pragma unroll
          for (int j = 0; j < 4; ++j) acc[i] = fma(av.v[j], bv.v[j], acc[i]);
        }
      }
      for (; k < links; ++k)
#pragma unroll
        for (int i = 0; i < R; ++i) acc[i] = fma(a[first_row + i][k], b[col][k], acc[i]);
    }
    stage = (stage + 1) % kStages;
  }
#pragma unroll
  for (int i = 0; i < R; ++i)
    if (computes && first_row + i < w.rows)
      w.c[(first_row + i) * p.c_row + col] = w.bias ? acc[i] + w.bias[col] : acc[i];
}

template <int R>
void launch_thin(const GemmParams& p, Stream stream) {
  constexpr int M = R * kWarps;
  static_assert(M <= 32, "fetch deals rows to the lanes of a warp");
  launch(gemm_thin_kernel<R>, {gemm_blocks(p, M, kCols), kThreads, int64_t(sizeof(Shared<R>))}, stream, p,
         copy_kinds(p), row_tiles(p, M));
}

}  // namespace

void gemm_thin(const GemmParams& p, int rows_per_thread, Stream stream) {
  switch (rows_per_thread) {
    case 1:
      return launch_thin<1>(p, stream);
    case 2:
      return launch_thin<2>(p, stream);
    case 4:
      return launch_thin<4>(p, stream);
    default:
      check(rows_per_thread == 8, "gemm_thin: got ", rows_per_thread,
            " rows per thread, expected 1, 2, 4 or 8");
      return launch_thin<8>(p, stream);
  }
}

}  // namespace hone::cuda
