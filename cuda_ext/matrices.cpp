#include "cuda_ext/matrices.h"

#include <c10/util/Exception.h>

namespace hone::ops {
namespace {

Matrices matrices(const at::Tensor& t, const char* what, int batch_dim) {
  if (!is_bf16(t)) check_float(t, what);
  TORCH_CHECK(t.dim() == 2 || t.dim() == 3, what, ": got shape ", t.sizes(), ", expected 2 or 3 dimensions");
  float* data = is_bf16(t) ? nullptr : t.data_ptr<float>();
  if (t.dim() == 2) return {1, 0, {data, t.size(0), t.size(1), t.stride(0), t.stride(1)}};
  const int row_dim = 1 - batch_dim;
  return {t.size(batch_dim),
          t.stride(batch_dim),
          {data, t.size(row_dim), t.size(2), t.stride(row_dim), t.stride(2)}};
}

}  // namespace

void check_float(const at::Tensor& t, const char* what) {
  TORCH_CHECK(t.defined(), what, ": undefined");
  TORCH_CHECK(t.scalar_type() == at::kFloat, what, ": got ", t.scalar_type(), ", expected float32");
}

bool is_bf16(const at::Tensor& t) { return t.defined() && t.is_cuda() && t.scalar_type() == at::kBFloat16; }

Matrices activations(const at::Tensor& t, const char* what) {
  check_float(t, what);
  return matrices(t, what, 1);
}

Matrices output(const at::Tensor& t, const char* what) {
  const Matrices m = activations(t, what);
  TORCH_CHECK(m.first.rows_contiguous(), what, ": got strides ", t.strides(), ", expected contiguous rows");
  return m;
}

Matrices weights(const at::Tensor& t, const char* what) { return matrices(t, what, 0); }

void check_same(int64_t a, int64_t b, const char* letter, const at::Tensor& first, const at::Tensor& second) {
  TORCH_CHECK(a == b, "linear: ", letter, " differs between ", first.sizes(), " and ", second.sizes());
}

}  // namespace hone::ops
