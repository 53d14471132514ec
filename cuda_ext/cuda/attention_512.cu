// Attention, forward, with 512 columns of the values a block.
#include "cuda_ext/cuda/attention_forward.cuh"
#include "cuda_ext/cuda/attention_tiles.h"

namespace hone::cuda {

void attention_512(const AttentionParams& p, Stream stream) { launch_attention<8>(p, stream); }

}  // namespace hone::cuda
