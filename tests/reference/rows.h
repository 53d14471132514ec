// The definitions of the row operators (cuda_ext/cpu/rows.h) as scalar loops. Real = float gives the defined
// bits, double the function for finite differences.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/reference/elementary.h"

namespace hone::reference {

/// y [K] of one row; returns rstd.
template <class Real>
Real rms_norm(Real* y, const Real* x, const Real* weight, int64_t K, Real eps) {
  LaneSum<Real> squares;
  for (int64_t k = 0; k < K; ++k) squares.add_product(k, x[k], x[k]);
  const Real rstd = Real(1) / std::sqrt(squares.total() / Real(K) + eps);
  for (int64_t k = 0; k < K; ++k) y[k] = (x[k] * rstd) * weight[k];
  return rstd;
}

/// dx [K] and dweight_ [K] (added to) of one row; rows come ascending.
template <class Real>
void rms_norm_backward(Real* dx, Real* dweight_, const Real* dy, const Real* x, const Real* weight, Real rstd,
                       int64_t K, bool accumulate) {
  LaneSum<Real> products;
  for (int64_t k = 0; k < K; ++k) products.add_product(k, weight[k] * dy[k], x[k]);
  const Real slope = (rstd * rstd) * (products.total() / Real(K));
  for (int64_t k = 0; k < K; ++k) {
    const Real d = rstd * std::fma(x[k], -slope, weight[k] * dy[k]);
    dweight_[k] = std::fma(dy[k], x[k] * rstd, dweight_[k]);
    dx[k] = accumulate ? d + dx[k] : d;
  }
}

template <class Real>
Real swiglu(Real gate, Real up) {
  return (gate * sigmoid(gate)) * up;
}

template <class Real>
struct GateUp {
  Real gate, up;
};
template <class Real>
GateUp<Real> swiglu_backward(Real dout, Real gate, Real up) {
  const Real s = sigmoid(gate);
  return {(dout * up) * (s * std::fma(gate, Real(1) - s, Real(1))), dout * (gate * s)};
}

template <class Real>
Real clamped(Real x, Real limit) {
  return std::max(std::min(x, limit), -limit);
}

template <class Real>
Real clamped_swiglu(Real gate, Real up, Real alpha, Real limit) {
  const Real g = std::min(gate, limit), u = clamped(up, limit);
  return (g * sigmoid(alpha * g)) * (u + Real(1));
}
template <class Real>
GateUp<Real> clamped_swiglu_backward(Real dout, Real gate, Real up, Real alpha, Real limit) {
  const Real g = std::min(gate, limit), u = clamped(up, limit), s = sigmoid(alpha * g);
  const Real slope = s * std::fma(alpha * g, Real(1) - s, Real(1));
  return {gate <= limit ? (dout * (u + Real(1))) * slope : Real(0),
          std::abs(up) <= limit ? dout * (g * s) : Real(0)};
}

/// One row: dy [K]; returns dgate.
template <class Real>
Real sigmoid_gate_backward(Real* dy, const Real* dout, const Real* y, Real gate, int64_t K) {
  const Real s = sigmoid(gate);
  LaneSum<Real> dot;
  for (int64_t k = 0; k < K; ++k) dot.add_product(k, dout[k], y[k]), dy[k] = s * dout[k];
  return dot.total() * (s * (Real(1) - s));
}

/// One head's row x [D] in place; cos and sin [D/2] are those of its position.
template <class Real>
void rope(Real* x, const Real* cos, const Real* sin, int64_t D, bool interleaved, bool inverse) {
  for (int64_t i = 0; i < D / 2; ++i) {
    Real& first = interleaved ? x[2 * i] : x[i];
    Real& second = interleaved ? x[2 * i + 1] : x[D / 2 + i];
    const Real a = first, b = second, s = inverse ? -sin[i] : sin[i];
    first = std::fma(a, cos[i], -(b * s));
    second = std::fma(b, cos[i], a * s);
  }
}

}  // namespace hone::reference
