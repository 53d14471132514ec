// attention_bf16_page_gradient.cuh with 64 columns of dk and 64 of dv a block.
#include "cuda_ext/cuda/attention_bf16_page_gradient.cuh"

namespace hone::cuda {

void attention_bf16_page_gradient_64(const Bf16PageGradientParams& p, Stream stream) {
  launch_bf16_page_gradient<1, 1>(p, stream);
}

}  // namespace hone::cuda
