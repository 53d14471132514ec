// Launching a kernel, checked, and the shared memory that it asks for. All of it is dynamic, as one struct a
// kernel: its size is known where it is launched, and a test build can make it exactly that large.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>
#include <type_traits>

#include "core/error.h"
#include "cuda_ext/cuda/stream.h"

#define CUDA_CHECK(call) ::hone::cuda::check_cuda(call, #call, __FILE__, __LINE__)

namespace hone::cuda {

inline void check_cuda(cudaError_t status, const char* call, const char* file, int line) {
  check(status == cudaSuccess, file, ":", line, ": ", call, ": ", cudaGetErrorString(status));
}

inline constexpr int64_t kSharedWithoutAsking = 48 * 1024;  // bytes
inline constexpr int64_t kMostShared = 227 * 1024;          // bytes of sm_90; sm_80 has 163 KB
inline constexpr int64_t kMostBlocks = 0x7FFFFFFF;

struct Geometry {
  int64_t blocks;
  unsigned threads;
  int64_t shared = 0;  // bytes
};

/// Runs kernel(params...) in g.blocks blocks of one dimension; without blocks there is nothing to do.
template <class... Params>
void launch(void (*kernel)(Params...), const Geometry& g, Stream stream,
            const std::type_identity_t<Params>&... params) {
  if (g.blocks == 0) return;
  check(g.blocks > 0 && g.blocks <= kMostBlocks, "CUDA launch: got ", g.blocks, " blocks, expected up to ",
        kMostBlocks);
  if (g.shared > kSharedWithoutAsking)
    CUDA_CHECK(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, int(g.shared)));
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(unsigned(g.blocks));
  config.blockDim = dim3(g.threads);
  config.dynamicSmemBytes = size_t(g.shared);
  config.stream = stream;
  CUDA_CHECK(cudaLaunchKernelEx(&config, kernel, params...));
}

inline int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The block's shared memory as a T (or the beginning of it).
template <class T>
__device__ inline T& shared_memory() {
#if defined(__CUDACC__)
  extern __shared__ __align__(16) unsigned char bytes[];
  return reinterpret_cast<T&>(bytes);
#else
  return *static_cast<T*>(cuda_on_cpu::shared_memory());
#endif
}

}  // namespace hone::cuda
