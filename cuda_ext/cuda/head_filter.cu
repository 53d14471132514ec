// top_k, top_p and min_p of whole rows (definition in cpu/lm_head.h): what stays are the keys (z descending, then id
// ascending) up to a last one, which is found by counting: first in bins of z, then by the digits of the key
// among those of one bin. Counts and weights are whole numbers, so neither the order in which they are added up
// nor atomics show. A block a row. Bound: nine passes over a row for each of top_k and top_p, from L2.
#include "cuda_ext/cuda/elementary.cuh"
#include "cuda_ext/cuda/launch.cuh"
#include "cuda_ext/cuda/lm_head.h"

namespace hone::cuda {
namespace {

using Whole = unsigned long long;

constexpr int kThreads = 512, kWarp = 32, kWarps = kThreads / kWarp;
constexpr int kBins = 2048, kOfThread = kBins / kThreads;
constexpr float kBinsOfOne = 64;  // of z; the last bin takes everything from 32 below the maximum on
constexpr unsigned kAll = 0xFFFFFFFFu;

struct Shared {
  Whole bins[kBins];
  Whole warps[kWarps];
  float largest[kWarps];
  int nan[kWarps];
  int found;     // bin
  Whole before;  // sum of the bins before it
};

/// Ascends as z descends, then as the id ascends.
__device__ inline Whole order_key(float z, int id) {
  const unsigned bits = __float_as_uint(z + 0.0f);  // -0 becomes 0
  const unsigned ascending = bits >> 31 ? ~bits : bits | 0x80000000u;
  return Whole{~ascending} << 32 | unsigned(id);
}

struct Row {
  const float* z;  // [V]
  int vocab_size;
  float largest;

  __device__ float weight(float x) const { return exp(x - largest); }
  __device__ Whole units(float x) const { return Whole(weight(x) * 0x1p40f); }
  __device__ int bin(float x) const {
    const float d = largest - x;
    return d < kBins / kBinsOfOne ? int(d * kBinsOfOne) : kBins - 1;
  }
};

/// Sum over the warp's lanes up to this one.
__device__ inline Whole through_lane(Whole x) {
  const int lane = int(threadIdx.x) % kWarp;
  for (int step = 1; step < kWarp; step *= 2) {
    const Whole left = __shfl_up_sync(kAll, x, step);
    if (lane >= step) x += left;
  }
  return x;
}

/// Finds the first bin with which the sum, begun at `before`, reaches what is wanted: `share` of the sum of all
/// (share > 0), or `count`. Leaves bin and sum before it in s.
__device__ inline double find_bin(Shared& s, Whole before, double share, double wanted) {
  const int lane = int(threadIdx.x) % kWarp, warp = int(threadIdx.x) / kWarp;
  const Whole* bins = s.bins + kOfThread * threadIdx.x;
  Whole sum = 0;
  for (int i = 0; i < kOfThread; ++i) sum += bins[i];
  Whole through = through_lane(sum);
  if (lane == kWarp - 1) s.warps[warp] = through;
  if (threadIdx.x == 0) s.found = -1;
  __syncthreads();
  Whole total = before;
  for (int w = 0; w < kWarps; ++w) {
    if (w == warp) through += total;
    total += s.warps[w];
  }
  if (share > 0) wanted = share * double(total);
  for (int i = kOfThread; i-- > 0;) {
    const Whole at = through - bins[i];
    if (double(at) < wanted && double(through) >= wanted)
      s.found = kOfThread * int(threadIdx.x) + i, s.before = at;
    through = at;
  }
  __syncthreads();
  return wanted;
}

__device__ inline void clear_bins(Shared& s) {
  __syncthreads();
  for (int i = int(threadIdx.x); i < kBins; i += kThreads) s.bins[i] = 0;
  __syncthreads();
}

/// The last key of the prefix of the keys up to `limit` that reaches `share` of their weight, or `count` of them.
__device__ inline Whole last_key(Shared& s, const Row& row, Whole limit, double share, double count) {
  const auto amount = [&](float x) { return share > 0 ? row.units(x) : Whole{1}; };
  clear_bins(s);
  for (int v = int(threadIdx.x); v < row.vocab_size; v += kThreads)
    if (order_key(row.z[v], v) <= limit) atomicAdd(&s.bins[row.bin(row.z[v])], amount(row.z[v]));
  __syncthreads();
  const double wanted = find_bin(s, 0, share, count);
  const int bin = s.found;
  if (bin < 0) return limit;
  Whole key = 0;
  for (int shift = 56; shift >= 0; shift -= 8) {
    if (shift == 24 && row.vocab_size <= 1 << 24) continue;  // the id's first digit
    const Whole before = s.before;
    clear_bins(s);
    for (int v = int(threadIdx.x); v < row.vocab_size; v += kThreads) {
      const float x = row.z[v];
      const Whole k = order_key(x, v);
      if (row.bin(x) == bin && k <= limit && (shift == 56 || k >> (shift + 8) == key >> (shift + 8)))
        atomicAdd(&s.bins[k >> shift & 255], amount(x));
    }
    __syncthreads();
    find_bin(s, before, 0, wanted);
    key |= Whole(s.found) << shift;
  }
  return key;
}

/// Whether the row has a finite maximum and no NaN; sets it.
__device__ inline bool find_largest(Shared& s, Row& row_) {
  const int lane = int(threadIdx.x) % kWarp, warp = int(threadIdx.x) / kWarp;
  float largest = kMinusInfinity;
  int nan = 0;
  for (int v = int(threadIdx.x); v < row_.vocab_size; v += kThreads) {
    largest = max(row_.z[v], largest);
    nan |= row_.z[v] != row_.z[v];
  }
  for (int step = 16; step > 0; step /= 2) largest = max(__shfl_xor_sync(kAll, largest, step), largest);
  nan = __any_sync(kAll, nan);
  if (lane == 0) s.largest[warp] = largest, s.nan[warp] = nan;
  __syncthreads();
  for (int w = 0; w < kWarps; ++w) largest = max(s.largest[w], largest), nan |= s.nan[w];
  row_.largest = largest;
  return !nan && largest > kMinusInfinity && largest < -kMinusInfinity;
}

__global__ void __launch_bounds__(kThreads) filter_kernel(HeadFilterParams p) {
  Shared& s = shared_memory<Shared>();
  const cpu::HeadFilter filter = p.filters[blockIdx.x];
  float* z = p.z + blockIdx.x * p.vocab_size;
  Row row{z, int(p.vocab_size), 0};
  if (!find_largest(s, row)) return;
  Whole limit = ~Whole{0};
  if (filter.top_k > 0 && filter.top_k < p.vocab_size)
    limit = last_key(s, row, limit, 0, double(filter.top_k));
  if (filter.top_p < 1) limit = last_key(s, row, limit, double(filter.top_p), 0);
  for (int v = int(threadIdx.x); v < row.vocab_size; v += kThreads) {
    const bool stays = order_key(z[v], v) <= limit && !(filter.min_p > 0 && row.weight(z[v]) < filter.min_p);
    if (!stays) z[v] = kMinusInfinity;
  }
}

}  // namespace

void head_filter(const HeadFilterParams& p, Stream stream) {
  check(p.vocab_size >= 1 && p.vocab_size < kMostBlocks, "head_filter: got ", p.vocab_size, " ids");
  launch(filter_kernel, {p.rows, kThreads, sizeof(Shared)}, stream, p);
}

}  // namespace hone::cuda
