// Which device a command computes on, found out once, with the reason where it cannot be a GPU.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>

namespace hone {

/// What is known of the first GPU. It can be used if why_not is empty; finding out loads LibTorch's CUDA library.
struct GpuReport {
  std::string name;     // "NVIDIA H200, sm_90, 139 GiB"; empty without one
  std::string why_not;  // for a sentence that begins with "off: "
};
GpuReport find_gpu();

/// "cpu", "cuda" (an InputError where there is none that works), or "auto": cuda if there is one that works; a GPU
/// that does not is a line in the log. Names a device whose tensors the operators take.
at::Device open_device(const std::string& name);

/// Bytes of its memory that LibTorch could still hand out: what the driver has left and what is cached; nothing where
/// the device does not say.
std::optional<int64_t> free_memory(at::Device device);

/// What matrices are multiplied in there: "float32", or on a GPU "bfloat16" (with float32 sums); an InputError that
/// begins with `key` otherwise.
at::ScalarType products_on(at::Device device, const std::string& dtype, const std::string& key);

}  // namespace hone
