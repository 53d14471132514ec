// Gradients of weights on tensor cores: C[i,j] += sum over rows t of A[t,i] B[t,j], both rounded to bfloat16 on their way
// into steps of sixteen rows (gemm_bf16.h), a chain of steps from what C holds. Which rows share a step is given as a
// list of links: the rows of a unit (a prompt with its completions) sixteen at a time, with zeros behind the last, so
// that units in other micro-batches do not show. Pointers are on the device.
#pragma once

#include <cstdint>

#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

/// Columns of A, B and C are contiguous.
struct WeightGradientParams {
  const float* a = nullptr;  // [T, batch, m]
  int64_t a_row = 0, a_batch = 0;
  const float* b = nullptr;  // [T, batch, n]
  int64_t b_row = 0, b_batch = 0;
  float* c = nullptr;  // [batch, m, n], added to
  int64_t c_row = 0, c_batch = 0;
  int64_t m = 0, n = 0, batch = 1;
  const int32_t* links = nullptr;  // [num_links] the row of each, -1: zeros; null: row i is link i
  int64_t num_links = 0;           // whole steps
  const int64_t* ranges =
      nullptr;  // [batch, 2] links [begin, end) of each product, whole steps; null: all for each
};
/// Chooses a tile by the shape; each gives the same bits.
void weight_gradient(const WeightGradientParams& p, Stream stream);

void weight_gradient_128(const WeightGradientParams& p, Stream stream);
void weight_gradient_64(const WeightGradientParams& p, Stream stream);

/// Links of rows sorted by expert: expert e has those from offsets[e] + 15 e units on, as many as ranges say. Room for
/// rows + 15 E units of them, which begin as -1.
struct ExpertLinksParams {
  const int64_t* offsets;  // [E + 1] rows of the experts
  const int32_t* order;    // [R] sorted row i is choice order[i] of row order[i] / top_k
  const int32_t* unit;     // [T] of each row
  int64_t experts, top_k, units;
  int32_t* links;   // written where there are rows
  int64_t* ranges;  // [E, 2] written
};
void expert_links(const ExpertLinksParams& p, Stream stream);

}  // namespace hone::cuda
