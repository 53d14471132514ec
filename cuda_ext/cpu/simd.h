// Sixteen lanes of float, int32 and mask: the one vocabulary of the CPU kernels. AVX-512 holds them in one register, AVX2 in
// two, the portable path in an array; every operation is exact per lane, so the three give the same bits by construction.
// Only for x.isa.cpp files: everything has internal linkage, so that no code compiled for AVX-512 leaks into another object.
#pragma once

#include <cstdint>
#include <cstring>

#include "cuda_ext/cpu/isa.h"

#if defined(HONE_ISA_avx512) || defined(HONE_ISA_avx2)
#include <immintrin.h>
#else
#include <cmath>
#endif

namespace hone::cpu {
namespace {

inline constexpr Isa kIsa = Isa::HONE_ISA;
inline constexpr int kLanes = 16;

#if defined(HONE_ISA_avx512)

struct F16 { __m512 v; };
struct I16 { __m512i v; };
struct M16 { __mmask16 v; };

inline F16 set1(float x) { return {_mm512_set1_ps(x)}; }
inline F16 load(const float* p) { return {_mm512_loadu_ps(p)}; }
inline void store(float* p, F16 a) { _mm512_storeu_ps(p, a.v); }
inline M16 first_n(int n) { return {__mmask16((1u << n) - 1)}; }
inline F16 load_n(const float* p, int n) { return {_mm512_maskz_loadu_ps(first_n(n).v, p)}; }
inline void store_n(float* p, F16 a, int n) { _mm512_mask_storeu_ps(p, first_n(n).v, a.v); }
inline F16 operator+(F16 a, F16 b) { return {_mm512_add_ps(a.v, b.v)}; }
inline F16 operator-(F16 a, F16 b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline F16 operator*(F16 a, F16 b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline F16 operator/(F16 a, F16 b) { return {_mm512_div_ps(a.v, b.v)}; }
inline F16 fma(F16 a, F16 b, F16 c) { return {_mm512_fmadd_ps(a.v, b.v, c.v)}; }
inline F16 max(F16 a, F16 b) { return {_mm512_max_ps(a.v, b.v)}; }
inline F16 min(F16 a, F16 b) { return {_mm512_min_ps(a.v, b.v)}; }
inline F16 sqrt(F16 a) { return {_mm512_sqrt_ps(a.v)}; }
inline M16 operator<(F16 a, F16 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline M16 operator<=(F16 a, F16 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline M16 operator==(F16 a, F16 b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline F16 select(M16 m, F16 a, F16 b) { return {_mm512_mask_blend_ps(m.v, b.v, a.v)}; }
inline uint32_t bits(M16 m) { return m.v; }
inline M16 mask_of(uint32_t bits) { return {__mmask16(bits)}; }
inline I16 set1i(int32_t x) { return {_mm512_set1_epi32(x)}; }
inline I16 loadi(const int32_t* p) { return {_mm512_loadu_si512(p)}; }
inline void storei(int32_t* p, I16 a) { _mm512_storeu_si512(p, a.v); }
inline I16 operator+(I16 a, I16 b) { return {_mm512_add_epi32(a.v, b.v)}; }
inline I16 operator-(I16 a, I16 b) { return {_mm512_sub_epi32(a.v, b.v)}; }
inline I16 operator&(I16 a, I16 b) { return {_mm512_and_si512(a.v, b.v)}; }
inline I16 operator|(I16 a, I16 b) { return {_mm512_or_si512(a.v, b.v)}; }
inline I16 operator^(I16 a, I16 b) { return {_mm512_xor_si512(a.v, b.v)}; }
inline I16 mul_lo(I16 a, I16 b) { return {_mm512_mullo_epi32(a.v, b.v)}; }
/// High words of the unsigned 64-bit products.
inline I16 mul_hi(I16 a, I16 b) {
  const __m512i even = _mm512_srli_epi64(_mm512_mul_epu32(a.v, b.v), 32);
  const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64(a.v, 32), _mm512_srli_epi64(b.v, 32));
  return {_mm512_mask_blend_epi32(0xAAAA, even, odd)};
}
template <int n> I16 shift_left(I16 a) { return {_mm512_slli_epi32(a.v, n)}; }
template <int n> I16 shift_right(I16 a) { return {_mm512_srli_epi32(a.v, n)}; }                // logical
template <int n> I16 shift_right_arithmetic(I16 a) { return {_mm512_srai_epi32(a.v, n)}; }
inline M16 equal(I16 a, I16 b) { return {_mm512_cmpeq_epi32_mask(a.v, b.v)}; }
inline M16 less(I16 a, I16 b) { return {_mm512_cmplt_epi32_mask(a.v, b.v)}; }                  // signed
inline I16 select(M16 m, I16 a, I16 b) { return {_mm512_mask_blend_epi32(m.v, b.v, a.v)}; }
inline F16 to_float(I16 a) { return {_mm512_cvtepi32_ps(a.v)}; }                               // nearest even
inline I16 to_int(F16 a) { return {_mm512_cvtps_epi32(a.v)}; }                                 // nearest even
inline F16 as_float(I16 a) { return {_mm512_castsi512_ps(a.v)}; }
inline I16 as_int(F16 a) { return {_mm512_castps_si512(a.v)}; }
inline F16 nearest(F16 a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }  // ties to even
inline __m256 low_half(F16 a) { return _mm512_castps512_ps256(a.v); }
inline __m256 high_half(F16 a) { return _mm512_extractf32x8_ps(a.v, 1); }

#elif defined(HONE_ISA_avx2)

struct F16 { __m256 lo, hi; };
struct I16 { __m256i lo, hi; };
struct M16 { __m256i lo, hi; };  // lanes all ones or all zeros

inline F16 set1(float x) { return {_mm256_set1_ps(x), _mm256_set1_ps(x)}; }
inline F16 load(const float* p) { return {_mm256_loadu_ps(p), _mm256_loadu_ps(p + 8)}; }
inline void store(float* p, F16 a) { _mm256_storeu_ps(p, a.lo), _mm256_storeu_ps(p + 8, a.hi); }
inline M16 first_n(int n) {
  const __m256i iota = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return {_mm256_cmpgt_epi32(_mm256_set1_epi32(n), iota), _mm256_cmpgt_epi32(_mm256_set1_epi32(n - 8), iota)};
}
inline F16 load_n(const float* p, int n) {
  const M16 m = first_n(n);
  return {_mm256_maskload_ps(p, m.lo), _mm256_maskload_ps(p + 8, m.hi)};
}
inline void store_n(float* p, F16 a, int n) {
  const M16 m = first_n(n);
  _mm256_maskstore_ps(p, m.lo, a.lo), _mm256_maskstore_ps(p + 8, m.hi, a.hi);
}
inline F16 operator+(F16 a, F16 b) { return {_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)}; }
inline F16 operator-(F16 a, F16 b) { return {_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)}; }
inline F16 operator*(F16 a, F16 b) { return {_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)}; }
inline F16 operator/(F16 a, F16 b) { return {_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)}; }
inline F16 fma(F16 a, F16 b, F16 c) { return {_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)}; }
inline F16 max(F16 a, F16 b) { return {_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)}; }
inline F16 min(F16 a, F16 b) { return {_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)}; }
inline F16 sqrt(F16 a) { return {_mm256_sqrt_ps(a.lo), _mm256_sqrt_ps(a.hi)}; }
template <int op> M16 compare(F16 a, F16 b) {
  return {_mm256_castps_si256(_mm256_cmp_ps(a.lo, b.lo, op)), _mm256_castps_si256(_mm256_cmp_ps(a.hi, b.hi, op))};
}
inline M16 operator<(F16 a, F16 b) { return compare<_CMP_LT_OQ>(a, b); }
inline M16 operator<=(F16 a, F16 b) { return compare<_CMP_LE_OQ>(a, b); }
inline M16 operator==(F16 a, F16 b) { return compare<_CMP_EQ_OQ>(a, b); }
inline F16 select(M16 m, F16 a, F16 b) {
  return {_mm256_blendv_ps(b.lo, a.lo, _mm256_castsi256_ps(m.lo)), _mm256_blendv_ps(b.hi, a.hi, _mm256_castsi256_ps(m.hi))};
}
inline uint32_t bits(M16 m) {
  return uint32_t(_mm256_movemask_ps(_mm256_castsi256_ps(m.lo))) | uint32_t(_mm256_movemask_ps(_mm256_castsi256_ps(m.hi))) << 8;
}
inline M16 mask_of(uint32_t bits) {
  const __m256i one = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  const auto spread = [&](uint32_t b) { return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32(int(b)), one), one); };
  return {spread(bits & 255), spread(bits >> 8)};
}
inline I16 set1i(int32_t x) { return {_mm256_set1_epi32(x), _mm256_set1_epi32(x)}; }
inline I16 loadi(const int32_t* p) {
  return {_mm256_loadu_si256((const __m256i*)p), _mm256_loadu_si256((const __m256i*)(p + 8))};
}
inline void storei(int32_t* p, I16 a) {
  _mm256_storeu_si256((__m256i*)p, a.lo), _mm256_storeu_si256((__m256i*)(p + 8), a.hi);
}
inline I16 operator+(I16 a, I16 b) { return {_mm256_add_epi32(a.lo, b.lo), _mm256_add_epi32(a.hi, b.hi)}; }
inline I16 operator-(I16 a, I16 b) { return {_mm256_sub_epi32(a.lo, b.lo), _mm256_sub_epi32(a.hi, b.hi)}; }
inline I16 operator&(I16 a, I16 b) { return {_mm256_and_si256(a.lo, b.lo), _mm256_and_si256(a.hi, b.hi)}; }
inline I16 operator|(I16 a, I16 b) { return {_mm256_or_si256(a.lo, b.lo), _mm256_or_si256(a.hi, b.hi)}; }
inline I16 operator^(I16 a, I16 b) { return {_mm256_xor_si256(a.lo, b.lo), _mm256_xor_si256(a.hi, b.hi)}; }
inline I16 mul_lo(I16 a, I16 b) { return {_mm256_mullo_epi32(a.lo, b.lo), _mm256_mullo_epi32(a.hi, b.hi)}; }
/// High words of the unsigned 64-bit products.
inline I16 mul_hi(I16 a, I16 b) {
  const auto half = [](__m256i x, __m256i y) {
    const __m256i even = _mm256_srli_epi64(_mm256_mul_epu32(x, y), 32);
    const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(y, 32));
    return _mm256_blend_epi32(even, odd, 0xAA);
  };
  return {half(a.lo, b.lo), half(a.hi, b.hi)};
}
template <int n> I16 shift_left(I16 a) { return {_mm256_slli_epi32(a.lo, n), _mm256_slli_epi32(a.hi, n)}; }
template <int n> I16 shift_right(I16 a) { return {_mm256_srli_epi32(a.lo, n), _mm256_srli_epi32(a.hi, n)}; }
template <int n> I16 shift_right_arithmetic(I16 a) { return {_mm256_srai_epi32(a.lo, n), _mm256_srai_epi32(a.hi, n)}; }
inline M16 equal(I16 a, I16 b) { return {_mm256_cmpeq_epi32(a.lo, b.lo), _mm256_cmpeq_epi32(a.hi, b.hi)}; }
inline M16 less(I16 a, I16 b) { return {_mm256_cmpgt_epi32(b.lo, a.lo), _mm256_cmpgt_epi32(b.hi, a.hi)}; }
inline I16 select(M16 m, I16 a, I16 b) { return {_mm256_blendv_epi8(b.lo, a.lo, m.lo), _mm256_blendv_epi8(b.hi, a.hi, m.hi)}; }
inline F16 to_float(I16 a) { return {_mm256_cvtepi32_ps(a.lo), _mm256_cvtepi32_ps(a.hi)}; }
inline I16 to_int(F16 a) { return {_mm256_cvtps_epi32(a.lo), _mm256_cvtps_epi32(a.hi)}; }
inline F16 as_float(I16 a) { return {_mm256_castsi256_ps(a.lo), _mm256_castsi256_ps(a.hi)}; }
inline I16 as_int(F16 a) { return {_mm256_castps_si256(a.lo), _mm256_castps_si256(a.hi)}; }
inline F16 nearest(F16 a) {  // ties to even
  constexpr int kMode = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
  return {_mm256_round_ps(a.lo, kMode), _mm256_round_ps(a.hi, kMode)};
}
inline __m256 low_half(F16 a) { return a.lo; }
inline __m256 high_half(F16 a) { return a.hi; }

