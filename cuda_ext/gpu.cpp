#include "cuda_ext/gpu.h"

#include <ATen/Context.h>
#include <ATen/ops/empty.h>

#include <cstring>

namespace hone::ops {

bool on_gpu(const char* op, std::initializer_list<Operand> operands) {
  const Operand* first = nullptr;
  for (const Operand& o : operands) {
    if (!o.tensor.defined()) continue;
    if (!first) first = &o;
    TORCH_CHECK(o.tensor.device() == first->tensor.device(), op, ": ", o.name, " is on ", o.tensor.device(),
                ", ", first->name, " on ", first->tensor.device(), ", expected one device");
  }
  if (!first || first->tensor.is_cpu()) return false;
  TORCH_CHECK(first->tensor.is_cuda(), op, ": ", first->name, " is on ", first->tensor.device(),
              ", expected cpu or cuda");
  TORCH_CHECK(kHasCudaKernels, op, ": ", first->name, " is on ", first->tensor.device(),
              ", and this build has no CUDA kernels");
  return true;
}

at::Tensor upload_bytes(const void* data, size_t bytes, const at::Tensor& x) {
  // Page-locked memory is read by the device in its own time; LibTorch keeps it until then.
  const bool locked = x.is_cuda() && at::globalContext().hasCUDA();
  at::Tensor host = at::empty({int64_t(bytes)}, at::TensorOptions().dtype(at::kByte).pinned_memory(locked));
  if (bytes > 0) std::memcpy(host.data_ptr(), data, bytes);
  return host.to(x.device(), /*non_blocking=*/locked);
}

}  // namespace hone::ops
