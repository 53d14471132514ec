#include "cuda_ext/device.h"

#include <ATen/Context.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <dlfcn.h>

#include <filesystem>
#include <iostream>

#include "core/error.h"
#include "cuda_ext/cuda/probe.h"
#include "cuda_ext/gpu.h"

namespace hone {
namespace {

constexpr int kLeastMajor = 8;  // sm_80

std::string no_kernels() {
  return "this build has no CUDA kernels (HONE_CUDA=off, or no nvcc when it was configured)";
}

/// Loads the CUDA half of LibTorch, which this program is not linked with: it needs libraries that a machine without
/// a GPU does without. Its operators register themselves. Empty, or what went wrong.
std::string load_torch_cuda() {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<const void*>(&at::globalContext), &info))
    return "LibTorch's folder is unknown";
  const std::filesystem::path library =
      std::filesystem::path(info.dli_fname).parent_path() / "libtorch_cuda.so";
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) return {};
  const char* error = dlerror();
  return concat(error ? error : library.string(), "; 'pip install torch==2.11.0' brings all that it needs");
}

bool has_driver() {
  std::error_code missing;
  return std::filesystem::exists("/proc/driver/nvidia/version", missing);
}

/// A template, so that a build without kernels has no reference to them.
template <bool kKernels = ops::kHasCudaKernels>
GpuReport find() {
  if constexpr (!kKernels) {
    return {"", no_kernels() + (has_driver() ? "" : ", and no NVIDIA driver is loaded")};
  } else {
    const cuda::Gpu gpu = cuda::probe_gpu();
    if (gpu.error[0]) return {"", has_driver() ? gpu.error : "no NVIDIA driver is loaded"};
    GpuReport report{concat(gpu.name, ", sm_", gpu.major, gpu.minor, ", ", gpu.memory >> 30, " GiB"), ""};
    if (gpu.major < kLeastMajor)
      report.why_not = concat("the kernels need sm_80 or newer, the GPU is sm_", gpu.major, gpu.minor);
    else
      report.why_not = load_torch_cuda();
    return report;
  }
}

}  // namespace

GpuReport find_gpu() { return find(); }

at::Device open_device(const std::string& name) {
  check_input(name == "cpu" || name == "cuda" || name == "auto", "device: got '", name,
              "', expected auto, cpu or cuda");
  if (name == "cpu") return at::kCPU;
  const GpuReport gpu = find_gpu();
  if (gpu.why_not.empty()) return at::Device(at::kCUDA, 0);
  check_input(name == "auto", "--device cuda: ", gpu.why_not);
  if (!gpu.name.empty())
    std::cerr << "hone: the GPU (" << gpu.name << ") is not used: " << gpu.why_not << "\n";
  return at::kCPU;
}

std::optional<int64_t> free_memory(at::Device device) {
  auto* memory =
      device.is_cuda() ? dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type())) : nullptr;
  if (!memory) return std::nullopt;
  const auto of_all = size_t(c10::CachingAllocator::StatType::AGGREGATE);
  const auto stats = memory->getDeviceStats(device.index());
  return int64_t(memory->getMemoryInfo(device.index()).first) + stats.reserved_bytes[of_all].current -
         stats.allocated_bytes[of_all].current;
}

at::ScalarType products_on(at::Device device, const std::string& dtype, const std::string& key) {
  if (dtype == "float32") return at::kFloat;
  check_input(dtype == "bfloat16", key, ": got '", dtype, "', expected float32 or bfloat16");
  check_input(device.is_cuda(), key,
              ": bfloat16 is computed on a GPU only, and this is the CPU; expected float32");
  return at::kBFloat16;
}

}  // namespace hone
