// attention_bf16_page_gradient.cuh with 576 columns of dk and 512 of dv a block.
#include "cuda_ext/cuda/attention_bf16_page_gradient.cuh"

namespace hone::cuda {

void attention_bf16_page_gradient_576(const Bf16PageGradientParams& p, Stream stream) {
  launch_bf16_page_gradient<9, 8>(p, stream);
}

}  // namespace hone::cuda
