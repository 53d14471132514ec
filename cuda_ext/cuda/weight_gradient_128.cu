// The 128 x 128 tile of weight_gradient.h; a warp does 64 x 32 outputs.
#include "cuda_ext/cuda/weight_gradient.cuh"

namespace hone::cuda {

void weight_gradient_128(const WeightGradientParams& p, Stream stream) {
  launch_weight_gradient<Bf16Tile<128, 128, 2, 4, 32, 3, 1>>(p, stream);
}

}  // namespace hone::cuda
