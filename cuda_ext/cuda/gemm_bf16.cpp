// Which tile a product on tensor cores gets; all give the same bits.
#include "cuda_ext/cuda/gemm_bf16.h"

#include "core/error.h"

namespace hone::cuda {

void gemm_bf16(const Bf16GemmParams& p, Stream stream) {
  check((p.grouped == Grouped::none) == (p.offsets == nullptr) && p.grouped != Grouped::depth,
        "gemm_bf16: offsets belong to products grouped by rows, and to no others");
  check(p.a_k == 1 && (p.b_k == 1 || p.b_col == 1), "gemm_bf16: got A with a stride of ", p.a_k,
        " between links, B with ", p.b_k, " and ", p.b_col, ", expected 1, and 1 in one of B's directions");
  if (p.m == 0 || p.n == 0 || p.batch == 0) return;
  // Rows of an expert, if they are dealt evenly.
  const int64_t rows = p.grouped == Grouped::rows ? (p.m + p.batch - 1) / p.batch : p.m;
  for (const int sixteens : {1, 2, 4})
    if (rows <= 16 * sixteens) return gemm_bf16_thin(p, sixteens, stream);
  square_tiles(p, 128) >= kMultiprocessors ? gemm_bf16_128(p, stream) : gemm_bf16_64(p, stream);
}

}  // namespace hone::cuda
