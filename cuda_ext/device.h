// Which device a command computes on, found out once, with the reason where it cannot be a GPU.
#pragma once

#include <ATen/core/Tensor.h>

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

}  // namespace hone
