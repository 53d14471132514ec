// Attention, forward, with 128 columns of the values a block.
#include "cuda_ext/cuda/attention_forward.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_128(const AttentionParams& p, Stream stream) { launch_attention<2>(p, stream); }

}  // namespace hone::cuda
