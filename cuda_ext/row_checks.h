// What operators on rows check, and how many rows are worth a task. For ops_*.cpp only.
#pragma once

#include <ATen/core/Tensor.h>

#include <algorithm>

namespace hone::ops {

inline constexpr int64_t kGrainNumbers = 16384;  // elements that are worth a task

inline int64_t grain(int64_t row_size) {
  return std::max<int64_t>(1, kGrainNumbers / std::max<int64_t>(row_size, 1));
}

inline void check_rows(const at::Tensor& x, const char* name, int64_t dims) {
  TORCH_CHECK(x.defined() && x.dim() == dims && x.scalar_type() == at::kFloat, name,
              ": expected a float32 tensor of ", dims, " dimensions, got ",
              x.defined() ? x.toString() : "undefined", x.defined() ? x.sizes() : at::IntArrayRef{});
  TORCH_CHECK(x.size(-1) <= 1 || x.stride(-1) == 1, name, ": rows have to be contiguous, got strides ",
              x.strides());
}

inline void check_like(const at::Tensor& x, const char* name, const at::Tensor& other) {
  check_rows(x, name, other.dim());
  TORCH_CHECK(x.sizes() == other.sizes(), name, ": got shape ", x.sizes(), ", expected ", other.sizes());
}

}  // namespace hone::ops
