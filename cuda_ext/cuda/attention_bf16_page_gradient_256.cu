// attention_bf16_page_gradient.cuh with 256 columns of dk and 256 of dv a block.
#include "cuda_ext/cuda/attention_bf16_page_gradient.cuh"

namespace hone::cuda {

void attention_bf16_page_gradient_256(const Bf16PageGradientParams& p, Stream stream) {
  launch_bf16_page_gradient<4, 4>(p, stream);
}

}  // namespace hone::cuda
