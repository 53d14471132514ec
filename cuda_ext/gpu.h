// Where an operator runs: on the device of its tensors. Only for ops_*.cpp. Indices that the host plans with stay
// on the CPU and are copied to the device by the operator that needs them there.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "cuda_ext/cuda/stream.h"

namespace hone::ops {

#if defined(HONE_CUDA_KERNELS)
inline constexpr bool kHasCudaKernels = true;
#else
inline constexpr bool kHasCudaKernels = false;
#endif

/// A tensor that an operator works with, and its name in messages.
struct Operand {
  const char* name;
  const at::Tensor& tensor;  // may be undefined
};
/// Whether the operands are on a GPU; throws unless all of them are on one device.
bool on_gpu(const char* op, std::initializer_list<Operand> operands);

/// Runs f(stream) if the operands are on a GPU; false: they are on the CPU, and nothing was done. f is generic, so
/// that a build without kernels has no reference to them.
template <class F>
bool ran_on_gpu(const char* op, std::initializer_list<Operand> operands, F f) {
  if (!on_gpu(op, operands)) return false;
  if constexpr (kHasCudaKernels) f(cuda::Stream{});  // the default stream, which ATen uses too
  return true;
}

/// A copy of host numbers on x's device, as bytes. Neither the host nor what the device is doing waits for it.
at::Tensor upload_bytes(const void* data, size_t bytes, const at::Tensor& x);

/// Arrays that live on the device of `like` as long as this does.
class Uploads {
 public:
  explicit Uploads(const at::Tensor& like) : like_(like) {}
  template <class T>
  const T* operator()(const T* data, size_t count) {
    kept_.push_back(upload_bytes(data, count * sizeof(T), like_));
    return static_cast<const T*>(kept_.back().const_data_ptr());
  }
  template <class T>
  const T* operator()(const std::vector<T>& x) {
    return (*this)(x.data(), x.size());
  }
  /// Of a contiguous tensor on the CPU, or of one that is there already.
  template <class T>
  const T* operator()(const at::Tensor& x) {
    if (!x.is_cpu()) return x.const_data_ptr<T>();
    return (*this)(x.const_data_ptr<T>(), size_t(x.numel()));
  }

 private:
  at::Tensor like_;
  std::vector<at::Tensor> kept_;
};

}  // namespace hone::ops
