// Row operators in sixteen lanes; definitions in rows.h. The last, partial group of lanes is padded with
// zeros, which leave every partial sum as it is.
#include "cuda_ext/cpu/rows.h"

#include <cmath>

#include "cuda_ext/cpu/lanes_simd.h"

namespace hone::cpu {
namespace {

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
    F16 a = zero();
    for_lanes(p.size, [&](int64_t i, int lanes) {
      const F16 v = load_part(x + i, lanes);
      a = fma(v, v, a);
    });
    const float rstd = 1.0f / std::sqrt(sum(a) / float(p.size) + p.eps);
    *row(p.rstd, t, h) = rstd;
    for_lanes(p.size, [&](int64_t i, int lanes) {
      store_part(y + i, load_part(x + i, lanes) * set1(rstd) * load_part(p.weight + i, lanes), lanes);
    });
  });
}

template <>
void rms_norm_backward_input<kIsa>(const RmsNormBackwardParams& p, int64_t begin, int64_t end) {
  for_rows(begin, end, p.heads, [&](int64_t t, int64_t h) {
    const float *x = row(p.x, t, h), *dy = row(p.dy, t, h), *w = p.weight;
    float* dx = row(p.dx, t, h);
    F16 b = zero();
    for_lanes(p.size, [&](int64_t i, int lanes) {
      b = fma(load_part(w + i, lanes) * load_part(dy + i, lanes), load_part(x + i, lanes), b);
    });
    const float rstd = *row(p.rstd, t, h), slope = (rstd * rstd) * (sum(b) / float(p.size));
    for_lanes(p.size, [&](int64_t i, int lanes) {
      const F16 g = load_part(w + i, lanes) * load_part(dy + i, lanes);
      const F16 d = set1(rstd) * fma(load_part(x + i, lanes), set1(-slope), g);
      store_part(dx + i, p.accumulate ? d + load_part(dx + i, lanes) : d, lanes);
    });
  });
}

template <>
void rms_norm_backward_weight<kIsa>(const RmsNormBackwardParams& p, int64_t begin, int64_t end) {
  for_lanes(end - begin, [&](int64_t i, int lanes) {
    i += begin;
    F16 a = load_part(p.dweight + i, lanes);
    for_rows(0, p.rows, p.heads, [&](int64_t t, int64_t h) {
      const F16 normed = load_part(row(p.x, t, h) + i, lanes) * set1(*row(p.rstd, t, h));
      a = fma(load_part(row(p.dy, t, h) + i, lanes), normed, a);
    });
    store_part(p.dweight + i, a, lanes);
  });
}

template <>
void add_row<kIsa>(float* y_, const float* x, int64_t n) {
  for_lanes(n, [&](int64_t i, int lanes) {
    store_part(y_ + i, load_part(y_ + i, lanes) + load_part(x + i, lanes), lanes);
  });
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
  for_lanes(n, [&](int64_t i, int lanes) {
    const F16 g = load_part(gate_up + i, lanes), u = load_part(gate_up + n + i, lanes);
    store_part(out_ + i, g * sigmoid(g) * u, lanes);
  });
}

template <>
void swiglu_backward<kIsa>(float* dgate_up_, const float* dout, const float* gate_up, int64_t n) {
  for_lanes(n, [&](int64_t i, int lanes) {
    const F16 g = load_part(gate_up + i, lanes), u = load_part(gate_up + n + i, lanes);
    const F16 d = load_part(dout + i, lanes), s = sigmoid(g);
    store_part(dgate_up_ + i, (d * u) * (s * fma(g, set1(1.0f) - s, set1(1.0f))), lanes);
    store_part(dgate_up_ + n + i, d * (g * s), lanes);
  });
}

}  // namespace hone::cpu
