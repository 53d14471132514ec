// attention_bf16_forward.cuh with 256 columns of the outputs a block.
#include "cuda_ext/cuda/attention_bf16_forward.cuh"

namespace hone::cuda {

void attention_bf16_256(const Bf16AttentionParams& p, Stream stream) { launch_attention_bf16<4>(p, stream); }

}  // namespace hone::cuda
