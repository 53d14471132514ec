// LibTorch's CUDA device, in host memory: tensors whose device is cuda:0, allocated by the CPU's allocator, on which
// every operator of ATen runs its CPU kernel. With the kernels of cuda_ext/cuda compiled for a CPU
// (tests/cuda_on_cpu) a whole run works on such tensors, and a tensor that was forgotten on the CPU shows.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <algorithm>
#include <unordered_map>

#include "tests/cuda_on_cpu/cuda_on_cpu.h"
#include "tests/gpu/test_gpu.h"

namespace hone {
namespace {

const c10::Device kFakeGpu(c10::kCUDA, 0);

/// What a test lets the device have: it says so, and refuses.
struct Memory : c10::DeviceAllocator {
  int64_t free = int64_t{1} << 30, largest = int64_t{1} << 40;

  c10::DataPtr allocate(size_t) override { throw std::logic_error("fake device: tensors are the CPU's"); }
  void copy_data(void*, const void*, size_t) const override {}
  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t) override {}
  void recordStream(const c10::DataPtr&, c10::Stream) override {}
  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex) override { return {}; }
  void resetAccumulatedStats(c10::DeviceIndex) override {}
  void resetPeakStats(c10::DeviceIndex) override {}
  std::pair<size_t, size_t> getMemoryInfo(c10::DeviceIndex) override { return {size_t(free), size_t(free)}; }
};
Memory& memory() {
  static Memory instance;
  return instance;
}
const c10::AllocatorRegisterer<c10::kCUDA> kRegistered(&memory());

// Streams and devices are not switched.
C10_REGISTER_GUARD_IMPL(CUDA, c10::impl::NoOpDeviceGuardImpl<c10::DeviceType::CUDA>)

/// The same memory as a tensor of another device; keeps t alive.
at::Tensor alias(const at::Tensor& t, c10::Device device) {
  return at::for_blob(t.data_ptr(), t.sizes())
      .strides(t.strides())
      .deleter([t](void*) {})
      .options(t.options().device(device))
      .target_device(device)
      .make_tensor();
}

const at::Tensor& allocated(const at::Tensor& t) {
  TORCH_CHECK_WITH(OutOfMemoryError, int64_t(t.nbytes()) <= memory().largest, "fake device: ", t.nbytes(),
                   " bytes");
  return t;
}

using Aliases = std::unordered_map<at::TensorImpl*, at::Tensor>;

/// What stands on the CPU for an argument; originals_ remembers the tensor by its alias.
c10::IValue to_cpu(const c10::IValue& value, Aliases& aliases_, Aliases& originals_) {
  if (value.isDevice()) return c10::Device(c10::kCPU);
  if (value.isTensor()) {
    const at::Tensor& t = value.toTensor();
    if (!t.defined() || !t.is_cuda()) return value;
    at::Tensor& on_cpu = aliases_[t.unsafeGetTensorImpl()];
    if (!on_cpu.defined()) on_cpu = alias(t, c10::kCPU), originals_[on_cpu.unsafeGetTensorImpl()] = t;
    return on_cpu;
  }
  if (value.isTensorList()) {
    c10::List<at::Tensor> list;
    for (const at::Tensor& t : value.toTensorVector())
      list.push_back(to_cpu(t, aliases_, originals_).toTensor());
    return list;
  }
  return value;
}

/// Every operator: its CPU kernel on aliases. What it returns is an argument, or a tensor of this device.
void run_on_cpu(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  Aliases aliases, originals;
  const size_t arguments = op.schema().arguments().size(), begin = stack->size() - arguments;
  std::vector<at::TensorImpl*> given;
  for (size_t i = begin; i < stack->size(); ++i) {
    if ((*stack)[i].isTensor()) given.push_back((*stack)[i].toTensor().unsafeGetTensorImpl());
    (*stack)[i] = to_cpu((*stack)[i], aliases, originals);
  }
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  for (size_t i = stack->size() - op.schema().returns().size(); i < stack->size(); ++i) {
    if (!(*stack)[i].isTensor() || !(*stack)[i].toTensor().defined()) continue;
    const at::Tensor result = (*stack)[i].toTensor();
    const auto original = originals.find(result.unsafeGetTensorImpl());
    const bool argument = std::find(given.begin(), given.end(), result.unsafeGetTensorImpl()) != given.end();
    if (original != originals.end())
      (*stack)[i] = original->second;
    else if (!argument)
      (*stack)[i] = alias(allocated(result), kFakeGpu);
  }
}

}  // namespace

void play_memory(int64_t free, int64_t largest) { memory().free = free, memory().largest = largest; }

std::optional<TestGpu> open_test_gpu() {
  return TestGpu{.device = kFakeGpu,
                 .running = std::make_shared<cuda_on_cpu::Device>(cuda_on_cpu::Order::ascending),
                 .played = true};
}

}  // namespace hone

TORCH_LIBRARY_IMPL(_, CUDA, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&hone::run_on_cpu>()); }
// Otherwise made of others, which would look for a CUDA kernel.
TORCH_LIBRARY_IMPL(aten, CUDA, m) {
  m.impl("copy_", torch::CppFunction::makeFromBoxedFunction<&hone::run_on_cpu>());
}
