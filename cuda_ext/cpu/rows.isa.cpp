// Row operators in sixteen lanes; definitions in rows.h. The last, partial group of lanes is padded with zeros, which leave
// every partial sum as it is.
#include "cuda_ext/cpu/rows.h"

#include <cmath>

#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

/// f(offset, loader, storer) for each group of lanes of a row of n.
template <class Full, class Tail>
inline void for_lanes(int64_t begin, int64_t end, Full full, Tail tail) {
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) full(i);
  if (i < end) tail(i, int(end - i));
}

template <class Float>
inline Float* row(const RowsOf<Float>& rows, int64_t t, int64_t h) {
  return rows.data + t * rows.stride_t + h * rows.stride_h;
}

/// Calls f(t, h) for rows [begin, end) of T * heads.
template <class F>
inline void for_rows(int64_t begin, int64_t end, int64_t heads, F f) {
  int64_t t = begin / heads, h = begin % heads;
  for (int64_t i = begin; i < end; ++i) {
    f(t, h);
    if (++h == heads) h = 0, ++t;
  }
}

inline float square_sum(const float* x, int64_t n) {
  F16 a = zero();
  const auto step = [&](F16 v) { a = fma(v, v, a); };
  for_lanes(0, n, [&](int64_t i) { step(load(x + i)); }, [&](int64_t i, int m) { step(load_n(x + i, m)); });
  return sum(a);
}

inline F16 dx_of(F16 dy, F16 x, F16 w, F16 rstd, F16 minus_t) { return rstd * fma(x, minus_t, w * dy); }

inline F16 swish_slope(F16 g, F16 s) { return s * fma(g, set1(1.0f) - s, set1(1.0f)); }

template <bool kInterleaved>
inline void rotate(float* x, const float* c, const float* s, float sign, int64_t half) {
  for (int64_t i = 0; i < half; ++i) {
    float& a = kInterleaved ? x[2 * i] : x[i];
    float& b = kInterleaved ? x[2 * i + 1] : x[half + i];
    const float si = sign * s[i], old_a = a;
    a = std::fmaf(a, c[i], -(b * si));
    b = std::fmaf(b, c[i], old_a * si);
  }
}

}  // namespace

template <>
void rms_norm<kIsa>(const RmsNormParams& p, int64_t begin, int64_t end) {
  for_rows(begin, end, p.heads, [&](int64_t t, int64_t h) {
    const float* x = row(p.x, t, h);
    float* y = row(p.y, t, h);
    const float rstd = 1.0f / std::sqrt(square_sum(x, p.size) / float(p.size) + p.eps);
    *row(p.rstd, t, h) = rstd;
    const F16 r = set1(rstd);
    for_lanes(
        0, p.size, [&](int64_t i) { store(y + i, load(x + i) * r * load(p.weight + i)); },
        [&](int64_t i, int m) { store_n(y + i, load_n(x + i, m) * r * load_n(p.weight + i, m), m); });
  });
}

template <>
void rms_norm_backward_input<kIsa>(const RmsNormBackwardParams& p, int64_t begin, int64_t end) {
  for_rows(begin, end, p.heads, [&](int64_t t, int64_t h) {
    const float *x = row(p.x, t, h), *dy = row(p.dy, t, h), *w = p.weight;
    float* dx = row(p.dx, t, h);
    F16 b = zero();
    for_lanes(
        0, p.size, [&](int64_t i) { b = fma(load(w + i) * load(dy + i), load(x + i), b); },
        [&](int64_t i, int m) { b = fma(load_n(w + i, m) * load_n(dy + i, m), load_n(x + i, m), b); });
    const float rstd = *row(p.rstd, t, h);
    const float slope = (rstd * rstd) * (sum(b) / float(p.size));
    const F16 r = set1(rstd), minus_t = set1(-slope);
    for_lanes(
        0, p.size,
        [&](int64_t i) {
          const F16 d = dx_of(load(dy + i), load(x + i), load(w + i), r, minus_t);
          store(dx + i, p.accumulate ? d + load(dx + i) : d);
        },
        [&](int64_t i, int m) {
          const F16 d = dx_of(load_n(dy + i, m), load_n(x + i, m), load_n(w + i, m), r, minus_t);
          store_n(dx + i, p.accumulate ? d + load_n(dx + i, m) : d, m);
        });
  });
}

template <>
void rms_norm_backward_weight<kIsa>(const RmsNormBackwardParams& p, int64_t begin, int64_t end) {
  for_lanes(
      begin, end,
      [&](int64_t i) {
        F16 a = load(p.dweight + i);
        for_rows(0, p.rows, p.heads, [&](int64_t t, int64_t h) {
          a = fma(load(row(p.dy, t, h) + i), load(row(p.x, t, h) + i) * set1(*row(p.rstd, t, h)), a);
        });
        store(p.dweight + i, a);
      },
      [&](int64_t i, int m) {
        F16 a = load_n(p.dweight + i, m);
        for_rows(0, p.rows, p.heads, [&](int64_t t, int64_t h) {
          a = fma(load_n(row(p.dy, t, h) + i, m), load_n(row(p.x, t, h) + i, m) * set1(*row(p.rstd, t, h)), a);
        });
        store_n(p.dweight + i, a, m);
      });
}

template <>
void add_row<kIsa>(float* y_, const float* x, int64_t n) {
  for_lanes(
      0, n, [&](int64_t i) { store(y_ + i, load(y_ + i) + load(x + i)); },
      [&](int64_t i, int m) { store_n(y_ + i, load_n(y_ + i, m) + load_n(x + i, m), m); });
}

template <>
void rope<kIsa>(const RopeParams& p, int64_t begin, int64_t end) {
  const int64_t half = p.size / 2;
  const float sign = p.inverse ? -1.0f : 1.0f;
  for (int64_t t = begin; t < end; ++t) {
    const float* c = p.cos + p.positions[t] * half;
    const float* s = p.sin + p.positions[t] * half;
    for (int64_t h = 0; h < p.heads; ++h) {
      if (p.interleaved)
        rotate<true>(row(p.x, t, h), c, s, sign, half);
      else
        rotate<false>(row(p.x, t, h), c, s, sign, half);
    }
  }
}

template <>
void swiglu<kIsa>(float* out_, const float* gate_up, int64_t n) {
  const float *gate = gate_up, *up = gate_up + n;
  const auto value = [](F16 g, F16 u) { return g * sigmoid(g) * u; };
  for_lanes(
      0, n, [&](int64_t i) { store(out_ + i, value(load(gate + i), load(up + i))); },
      [&](int64_t i, int m) { store_n(out_ + i, value(load_n(gate + i, m), load_n(up + i, m)), m); });
}

template <>
void swiglu_backward<kIsa>(float* dgate_up_, const float* dout, const float* gate_up, int64_t n) {
  const float *gate = gate_up, *up = gate_up + n;
  for_lanes(
      0, n,
      [&](int64_t i) {
        const F16 g = load(gate + i), u = load(up + i), d = load(dout + i), s = sigmoid(g);
        store(dgate_up_ + i, (d * u) * swish_slope(g, s));
        store(dgate_up_ + n + i, d * (g * s));
      },
      [&](int64_t i, int m) {
        const F16 g = load_n(gate + i, m), u = load_n(up + i, m), d = load_n(dout + i, m), s = sigmoid(g);
        store_n(dgate_up_ + i, (d * u) * swish_slope(g, s), m);
        store_n(dgate_up_ + n + i, d * (g * s), m);
      });
}

}  // namespace hone::cpu