#else  // portable: a loop over the lanes

struct F16 { float v[16]; };
struct I16 { int32_t v[16]; };
struct M16 { uint32_t bits; };

template <class R, class F> inline R lanes(F f) {
  R r;
  for (int i = 0; i < 16; ++i) r.v[i] = f(i);
  return r;
}
template <class F> inline M16 mask_lanes(F f) {
  M16 m{0};
  for (int i = 0; i < 16; ++i) m.bits |= uint32_t(f(i)) << i;
  return m;
}
inline F16 set1(float x) { return lanes<F16>([&](int) { return x; }); }
inline F16 load(const float* p) { return lanes<F16>([&](int i) { return p[i]; }); }
inline void store(float* p, F16 a) { std::memcpy(p, a.v, sizeof a.v); }
inline M16 first_n(int n) { return {(1u << n) - 1}; }
inline F16 load_n(const float* p, int n) { return lanes<F16>([&](int i) { return i < n ? p[i] : 0.0f; }); }
inline void store_n(float* p, F16 a, int n) { for (int i = 0; i < n; ++i) p[i] = a.v[i]; }
inline F16 operator+(F16 a, F16 b) { return lanes<F16>([&](int i) { return a.v[i] + b.v[i]; }); }
inline F16 operator-(F16 a, F16 b) { return lanes<F16>([&](int i) { return a.v[i] - b.v[i]; }); }
inline F16 operator*(F16 a, F16 b) { return lanes<F16>([&](int i) { return a.v[i] * b.v[i]; }); }
inline F16 operator/(F16 a, F16 b) { return lanes<F16>([&](int i) { return a.v[i] / b.v[i]; }); }
inline F16 fma(F16 a, F16 b, F16 c) { return lanes<F16>([&](int i) { return std::fmaf(a.v[i], b.v[i], c.v[i]); }); }
inline F16 max(F16 a, F16 b) { return lanes<F16>([&](int i) { return a.v[i] > b.v[i] ? a.v[i] : b.v[i]; }); }  // as vmaxps
inline F16 min(F16 a, F16 b) { return lanes<F16>([&](int i) { return a.v[i] < b.v[i] ? a.v[i] : b.v[i]; }); }
inline F16 sqrt(F16 a) { return lanes<F16>([&](int i) { return std::sqrt(a.v[i]); }); }
inline M16 operator<(F16 a, F16 b) { return mask_lanes([&](int i) { return a.v[i] < b.v[i]; }); }
inline M16 operator<=(F16 a, F16 b) { return mask_lanes([&](int i) { return a.v[i] <= b.v[i]; }); }
inline M16 operator==(F16 a, F16 b) { return mask_lanes([&](int i) { return a.v[i] == b.v[i]; }); }
inline F16 select(M16 m, F16 a, F16 b) { return lanes<F16>([&](int i) { return m.bits >> i & 1 ? a.v[i] : b.v[i]; }); }
inline uint32_t bits(M16 m) { return m.bits; }
inline M16 mask_of(uint32_t bits) { return {bits & 0xFFFF}; }
inline I16 set1i(int32_t x) { return lanes<I16>([&](int) { return x; }); }
inline I16 loadi(const int32_t* p) { return lanes<I16>([&](int i) { return p[i]; }); }
inline void storei(int32_t* p, I16 a) { std::memcpy(p, a.v, sizeof a.v); }
inline I16 operator+(I16 a, I16 b) { return lanes<I16>([&](int i) { return int32_t(uint32_t(a.v[i]) + uint32_t(b.v[i])); }); }
inline I16 operator-(I16 a, I16 b) { return lanes<I16>([&](int i) { return int32_t(uint32_t(a.v[i]) - uint32_t(b.v[i])); }); }
inline I16 operator&(I16 a, I16 b) { return lanes<I16>([&](int i) { return a.v[i] & b.v[i]; }); }
inline I16 operator|(I16 a, I16 b) { return lanes<I16>([&](int i) { return a.v[i] | b.v[i]; }); }
inline I16 operator^(I16 a, I16 b) { return lanes<I16>([&](int i) { return a.v[i] ^ b.v[i]; }); }
inline I16 mul_lo(I16 a, I16 b) { return lanes<I16>([&](int i) { return int32_t(uint32_t(a.v[i]) * uint32_t(b.v[i])); }); }
inline I16 mul_hi(I16 a, I16 b) {
  return lanes<I16>([&](int i) { return int32_t(uint64_t(uint32_t(a.v[i])) * uint32_t(b.v[i]) >> 32); });
}
template <int n> I16 shift_left(I16 a) { return lanes<I16>([&](int i) { return int32_t(uint32_t(a.v[i]) << n); }); }
template <int n> I16 shift_right(I16 a) { return lanes<I16>([&](int i) { return int32_t(uint32_t(a.v[i]) >> n); }); }
template <int n> I16 shift_right_arithmetic(I16 a) { return lanes<I16>([&](int i) { return a.v[i] >> n; }); }
inline M16 equal(I16 a, I16 b) { return mask_lanes([&](int i) { return a.v[i] == b.v[i]; }); }
inline M16 less(I16 a, I16 b) { return mask_lanes([&](int i) { return a.v[i] < b.v[i]; }); }
inline I16 select(M16 m, I16 a, I16 b) { return lanes<I16>([&](int i) { return m.bits >> i & 1 ? a.v[i] : b.v[i]; }); }
inline F16 to_float(I16 a) { return lanes<F16>([&](int i) { return float(a.v[i]); }); }
inline I16 to_int(F16 a) { return lanes<I16>([&](int i) { return int32_t(std::nearbyintf(a.v[i])); }); }
inline F16 as_float(I16 a) { F16 r; std::memcpy(&r, &a, sizeof r); return r; }
inline I16 as_int(F16 a) { I16 r; std::memcpy(&r, &a, sizeof r); return r; }
inline F16 nearest(F16 a) { return lanes<F16>([&](int i) { return std::nearbyintf(a.v[i]); }); }  // ties to even

