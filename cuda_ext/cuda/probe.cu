// Asks the driver for the first GPU. No kernel.
#include <cuda_runtime.h>

#include <cstdio>

#include "cuda_ext/cuda/probe.h"

namespace hone::cuda {
namespace {

Gpu failed(const char* call, cudaError_t status) {
  Gpu gpu;
  std::snprintf(gpu.error, sizeof gpu.error, "%s: %s", call, cudaGetErrorString(status));
  return gpu;
}

}  // namespace

Gpu probe_gpu() {
  int count = 0;
  if (const cudaError_t status = cudaGetDeviceCount(&count); status != cudaSuccess)
    return failed("no CUDA device", status);
  cudaDeviceProp properties{};
  if (const cudaError_t status = cudaGetDeviceProperties(&properties, 0); status != cudaSuccess)
    return failed("cudaGetDeviceProperties", status);
  Gpu gpu;
  std::snprintf(gpu.name, sizeof gpu.name, "%s", properties.name);
  gpu.major = properties.major, gpu.minor = properties.minor;
  gpu.multiprocessors = properties.multiProcessorCount;
  gpu.memory = int64_t(properties.totalGlobalMem);
  return gpu;
}

}  // namespace hone::cuda
