// Rows sorted by expert, stable: a counting sort whose counts are made by warps. A warp takes a run of rows, 32
// at a time; lanes of one expert find each other, so that the first of them moves the warp's own counter and
// nothing is atomic. Counts of blocks become first places by one block's prefix sums, then the blocks count once
// more and write. Up to kAlone rows are one block's work from end to end. Bound: latency.
#include "cuda_ext/cuda/launch.cuh"
#include "cuda_ext/cuda/moe.h"

namespace hone::cuda {
namespace {

constexpr int kThreads = 256, kWarp = 32, kWarps = kThreads / kWarp;
constexpr int64_t kRowsOfBlock = 2048;
constexpr int64_t kAlone = 8192;
constexpr unsigned kAll = 0xFFFFFFFFu;
constexpr int kPerThread = int(cpu::kMaxExperts) / kThreads;  // experts, in the prefix sum

struct Rows {
  int64_t begin, end;
};
/// The run of rows that this warp takes out of `rows`.
__device__ inline Rows of_warp(const Rows& rows) {
  const int64_t each = ((rows.end - rows.begin + kThreads - 1) / kThreads) * kWarp;
  const int64_t begin = rows.begin + threadIdx.x / kWarp * each, end = begin + each;
  return {begin, end < rows.end ? end : rows.end};
}

/// Calls visit(row, expert, place) for the warp's rows, place being counter[expert] and how many of its 32
/// neighbours before it have the same expert; moves the counters on.
template <class F>
__device__ inline void for_places(const Rows& rows, const int32_t* experts, int32_t* counter, F visit) {
  const int lane = int(threadIdx.x) % kWarp;
  for (int64_t first = rows.begin; first < rows.end; first += kWarp) {
    const int64_t i = first + lane;
    const int32_t e = i < rows.end ? experts[i] : -1;
    const unsigned peers = __match_any_sync(kAll, e);
    const int rank = __popc(peers & ((1u << lane) - 1));
    const int32_t before = e >= 0 ? counter[e] : 0;
    __syncwarp();
    if (e >= 0 && rank == 0) counter[e] = before + __popc(peers);
    __syncwarp();
    if (e >= 0) visit(i, e, before + rank);
  }
}

/// counters [kWarps, E] of the block's rows.
__device__ inline void count(int32_t* counters, const DispatchParams& p, const Rows& rows) {
  const int n = int(p.num_experts);
  for (int i = int(threadIdx.x); i < kWarps * n; i += kThreads) counters[i] = 0;
  __syncthreads();
  for_places(of_warp(rows), p.experts, counters + threadIdx.x / kWarp * n, [](int64_t, int32_t, int32_t) {});
  __syncthreads();
}

/// first[e] = sum of total[0 ... e), for kMaxExperts totals (0 after the last); warps is scratch [kWarps].
__device__ inline void prefix_sums(int32_t* first, const int32_t* total, int32_t* warps) {
  const int lane = int(threadIdx.x) % kWarp, warp = int(threadIdx.x) / kWarp,
            at = int(threadIdx.x) * kPerThread;
  int32_t sum = 0;
  for (int i = 0; i < kPerThread; ++i) sum += total[at + i];
  int32_t through = sum;
  for (int step = 1; step < kWarp; step *= 2) {
    const int32_t left = __shfl_up_sync(kAll, through, step);
    if (lane >= step) through += left;
  }
  if (lane == kWarp - 1) warps[warp] = through;
  __syncthreads();
  int32_t before = through - sum;
  for (int w = 0; w < warp; ++w) before += warps[w];
  for (int i = 0; i < kPerThread; ++i) {
    first[at + i] = before;
    before += total[at + i];
  }
  __syncthreads();
}

struct Sums {
  int32_t total[cpu::kMaxExperts], first[cpu::kMaxExperts], warps[kWarps];
};

__device__ inline void write_offsets(const DispatchParams& p, const int32_t* first) {
  for (int e = int(threadIdx.x); e < p.num_experts; e += kThreads) p.offsets[e] = first[e];
  if (threadIdx.x == 0) p.offsets[p.num_experts] = p.rows;
}

__device__ inline Rows of_block(const DispatchParams& p) {
  const int64_t begin = blockIdx.x * kRowsOfBlock, end = begin + kRowsOfBlock;
  return {begin, end < p.rows ? end : p.rows};
}

/// scratch [blocks, E]: rows of each expert in each block.
__global__ void __launch_bounds__(kThreads) count_blocks(DispatchParams p) {
  int32_t* counters = &shared_memory<int32_t>();  // [kWarps, E]
  const int n = int(p.num_experts);
  count(counters, p, of_block(p));
  for (int e = int(threadIdx.x); e < n; e += kThreads) {
    int32_t sum = 0;
    for (int w = 0; w < kWarps; ++w) sum += counters[w * n + e];
    p.scratch[int64_t(blockIdx.x) * n + e] = sum;
  }
}

/// Counts of blocks become the places of their first rows.
__global__ void __launch_bounds__(kThreads) place_blocks(DispatchParams p, int blocks) {
  Sums& s = shared_memory<Sums>();
  const int n = int(p.num_experts);
  for (int e = int(threadIdx.x); e < cpu::kMaxExperts; e += kThreads) {
    int32_t sum = 0;
    for (int b = 0; e < n && b < blocks; ++b) sum += p.scratch[int64_t(b) * n + e];
    s.total[e] = sum;
  }
  __syncthreads();
  prefix_sums(s.first, s.total, s.warps);
  write_offsets(p, s.first);
  for (int e = int(threadIdx.x); e < n; e += kThreads) {
    int32_t at = s.first[e];
    for (int b = 0; b < blocks; ++b) {
      int32_t& place = p.scratch[int64_t(b) * n + e];
      const int32_t rows = place;
      place = at;
      at += rows;
    }
  }
}

/// Counters of warps become the places of their first rows, from those of the block; then all rows are written.
__device__ inline void write_rows(int32_t* counters, const int32_t* first, const DispatchParams& p,
                                  const Rows& rows) {
  const int n = int(p.num_experts);
  for (int e = int(threadIdx.x); e < n; e += kThreads) {
    int32_t at = first[e];
    for (int w = 0; w < kWarps; ++w) {
      const int32_t of_warp = counters[w * n + e];
      counters[w * n + e] = at;
      at += of_warp;
    }
  }
  __syncthreads();
  for_places(of_warp(rows), p.experts, counters + threadIdx.x / kWarp * n,
             [&](int64_t i, int32_t, int32_t place) {
               p.order[place] = int32_t(i);
               p.inverse[i] = place;
             });
}

__global__ void __launch_bounds__(kThreads) write_blocks(DispatchParams p) {
  int32_t* counters = &shared_memory<int32_t>();  // [kWarps, E]
  count(counters, p, of_block(p));
  write_rows(counters, p.scratch + int64_t(blockIdx.x) * p.num_experts, p, of_block(p));
}

/// All of it in one block.
__global__ void __launch_bounds__(kThreads) dispatch_alone(DispatchParams p) {
  Sums& s = shared_memory<Sums>();
  int32_t* counters = reinterpret_cast<int32_t*>(&s + 1);  // [kWarps, E]
  const int n = int(p.num_experts);
  const Rows all{0, p.rows};
  count(counters, p, all);
  for (int e = int(threadIdx.x); e < cpu::kMaxExperts; e += kThreads) {
    int32_t sum = 0;
    for (int w = 0; e < n && w < kWarps; ++w) sum += counters[w * n + e];
    s.total[e] = sum;
  }
  __syncthreads();
  prefix_sums(s.first, s.total, s.warps);
  write_offsets(p, s.first);
  write_rows(counters, s.first, p, all);
}

}  // namespace

int64_t dispatch_scratch(int64_t rows, int64_t num_experts) {
  return rows <= kAlone ? 0 : ceil_div(rows, kRowsOfBlock) * num_experts;
}

void dispatch(const DispatchParams& p, Stream stream) {
  check(p.num_experts >= 1 && p.num_experts <= cpu::kMaxExperts, "dispatch: got ", p.num_experts,
        " experts, expected 1 to ", cpu::kMaxExperts);
  check(p.rows < kMostBlocks, "dispatch: got ", p.rows, " rows, expected fewer than 2^31");
  const int64_t counters = kWarps * p.num_experts * int64_t(sizeof(int32_t));
  if (p.rows <= kAlone)
    return launch(dispatch_alone, {1, kThreads, int64_t(sizeof(Sums)) + counters}, stream, p);
  const int64_t blocks = ceil_div(p.rows, kRowsOfBlock);
  launch(count_blocks, {blocks, kThreads, counters}, stream, p);
  launch(place_blocks, {1, kThreads, sizeof(Sums)}, stream, p, int(blocks));
  launch(write_blocks, {blocks, kThreads, counters}, stream, p);
}

}  // namespace hone::cuda
