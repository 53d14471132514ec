// The arithmetic of cpu/simd.h for one lane: the same constants, the same roundings. Divisions and roots are
// IEEE's (nvcc -prec-div=true -prec-sqrt=true), nothing is flushed to zero (-ftz=false), and a multiplication
// and an addition become one only where fma() says so (-fmad=false).
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace hone::cuda {

__device__ inline float fma(float a, float b, float c) { return __fmaf_rn(a, b, c); }
// As vmaxps and vminps: the second argument if either is NaN, or if both are zeros.
__device__ inline float max(float a, float b) { return a > b ? a : b; }
__device__ inline float min(float a, float b) { return a < b ? a : b; }

inline constexpr float kMinusInfinity = -__builtin_inff();
inline constexpr float kLowest = -__FLT_MAX__;

/// p * 2^n for whole n in [-150, 128], p in [0.5, 2]: the first product is exact, the second rounds.
__device__ inline float times_power_of_two(float p, int n) {
  const int half = n >> 1;
  return p * __int_as_float((half + 127) << 23) * __int_as_float((n - half + 127) << 23);
}

__device__ inline float exp(float x) {
  const float clamped = max(min(x, 88.8f), -104.0f);
  const int whole = __float2int_rn(clamped * 1.44269504088896341f);
  const float n = __int2float_rn(whole);
  float r = fma(n, -0.693359375f, clamped);
  r = fma(n, 2.12194440e-4f, r);
  float p = 1.9875691500e-4f;
  p = fma(p, r, 1.3981999507e-3f);
  p = fma(p, r, 8.3334519073e-3f);
  p = fma(p, r, 4.1665795894e-2f);
  p = fma(p, r, 1.6666665459e-1f);
  p = fma(p, r, 5.0000001201e-1f);
  p = times_power_of_two(fma(p, r * r, r) + 1.0f, whole);
  p = x < -103.98f ? 0.0f : p;
  p = x > 88.73f ? __int_as_float(0x7F800000) : p;
  return x == x ? p : x;
}

/// Of a positive normal number.
__device__ inline float log(float x) {
  const int bits = __float_as_int(x);
  int e = int(unsigned(bits) >> 23) - 126;
  float m = __int_as_float((bits & 0x007FFFFF) | 0x3F000000);  // [0.5, 1)
  const bool low = m < 0.707106781186547524f;
  e = low ? e - 1 : e;
  m = (low ? m + m : m) - 1.0f;
  const float z = m * m, ef = __int2float_rn(e);
  float p = 7.0376836292e-2f;
  p = fma(p, m, -1.1514610310e-1f);
  p = fma(p, m, 1.1676998740e-1f);
  p = fma(p, m, -1.2420140846e-1f);
  p = fma(p, m, 1.4249322787e-1f);
  p = fma(p, m, -1.6668057665e-1f);
  p = fma(p, m, 2.0000714765e-1f);
  p = fma(p, m, -2.4999993993e-1f);
  p = fma(p, m, 3.3333331174e-1f);
  float y = p * m * z;
  y = fma(ef, -2.12194440e-4f, y);
  y = fma(-0.5f, z, y);
  return fma(ef, 0.693359375f, m + y);
}

__device__ inline float sigmoid(float x) { return 1.0f / (1.0f + exp(0.0f - x)); }

}  // namespace hone::cuda
