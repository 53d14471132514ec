#include "cuda_ext/gpu_gemm.h"

#include "cuda_ext/cuda/gemm_bf16.h"

namespace hone::ops {
namespace {

cuda::Bf16GemmParams on_tensor_cores(const cuda::GemmParams& p, const at::Tensor& weight) {
  return {.a = p.a,
          .a_row = p.a_row,
          .a_k = p.a_k,
          .a_batch = p.a_batch,
          .b = static_cast<const cuda::Bf16*>(weight.const_data_ptr()),
          .b_k = p.b_k,
          .b_col = p.b_col,
          .b_batch = p.b_batch,
          .c = p.c,
          .c_row = p.c_row,
          .c_batch = p.c_batch,
          .bias = p.bias,
          .bias_batch = p.bias_batch,
          .m = p.m,
          .n = p.n,
          .k = p.k,
          .batch = p.batch,
          .accumulate = p.accumulate,
          .grouped = p.grouped,
          .offsets = p.offsets};
}

}  // namespace

void gpu_gemm(const cuda::GemmParams& p, const at::Tensor& weight, cuda::Stream stream) {
  if (weight.scalar_type() == at::kBFloat16) return cuda::gemm_bf16(on_tensor_cores(p, weight), stream);
  cuda::GemmParams q = p;
  q.b = weight.const_data_ptr<float>();
  cuda::gemm(q, stream);
}

}  // namespace hone::ops
