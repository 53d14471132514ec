// RMSNorm, gradient of the weight: dweight[k] = chain over rows ascending (t, then h) of fma(dy, x * rstd, .)
// from dweight[k]. Bound: 8 bytes read a number, or the chain itself: 4 cycles a row, whatever the width.
#include <cuda_pipeline_primitives.h>

#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/rows.h"

namespace hone::cuda {
namespace {

using Params = cpu::RmsNormBackwardParams;

constexpr unsigned kLoaders = 128;  // threads; the first warp runs the chains, too
constexpr int kStages = 4;

/// Some rows of the block's columns.
template <int C, int R>
struct Stage {
  float x[R][C], dy[R][C];
  float rstd[R];
};
template <int C, int R>
struct Shared {
  Stage<C, R> stages[kStages];
};

/// Starts to copy rows [first, first + R) as far as they exist, columns [column, column + C), W at a time.
template <int C, int R, int W>
__device__ inline void fetch(Stage<C, R>& to, const Params& p, int64_t first, int64_t column) {
  constexpr int kGroups = C / W;
  for (int i = int(threadIdx.x); i < R * kGroups; i += int(kLoaders)) {
    const int r = i / kGroups, c = i % kGroups * W;
    if (first + r >= p.rows || column + c >= p.size) continue;
    __pipeline_memcpy_async(&to.x[r][c], row(p.x, first + r, p.heads) + column + c, 4 * W);
    __pipeline_memcpy_async(&to.dy[r][c], row(p.dy, first + r, p.heads) + column + c, 4 * W);
  }
  for (int r = int(threadIdx.x); r < R; r += int(kLoaders))
    if (first + r < p.rows) __pipeline_memcpy_async(&to.rstd[r], row(p.rstd, first + r, p.heads), 4);
}

/// C columns a block: 32 of wide rows, 8 of narrow ones, so that there are blocks enough.
template <int C, int R, int W>
__global__ void __launch_bounds__(kLoaders) rms_norm_weight(Params p) {
  auto& shared = shared_memory<Shared<C, R>>();
  const int64_t first_column = int64_t(blockIdx.x) * C, column = first_column + threadIdx.x;
  const bool runs_chain = threadIdx.x < C && column < p.size;
  float a = runs_chain ? p.dweight[column] : 0.0f;
  for (int s = 0; s < kStages - 1; ++s) {
    fetch<C, R, W>(shared.stages[s], p, int64_t(s) * R, first_column);
    __pipeline_commit();
  }
  int stage = 0;
  for (int64_t first = 0; first < p.rows; first += R) {
    __pipeline_wait_prior(kStages - 2);
    __syncthreads();
    fetch<C, R, W>(shared.stages[(stage + kStages - 1) % kStages], p, first + (kStages - 1) * R,
                   first_column);
    __pipeline_commit();
    if (runs_chain) {
      const Stage<C, R>& s = shared.stages[stage];
      const int rows = int(first + R <= p.rows ? R : p.rows - first);
#pragma unroll 16
      for (int r = 0; r < rows; ++r) a = fma(s.dy[r][threadIdx.x], s.x[r][threadIdx.x] * s.rstd[r], a);
    }
    stage = (stage + 1) % kStages;
  }
  if (runs_chain) p.dweight[column] = a;
}

template <int C, int R>
void launch_columns(const Params& p, Stream stream) {
  const bool fours = p.size % 4 == 0 && in_fours(p.x) && in_fours(p.dy);
  launch(fours ? rms_norm_weight<C, R, 4> : rms_norm_weight<C, R, 1>,
         {ceil_div(p.size, C), kLoaders, sizeof(Shared<C, R>)}, stream, p);
}

}  // namespace

void rms_norm_backward_weight(const Params& p, Stream stream) {
  p.size >= kLongRow ? launch_columns<32, 64>(p, stream) : launch_columns<8, 256>(p, stream);
}

}  // namespace hone::cuda
