// A product on a GPU by what its weight is made of: chains of fma for float32 (cuda/gemm.h), steps of tensor cores
// for bfloat16 (cuda/gemm_bf16.h). Only for ops_*.cpp and gpu_*.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include "cuda_ext/cuda/gemm.h"

namespace hone::ops {

/// p with B's data being `weight`'s, at p's strides; p.b is not used.
void gpu_gemm(const cuda::GemmParams& p, const at::Tensor& weight, cuda::Stream stream);

}  // namespace hone::ops
