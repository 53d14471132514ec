// The definition of the linear operators as scalar loops (docs/exactness.md). Slow and obvious.
#pragma once

#include <cmath>
#include <cstdint>

namespace hone::reference {

/// A matrix at any address: element (i, j) is data[i row + j col].
struct Matrix {
  float* data;
  int64_t row, col;
  float& operator()(int64_t i, int64_t j) const { return data[i * row + j * col]; }
};

/// y[t,n] = (chain over k ascending from 0 of fma(x[t,k], w[n,k], s)) + bias[n]; bias may be null.
inline void linear(const Matrix& y, const Matrix& x, const Matrix& w, const float* bias, int64_t T, int64_t N,
                   int64_t K) {
  for (int64_t t = 0; t < T; ++t)
    for (int64_t n = 0; n < N; ++n) {
      float s = 0.0f;
      for (int64_t k = 0; k < K; ++k) s = std::fmaf(x(t, k), w(n, k), s);
      y(t, n) = bias ? s + bias[n] : s;
    }
}

/// dx[t,k] = chain over n ascending, from dx or from 0.
inline void linear_backward_input(const Matrix& dx, const Matrix& dy, const Matrix& w, bool accumulate,
                                  int64_t T, int64_t N, int64_t K) {
  for (int64_t t = 0; t < T; ++t)
    for (int64_t k = 0; k < K; ++k) {
      float s = accumulate ? dx(t, k) : 0.0f;
      for (int64_t n = 0; n < N; ++n) s = std::fmaf(dy(t, n), w(n, k), s);
      dx(t, k) = s;
    }
}

/// dw[n,k] = chain over t ascending, from what dw holds.
inline void linear_backward_weight(const Matrix& dw, const Matrix& dy, const Matrix& x, int64_t T, int64_t N,
                                   int64_t K) {
  for (int64_t n = 0; n < N; ++n)
    for (int64_t k = 0; k < K; ++k)
      for (int64_t t = 0; t < T; ++t) dw(n, k) = std::fmaf(dy(t, n), x(t, k), dw(n, k));
}

/// db[n] = chain of additions over t ascending, from what db holds.
inline void linear_backward_bias(float* db, const Matrix& dy, int64_t T, int64_t N) {
  for (int64_t n = 0; n < N; ++n)
    for (int64_t t = 0; t < T; ++t) db[n] = db[n] + dy(t, n);
}

}  // namespace hone::reference
