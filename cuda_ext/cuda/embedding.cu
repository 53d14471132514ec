// Embedding: a copy of rows. Backward: dweight[id] = dweight[id] + dy[t], t ascending, without atomics: tokens
// come sorted by id and a thread owns columns of one id. Bound: memory, 8 bytes a number; backward 4 bytes a
// number of dy and 8 a number of the rows that are added to.
#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/rows.h"

namespace hone::cuda {
namespace {

template <int W>
__global__ void __launch_bounds__(kThreads) embedding_kernel(EmbeddingParams p) {
  const Element<W> e(p.rows, p.size);
  if (!e.inside) return;
  store<W>(row(p.out, e.t) + e.i, load<W>(row(p.weight, p.ids[e.t]) + e.i));
}

template <int W>
__global__ void __launch_bounds__(kThreads) embedding_backward_kernel(EmbeddingBackwardParams p) {
  const Element<W> e(p.num_ids, p.size);
  if (!e.inside) return;
  float* dweight = row(p.dweight, p.ids[e.t]) + e.i;
  Vec<W> sum = load<W>(dweight);
  const int32_t end = p.begin[e.t + 1];
#pragma unroll 4
  for (int32_t i = p.begin[e.t]; i < end; ++i)
    sum = map<W>([](float a, float b) { return a + b; }, sum, load<W>(row(p.dy, p.tokens[i]) + e.i));
  store<W>(dweight, sum);
}

}  // namespace

void embedding(const EmbeddingParams& p, Stream stream) {
  launch_elements(embedding_kernel<4>, embedding_kernel<1>, in_fours(p.out) && in_fours(p.weight), p.rows,
                  p.size, stream, p);
}

void embedding_backward(const EmbeddingBackwardParams& p, Stream stream) {
  launch_elements(embedding_backward_kernel<4>, embedding_backward_kernel<1>,
                  in_fours(p.dweight) && in_fours(p.dy), p.num_ids, p.size, stream, p);
}

}  // namespace hone::cuda
