// attention_bf16_query_gradient.cuh with 256 columns of dq a block.
#include "cuda_ext/cuda/attention_bf16_query_gradient.cuh"

namespace hone::cuda {

void attention_bf16_query_gradient_256(const Bf16QueryGradientParams& p, Stream stream) {
  launch_bf16_query_gradient<4>(p, stream);
}

}  // namespace hone::cuda
