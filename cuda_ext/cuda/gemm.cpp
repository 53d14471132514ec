// Which tile a product gets. All give the same bits, so this is about speed alone: few rows read B once whatever
// the tile, and large tiles need enough blocks for all multiprocessors.
#include "cuda_ext/cuda/gemm.h"

#include "core/error.h"

namespace hone::cuda {

void gemm(const GemmParams& p, Stream stream) {
  check((p.grouped == Grouped::none) == (p.offsets == nullptr),
        "gemm: offsets belong to grouped products, and to no others");
  if (p.m == 0 || p.n == 0 || p.batch == 0) return;
  // Rows of an expert, if they are dealt evenly.
  const int64_t rows = p.grouped == Grouped::rows ? (p.m + p.batch - 1) / p.batch : p.m;
  for (const int per_thread : {1, 2, 4, 8})
    if (rows <= 4 * per_thread) return gemm_thin(p, per_thread, stream);
  const bool large = rows > 64 && square_tiles(p, 128) >= kMultiprocessors;
  large ? gemm_128(p, stream) : gemm_64(p, stream);
}

}  // namespace hone::cuda
