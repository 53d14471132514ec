// Attention, the gradients of pages, with 576 columns of the keys and 512 of the values a block.
#include "cuda_ext/cuda/attention_page_gradient.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_page_gradient_576(const AttentionPageGradientParams& p, Stream stream) {
  launch_page_gradient<9, 8>(p, stream);
}

}  // namespace hone::cuda
