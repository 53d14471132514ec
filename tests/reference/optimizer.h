// The definition of AdamW and of the sum of squares as scalar loops; Real is float (the defined bits) or
// double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "cuda_ext/ops.h"
#include "tests/reference/elementary.h"

namespace hone::reference {

/// base^exponent: the product of base^(2^i) over the bits i of the exponent, low to high.
inline double power(double base, int64_t exponent) {
  double result = 1;
  for (int64_t i = 0; exponent >> i; ++i) {
    double square = base;
    for (int64_t j = 0; j < i; ++j) square = square * square;
    if (exponent >> i & 1) result = result * square;
  }
  return result;
}

template <class Real>
void adamw(Real* w, Real* m, Real* v, const Real* gradient, int64_t n, const ops::AdamWOptions& o) {
  const Real decay = Real(1 - o.learning_rate * o.weight_decay),
             step = Real(o.learning_rate / (1 - power(o.beta1, o.step)));
  const Real root = Real(std::sqrt(1 - power(o.beta2, o.step)));
  for (int64_t i = 0; i < n; ++i) {
    const Real g = gradient[i] * Real(o.gradient_scale);
    m[i] = std::fma(Real(o.beta1), m[i], Real(1 - o.beta1) * g);
    v[i] = std::fma(Real(o.beta2), v[i], Real(1 - o.beta2) * g * g);
    w[i] = std::fma(-step, m[i] / (std::sqrt(v[i]) / root + Real(o.epsilon)), w[i] * decay);
  }
}

inline double sum_of_squares(const float* x, int64_t n) {
  double total = 0;
  for (int64_t begin = 0; begin < n; begin += 4096) {
    LaneSum<float> sum;
    for (int64_t i = begin; i < std::min(begin + 4096, n); ++i) sum.add_product(i - begin, x[i], x[i]);
    total += double(sum.total());
  }
  return total;
}

}  // namespace hone::reference
