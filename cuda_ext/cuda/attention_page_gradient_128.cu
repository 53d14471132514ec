// Attention, the gradients of pages, with 128 columns of the keys and 128 of the values a block.
#include "cuda_ext/cuda/attention_page_gradient.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_page_gradient_128(const AttentionPageGradientParams& p, Stream stream) {
  launch_page_gradient<2, 2>(p, stream);
}

}  // namespace hone::cuda
