// Attention, forward, with 64 columns of the values a block.
#include "cuda_ext/cuda/attention_forward.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_64(const AttentionParams& p, Stream stream) { launch_attention<1>(p, stream); }

}  // namespace hone::cuda
