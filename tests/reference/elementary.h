// simd.h's elementary functions as scalar programs, and the sixteen-lane sum as an array of 16. In float64
// they are std::'s, so that a reference written once as a template gives both the defined float32 bits and a
// function for finite differences.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace hone::reference {

inline double exp(double x) { return std::exp(x); }
inline double log(double x) { return std::log(x); }

/// Cody-Waite reduction by ln 2 in two parts, a polynomial of degree 6, two exact powers of two.
inline float exp(float x) {
  if (std::isnan(x)) return x;
  if (x < -103.98f) return 0.0f;
  if (x > 88.73f) return INFINITY;
  const float clamped = std::fmax(std::fmin(x, 88.8f), -104.0f);
  const int n = int(std::nearbyint(clamped * 1.44269504088896341f));
  float r = std::fma(float(n), -0.693359375f, clamped);
  r = std::fma(float(n), 2.12194440e-4f, r);
  float p = 1.9875691500e-4f;
  for (const float c :
       {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f})
    p = std::fma(p, r, c);
  p = std::fma(p, r * r, r) + 1.0f;
  const int half = n >> 1;
  return p * std::ldexp(1.0f, half) * std::ldexp(1.0f, n - half);
}

/// x positive and normal: exponent apart, a polynomial in the mantissa around 1.
inline float log(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  int e = int(bits >> 23) - 126;
  float m = std::bit_cast<float>((bits & 0x007FFFFFu) | 0x3F000000u);  // [0.5, 1)
  if (m < 0.707106781186547524f) {
    e = e - 1;
    m = m + m;
  }
  m = m - 1.0f;
  const float z = m * m;
  float p = 7.0376836292e-2f;
  for (const float c : {-1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                        -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f})
    p = std::fma(p, m, c);
  float y = p * m * z;
  y = std::fma(float(e), -2.12194440e-4f, y);
  y = std::fma(-0.5f, z, y);
  return std::fma(float(e), 0.693359375f, m + y);
}

template <class Real>
Real sigmoid(Real x) {
  return Real(1) / (Real(1) + exp(Real(0) - x));
}

/// Sixteen partial sums by index mod 16 and the one tree over them.
template <class Real>
struct LaneSum {
  Real lane[16] = {};
  void add(int64_t i, Real x) { lane[i % 16] = lane[i % 16] + x; }
  void add_product(int64_t i, Real x, Real y) { lane[i % 16] = std::fma(x, y, lane[i % 16]); }
  Real total() const {
    Real v[16];
    for (int i = 0; i < 16; ++i) v[i] = lane[i];
    for (int step = 8; step > 0; step /= 2)
      for (int i = 0; i < step; ++i) v[i] = v[i] + v[i + step];
    return v[0];
  }
};

}  // namespace hone::reference
