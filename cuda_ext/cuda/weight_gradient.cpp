// Which tile a weight's gradient gets; both give the same bits.
#include "cuda_ext/cuda/weight_gradient.h"

#include "core/error.h"
#include "cuda_ext/cuda/gemm.h"

namespace hone::cuda {

void weight_gradient(const WeightGradientParams& p, Stream stream) {
  check(p.num_links % 16 == 0, "weight_gradient: got ", p.num_links, " links, expected whole steps of 16");
  if (p.m == 0 || p.n == 0 || p.batch == 0 || p.num_links == 0) return;
  const int64_t tiles = (p.m + 127) / 128 * ((p.n + 127) / 128) * p.batch;
  tiles >= kMultiprocessors ? weight_gradient_128(p, stream) : weight_gradient_64(p, stream);
}

}  // namespace hone::cuda
