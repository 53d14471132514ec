// Attention, the gradients of pages, with 64 columns of the keys and 64 of the values a block.
#include "cuda_ext/cuda/attention_page_gradient.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_page_gradient_64(const AttentionPageGradientParams& p, Stream stream) {
  launch_page_gradient<1, 1>(p, stream);
}

}  // namespace hone::cuda
