// The rows of the head that take part in gradients: found, gathered and scattered again without asking the host how
// many they are. Bound: memory, 8 bytes a number of x, and of dx.
#include "cuda_ext/cuda/lm_head.h"
#include "cuda_ext/cuda/rows.cuh"

namespace hone::cuda {
namespace {

constexpr int kFindThreads = 1024, kWarp = 32, kWarps = kFindThreads / kWarp;

struct Shared {
  int of_warp[kWarps];
};

/// One block: 1024 rows at a time, numbered by ballots.
__global__ void __launch_bounds__(kFindThreads) find_kernel(HeadRowsParams p) {
  Shared& s = shared_memory<Shared>();
  const int lane = int(threadIdx.x) % kWarp, warp = int(threadIdx.x) / kWarp;
  int64_t count = 0;
  for (int64_t first = 0; first < p.rows; first += kFindThreads) {
    const int64_t t = first + threadIdx.x;
    const bool kept = t < p.rows && p.dlogprobs[t] != 0.0f;
    const unsigned bits = __ballot_sync(0xFFFFFFFFu, kept);
    if (lane == 0) s.of_warp[warp] = __popc(bits);
    __syncthreads();
    int64_t before = count;
    for (int w = 0; w < kWarps; ++w) {
      if (w == warp) before = count;
      count += s.of_warp[w];
    }
    const int64_t i = before + __popc(bits & ((1u << lane) - 1));
    if (kept) p.order[i] = int32_t(t);
    if (t < p.rows) p.position[t] = kept ? int32_t(i) : -1;
    __syncthreads();
  }
  const int64_t chunks = (p.rows + p.chunk_rows - 1) / p.chunk_rows;
  for (int64_t c = threadIdx.x; c < chunks; c += kFindThreads) {
    const int64_t left = count - c * p.chunk_rows;
    p.offsets[2 * c] = 0;
    p.offsets[2 * c + 1] = left < 0 ? 0 : left < p.chunk_rows ? left : p.chunk_rows;
  }
}

template <int W>
__global__ void __launch_bounds__(kThreads) gather_head_kernel(HeadGatherParams p) {
  const Element<W> e(p.rows, p.width);
  if (!e.inside) return;
  const int64_t to = p.position[e.t];
  if (to < 0) return;
  store<W>(p.kept_x + to * p.width + e.i, load<W>(p.x + e.t * p.x_stride + e.i));
  if (e.i > 0) return;
  p.kept_targets[to] = p.targets[e.t];
  p.kept_lse[to] = p.lse[e.t];
  p.kept_dlogprobs[to] = p.dlogprobs[e.t];
}

template <int W>
__global__ void __launch_bounds__(kThreads) scatter_head_kernel(HeadScatterParams p) {
  const Element<W> e(p.rows, p.width);
  if (!e.inside) return;
  const int64_t from = p.position[e.t];
  Vec<W> d{};
  if (from >= 0) d = load<W>(p.kept_dx + from * p.width + e.i);
  store<W>(p.dx + e.t * p.dx_stride + e.i, d);
}

}  // namespace

void head_rows(const HeadRowsParams& p, Stream stream) {
  if (p.rows > 0) launch(find_kernel, {1, kFindThreads, sizeof(Shared)}, stream, p);
}

void head_gather(const HeadGatherParams& p, Stream stream) {
  launch_elements(gather_head_kernel<4>, gather_head_kernel<1>,
                  in_fours(p.x, p.x_stride) && in_fours(p.kept_x, p.width), p.rows, p.width, stream, p);
}

void head_scatter(const HeadScatterParams& p, Stream stream) {
  launch_elements(scatter_head_kernel<4>, scatter_head_kernel<1>,
                  in_fours(p.dx, p.dx_stride) && in_fours(p.kept_dx, p.width), p.rows, p.width, stream, p);
}

}  // namespace hone::cuda
