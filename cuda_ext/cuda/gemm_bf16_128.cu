// The 128 x 128 tile of gemm_bf16.h. Bound: tensor cores; a warp does 64 x 32 outputs.
#include "cuda_ext/cuda/gemm_bf16_tile.cuh"

namespace hone::cuda {

void gemm_bf16_128(const Bf16GemmParams& p, Stream stream) {
  launch_bf16_tile<Bf16Tile<128, 128, 2, 4, 32, 4, 1>>(p, stream);
}

}  // namespace hone::cuda
