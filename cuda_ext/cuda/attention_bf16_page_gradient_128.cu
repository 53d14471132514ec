// attention_bf16_page_gradient.cuh with 128 columns of dk and 128 of dv a block.
#include "cuda_ext/cuda/attention_bf16_page_gradient.cuh"

namespace hone::cuda {

void attention_bf16_page_gradient_128(const Bf16PageGradientParams& p, Stream stream) {
  launch_bf16_page_gradient<2, 2>(p, stream);
}

}  // namespace hone::cuda
