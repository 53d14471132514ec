// Attention, the queries' gradient, with 64 columns of the keys a block.
#include "cuda_ext/cuda/attention_query_gradient.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_query_gradient_64(const AttentionQueryGradientParams& p, Stream stream) {
  launch_query_gradient<1>(p, stream);
}

}  // namespace hone::cuda
