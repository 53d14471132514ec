// The 128 x 128 tile of gemm.h.
#include "cuda_ext/cuda/gemm_tile.cuh"

namespace hone::cuda {

void gemm_128(const GemmParams& p, Stream stream) { launch_gemm_tile<8, 8>(p, stream); }

}  // namespace hone::cuda
