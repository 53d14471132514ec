// Attention, forward, with 256 columns of the values a block.
#include "cuda_ext/cuda/attention_forward.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_256(const AttentionParams& p, Stream stream) { launch_attention<4>(p, stream); }

}  // namespace hone::cuda
