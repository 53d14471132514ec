#include "tests/cuda_on_gpu/gpu.h"

#include <cuda_runtime.h>

#include <charconv>
#include <cstdlib>
#include <random>

#include "core/error.h"

namespace hone::test_device {
namespace {

uint32_t choose_seed() {
  const char* given = std::getenv("HONE_TEST_SEED");
  if (!given) return std::random_device()();
  const std::string text = given;
  uint32_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  check(error == std::errc() && end == text.data() + text.size(), "HONE_TEST_SEED: got '", text,
        "', expected a whole number below 2^32");
  return seed;
}

}  // namespace

std::string why_no_gpu() {
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) return std::string("cudaGetDeviceCount: ") + cudaGetErrorString(status);
  if (devices == 0) return "the driver knows no device";
  cudaDeviceProp properties{};
  if (const cudaError_t error = cudaGetDeviceProperties(&properties, 0))
    return std::string("cudaGetDeviceProperties: ") + cudaGetErrorString(error);
  if (properties.major >= 8) return {};
  return concat(properties.name, " has compute capability ", properties.major, ".", properties.minor,
                ", the kernels need 8.0");
}

uint32_t gpu_test_seed() {
  static const uint32_t seed = choose_seed();
  return seed;
}

}  // namespace hone::test_device
