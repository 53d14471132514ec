// The 64 x 64 tile of weight_gradient.h, where 128 x 128 would leave multiprocessors idle; a warp does 32 x 32 outputs.
#include "cuda_ext/cuda/weight_gradient.cuh"

namespace hone::cuda {

void weight_gradient_64(const WeightGradientParams& p, Stream stream) {
  launch_weight_gradient<Bf16Tile<64, 64, 2, 2, 32, 3, 2>>(p, stream);
}

}  // namespace hone::cuda