#endif

inline F16 zero() { return set1(0.0f); }
inline I16 iota() {
  alignas(64) static constexpr int32_t kIota[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return loadi(kIota);
}

#if defined(HONE_ISA_avx512) || defined(HONE_ISA_avx2)
/// The one tree over 16 partial sums: lane i gets i + (i+8), then + (i+4), + (i+2), + (i+1).
inline float sum(F16 a) {
  const __m256 eight = _mm256_add_ps(low_half(a), high_half(a));
  const __m128 four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}
/// Largest lane (order does not matter for a maximum of non-NaN values).
inline float max(F16 a) {
  const __m256 eight = _mm256_max_ps(low_half(a), high_half(a));
  const __m128 four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}
#else
inline float sum(F16 a) {
  for (int step = 8; step; step /= 2)
    for (int i = 0; i < step; ++i) a.v[i] = a.v[i] + a.v[i + step];
  return a.v[0];
}
inline float max(F16 a) {
  for (int step = 8; step; step /= 2)
    for (int i = 0; i < step; ++i) a.v[i] = a.v[i] > a.v[i + step] ? a.v[i] : a.v[i + step];
  return a.v[0];
}
#endif

/// p * 2^n for whole n in [-150, 128], p in [0.5, 2]: one rounding.
inline F16 times_power_of_two(F16 p, F16 n) {
#if defined(HONE_ISA_avx512)
  return {_mm512_scalef_ps(p.v, n.v)};
#else
  const I16 whole = to_int(n), half = shift_right_arithmetic<1>(whole);  // two factors that are normal; the first product is exact
  const auto power = [](I16 e) { return as_float(shift_left<23>(e + set1i(127))); };
  return p * power(half) * power(whole - half);
#endif
}

/// exp to within 1 ulp or so: Cody-Waite reduction by ln 2, degree-6 polynomial (coefficients of Cephes' expf), scaling by two
/// exact powers of two. Below -103.98 it is 0, above 88.73 infinity.
inline F16 exp(F16 x) {
  const F16 clamped = max(min(x, set1(88.8f)), set1(-104.0f));  // max/min return their second argument for NaN
  const F16 n = nearest(clamped * set1(1.44269504088896341f));
  F16 r = fma(n, set1(-0.693359375f), clamped);
  r = fma(n, set1(2.12194440e-4f), r);
  F16 p = set1(1.9875691500e-4f);
  p = fma(p, r, set1(1.3981999507e-3f));
  p = fma(p, r, set1(8.3334519073e-3f));
  p = fma(p, r, set1(4.1665795894e-2f));
  p = fma(p, r, set1(1.6666665459e-1f));
  p = fma(p, r, set1(5.0000001201e-1f));
  p = times_power_of_two(fma(p, r * r, r) + set1(1.0f), n);
  p = select(x < set1(-103.98f), zero(), p);
  p = select(set1(88.73f) < x, as_float(set1i(0x7F800000)), p);
  return select(x == x, p, x);
}

/// Natural logarithm of a positive normal number, within 1 ulp or so (coefficients of Cephes' logf).
inline F16 log(F16 x) {
  I16 e = shift_right<23>(as_int(x)) - set1i(126);
  F16 m = as_float((as_int(x) & set1i(0x007FFFFF)) | set1i(0x3F000000));  // [0.5, 1)
  const M16 low = m < set1(0.707106781186547524f);
  e = select(low, e - set1i(1), e);
  m = select(low, m + m, m) - set1(1.0f);
  const F16 z = m * m, ef = to_float(e);
  F16 p = set1(7.0376836292e-2f);
  p = fma(p, m, set1(-1.1514610310e-1f));
  p = fma(p, m, set1(1.1676998740e-1f));
  p = fma(p, m, set1(-1.2420140846e-1f));
  p = fma(p, m, set1(1.4249322787e-1f));
  p = fma(p, m, set1(-1.6668057665e-1f));
  p = fma(p, m, set1(2.0000714765e-1f));
  p = fma(p, m, set1(-2.4999993993e-1f));
  p = fma(p, m, set1(3.3333331174e-1f));
  F16 y = p * m * z;
  y = fma(ef, set1(-2.12194440e-4f), y);
  y = fma(set1(-0.5f), z, y);
  return fma(ef, set1(0.693359375f), m + y);
}

inline F16 sigmoid(F16 x) { return set1(1.0f) / (set1(1.0f) + exp(zero() - x)); }

/// Scalars are lane 0 of the same programs.
inline float exp1(float x) { alignas(64) float v[16]; store(v, exp(set1(x))); return v[0]; }
inline float log1(float x) { alignas(64) float v[16]; store(v, log(set1(x))); return v[0]; }

}  // namespace
}  // namespace hone::cpu
