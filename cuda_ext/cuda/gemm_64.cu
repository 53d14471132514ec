// The 64 x 64 tile of gemm.h: four times the blocks, where 128 x 128 would leave multiprocessors idle.
#include "cuda_ext/cuda/gemm_tile.cuh"

namespace hone::cuda {

void gemm_64(const GemmParams& p, Stream stream) { launch_gemm_tile<4, 4>(p, stream); }

}  // namespace hone::cuda
