// The part of CUDA that the kernels in cuda_ext/cuda use, for a CPU: in the include path in front of CUDA's own
// header it makes g++ compile a .cu file as C++ and run its kernels (cuda_on_cpu.h). Threads of a block are
// fibers that run one after the other and change places at barriers and warp functions only. Device memory is
// host memory. What a kernel may not do on a GPU (a barrier that not all threads reach, a shuffle whose lanes
// are elsewhere, a misaligned asynchronous copy, a launch beyond the limits) throws std::logic_error.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <source_location>
#include <tuple>
#include <type_traits>

#include "tests/cuda_on_cpu/cuda_on_cpu.h"
#include "tests/cuda_on_cpu/tensor_core.h"

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(n) alignas(n)

// ---- types and places -------------------------------------------------------------------------------------

struct uint3 {
  unsigned x, y, z;
};
using dim3 = cuda_on_cpu::Dim3;
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};

inline constexpr int warpSize = 32;
extern dim3 threadIdx, blockIdx, blockDim, gridDim;  // of the thread that runs

// ---- barriers and warp functions --------------------------------------------------------------------------

using cuda_on_cpu::Site;

inline void __syncthreads(Site site = Site::current()) { cuda_on_cpu::block_barrier(site); }
inline void __syncwarp(unsigned mask = 0xFFFFFFFFu, Site site = Site::current()) {
  cuda_on_cpu::warp_barrier(mask, site);
}

template <class T>
T __shfl_sync(unsigned mask, T value, int lane, int width = 32, Site site = Site::current()) {
  static_assert(sizeof(T) <= 8 && std::is_trivially_copyable_v<T>);
  const int self = int(cuda_on_cpu::lane());
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = cuda_on_cpu::shuffle(mask, bits, self / width * width + (lane & (width - 1)), site);
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
template <class T>
T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, Site site = Site::current()) {
  const int self = int(cuda_on_cpu::lane());
  const int from = self ^ lanes;
  return __shfl_sync(mask, value, from / width > self / width ? self : from, 32, site);
}
template <class T>
T __shfl_up_sync(unsigned mask, T value, unsigned lanes, int width = 32, Site site = Site::current()) {
  const int self = int(cuda_on_cpu::lane()), from = self - int(lanes);
  return __shfl_sync(mask, value, from < self / width * width ? self : from, 32, site);
}
template <class T>
T __shfl_down_sync(unsigned mask, T value, unsigned lanes, int width = 32, Site site = Site::current()) {
  const int self = int(cuda_on_cpu::lane()), from = self + int(lanes);
  return __shfl_sync(mask, value, from >= (self / width + 1) * width ? self : from, 32, site);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, Site site = Site::current()) {
  return cuda_on_cpu::ballot(mask, predicate != 0, site);
}
inline int __any_sync(unsigned mask, int predicate, Site site = Site::current()) {
  return cuda_on_cpu::ballot(mask, predicate != 0, site) != 0;
}
inline int __all_sync(unsigned mask, int predicate, Site site = Site::current()) {
  return cuda_on_cpu::ballot(mask, predicate != 0, site) == mask;
}
template <class T>
unsigned __match_any_sync(unsigned mask, T value, Site site = Site::current()) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return cuda_on_cpu::match(mask, bits, site);
}

// ---- arithmetic -------------------------------------------------------------------------------------------

inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
inline int __float_as_int(float x) { return std::bit_cast<int>(x); }
inline unsigned __float_as_uint(float x) { return std::bit_cast<unsigned>(x); }
inline float __int_as_float(int x) { return std::bit_cast<float>(x); }
inline float __uint_as_float(unsigned x) { return std::bit_cast<float>(x); }
inline int __float2int_rn(float x) { return int(std::nearbyint(x)); }
inline float __int2float_rn(int x) { return float(x); }
inline float __uint2float_rn(unsigned x) { return float(x); }
inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned(uint64_t{a} * b >> 32); }
inline int __popc(unsigned x) { return std::popcount(x); }
inline int __ffs(unsigned x) { return x ? std::countr_zero(x) + 1 : 0; }
inline int __clz(unsigned x) { return std::countl_zero(x); }
inline float __ldg(const float* p) { return *p; }

/// Only one fiber runs at a time. Atomics are for whole numbers: sums of those have no order.
template <class T>
T atomicAdd(T* at, std::type_identity_t<T> value) {
  static_assert(std::is_integral_v<T>, "a sum of floats by atomics has no defined order");
  const T before = *at;
  *at = before + value;
  return before;
}

// ---- host -------------------------------------------------------------------------------------------------

enum cudaError_t { cudaSuccess = 0, cudaErrorInvalidValue = 1 };
using cudaStream_t = struct CUstream_st*;
inline const char* cudaGetErrorString(cudaError_t e) { return e == cudaSuccess ? "no error" : "invalid"; }

struct cudaDeviceProp {
  char name[256] = "cuda_on_cpu";
  int major = 9, minor = 0, multiProcessorCount = 1;
  size_t totalGlobalMem = size_t{1} << 30;
};
inline cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}
inline cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  *properties = {};
  return cudaSuccess;
}

enum cudaFuncAttribute { cudaFuncAttributeMaxDynamicSharedMemorySize };
template <class Kernel>
cudaError_t cudaFuncSetAttribute(Kernel* kernel, cudaFuncAttribute, int value) {
  cuda_on_cpu::allow_shared(reinterpret_cast<const void*>(kernel), size_t(value));
  return cudaSuccess;
}

struct cudaLaunchAttribute {};
struct cudaLaunchConfig_t {
  dim3 gridDim, blockDim;
  size_t dynamicSmemBytes = 0;
  cudaStream_t stream = nullptr;
  cudaLaunchAttribute* attrs = nullptr;
  unsigned numAttrs = 0;
};
template <class... Params, class... Given>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* config, void (*kernel)(Params...),
                               Given&&... given) {
  std::tuple<Params...> copies(given...);
  const auto show = [](auto& copy) {
#if __has_builtin(__builtin_clear_padding)
    __builtin_clear_padding(&copy);
#endif
    cuda_on_cpu::before_launch(&copy, sizeof copy);
  };
  const auto each = [show](auto&... copy) { (show(copy), ...); };
  std::apply(each, copies);
  cuda_on_cpu::launch({.kernel = reinterpret_cast<const void*>(kernel),
                       .grid = config->gridDim,
                       .block = config->blockDim,
                       .shared = config->dynamicSmemBytes,
                       .parameters = (sizeof(Params) + ... + 0)},
                      [=] { std::apply(kernel, copies); });
  return cudaSuccess;
}
