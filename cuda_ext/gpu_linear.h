// Linear layers on a GPU, after the checks of ops_linear.cpp: parameters of the kernels' products. With experts, rows of
// x, y and their gradients are sorted by expert, and weights, biases and their gradients have one for each. Only for
// ops_linear.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include "cuda_ext/cuda/stream.h"
#include "cuda_ext/matrices.h"
#include "cuda_ext/ops.h"

namespace hone::ops {

/// Expert e owns rows [offsets[e], offsets[e + 1]), on the device. Without experts: null.
struct ExpertRows {
  int64_t experts = 0;
  const int64_t* offsets = nullptr;
};

void gpu_linear(const Matrices& y, const Matrices& x, const at::Tensor& packed, const at::Tensor& bias,
                const ExpertRows& rows, cuda::Stream stream);
void gpu_linear_backward_input(const Matrices& dx, const Matrices& dy, const at::Tensor& w, bool accumulate,
                               const ExpertRows& rows, cuda::Stream stream);
/// Rows or columns of dw are contiguous. On tensor cores if steps are defined.
void gpu_linear_backward_weight(const Matrices& dw, const Matrices& dy, const Matrices& x,
                                const GradientSteps& steps, const ExpertRows& rows, cuda::Stream stream);
/// db [1, N] or, of each expert, [E, N].
void gpu_linear_backward_bias(const at::Tensor& db, const at::Tensor& dy, const ExpertRows& rows,
                              cuda::Stream stream);

}  // namespace hone::ops
