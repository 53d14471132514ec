// The 64 x 64 tile of gemm_bf16.h: where 128 x 128 would leave multiprocessors idle.
#include "cuda_ext/cuda/gemm_bf16_tile.cuh"

namespace hone::cuda {

void gemm_bf16_64(const Bf16GemmParams& p, Stream stream) {
  launch_bf16_tile<Bf16Tile<64, 64, 2, 2, 32, 4, 2>>(p, stream);
}

}  // namespace hone::cuda
