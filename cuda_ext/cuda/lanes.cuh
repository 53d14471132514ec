// Rows as sixteen lanes, a half-warp each: a lane owns the elements of its index mod 16, and the sixteen
// partial sums are added by the one tree (8, 4, 2, 1). And four numbers at a time where memory is aligned.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "cuda_ext/cuda/elementary.cuh"

namespace hone::cuda {

inline constexpr int kLanes = 16;

/// The half-warp that a thread of a one-dimensional block belongs to.
struct HalfWarp {
  int lane;       // 0 to 15
  unsigned mask;  // of its sixteen threads

  __device__ HalfWarp() : lane(int(threadIdx.x) % kLanes), mask(0xFFFFu << (threadIdx.x & 16)) {}
};

/// simd.h's sum: every lane gets what lane 0 would.
__device__ inline float tree_sum(float x, const HalfWarp& half) {
#pragma unroll
  for (int step = 8; step > 0; step /= 2) x = x + __shfl_xor_sync(half.mask, x, step);
  return x;
}

/// simd.h's max, with the lower lane as the first argument.
__device__ inline float tree_max(float x, const HalfWarp& half) {
#pragma unroll
  for (int step = 8; step > 0; step /= 2) {
    const float other = __shfl_xor_sync(half.mask, x, step);
    x = half.lane & step ? max(other, x) : max(x, other);
  }
  return x;
}

/// W neighbours in memory; with W = 4 one access of 16 bytes, of an aligned address.
template <int W>
struct alignas(4 * W) Vec {
  float v[W];
};
template <int W>
__device__ inline Vec<W> load(const float* p) {
  return *reinterpret_cast<const Vec<W>*>(p);
}
template <int W>
__device__ inline void store(float* p, const Vec<W>& x) {
  *reinterpret_cast<Vec<W>*>(p) = x;
}
/// f of each of the W numbers of the arguments.
template <int W, class F, class... V>
__device__ inline Vec<W> map(F f, const V&... x) {
  Vec<W> y;
#pragma unroll
  for (int i = 0; i < W; ++i) y.v[i] = f(x.v[i]...);
  return y;
}

/// Whether four numbers at a time may be read from `data` and from every row behind it. (Host.)
inline bool in_fours(const void* data, int64_t stride = 0, int64_t other_stride = 0) {
  return reinterpret_cast<uintptr_t>(data) % 16 == 0 && stride % 4 == 0 && other_stride % 4 == 0;
}

}  // namespace hone::cuda
