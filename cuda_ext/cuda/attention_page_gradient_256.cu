// Attention, the gradients of pages, with 256 columns of the keys and 256 of the values a block.
#include "cuda_ext/cuda/attention_page_gradient.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_page_gradient_256(const AttentionPageGradientParams& p, Stream stream) {
  launch_page_gradient<4, 4>(p, stream);
}

}  // namespace hone::cuda
