// AdamW and the sum of squares, over contiguous arrays [begin, end).
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

/// Elementwise, with g = gradient * gradient_scale:
///   m = fma(beta1, m, one_minus_beta1 * g);  v = fma(beta2, v, (one_minus_beta2 * g) * g)
///   w = fma(-step_size, m / (sqrt(v) / root_correction2 + epsilon), w * decay)
/// The factors are computed in double and rounded once.
struct AdamWParams {
  float beta1, one_minus_beta1, beta2, one_minus_beta2;
  float decay;             // 1 - learning rate * weight decay
  float step_size;         // learning rate / (1 - beta1^step)
  float root_correction2;  // sqrt(1 - beta2^step)
  float epsilon, gradient_scale;
  float *weights, *moment1, *moment2;  // [n]
  const float* gradient;               // [n]
};
template <Isa I>
void adamw(const AdamWParams& p, int64_t begin, int64_t end);

inline constexpr int64_t kSquaresBlock = 4096;

/// sums[b] = 16-lane row reduction of fma(x, x, partial) over block b of kSquaresBlock elements, for blocks
/// [begin, end).
struct SquaresParams {
  const float* x;  // [n]
  int64_t n;
  float* sums;  // [ceil(n / kSquaresBlock)]
};
template <Isa I>
void sum_of_squares(const SquaresParams& p, int64_t begin, int64_t end);

}  // namespace hone::cpu
