// Few rows (decoding): a block has 32 columns, so that the weights are read once by as many blocks as there can be,
// each with three slices of 64 links on their way. Bound: reading B, 2 bytes for 2 m operations.
#include "cuda_ext/cuda/gemm_bf16_tile.cuh"

namespace hone::cuda {

void gemm_bf16_thin(const Bf16GemmParams& p, int sixteens, Stream stream) {
  switch (sixteens) {
    case 1:
      return launch_bf16_tile<Bf16Tile<16, 32, 1, 4, 64, 4, 2>>(p, stream);
    case 2:
      return launch_bf16_tile<Bf16Tile<32, 32, 1, 4, 64, 4, 2>>(p, stream);
    default:
      check(sixteens == 4, "gemm_bf16_thin: got ", sixteens, " times sixteen rows, expected 1, 2 or 4");
      return launch_bf16_tile<Bf16Tile<64, 32, 1, 4, 64, 4, 2>>(p, stream);
  }
}

}  // namespace hone::cuda
