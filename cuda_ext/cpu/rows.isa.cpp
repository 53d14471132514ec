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

/// The two columns of pairs [n, 2], as lanes.
struct Pairs {
  F16 even, odd;
};
inline Pairs load_pairs(const float* p, int lanes) {
  alignas(64) float even[kLanes] = {}, odd[kLanes] = {};
  for (int i = 0; i < lanes; ++i) even[i] = p[2 * i], odd[i] = p[2 * i + 1];
  return {load(even), load(odd)};
}
inline void store_pairs(float* p, const Pairs& pairs, int lanes) {
  alignas(64) float even[kLanes], odd[kLanes];
  store(even, pairs.even), store(odd, pairs.odd);
  for (int i = 0; i < lanes; ++i) p[2 * i] = even[i], p[2 * i + 1] = odd[i];
}

inline F16 clamped(F16 x, float limit) { return max(min(x, set1(limit)), set1(-limit)); }
/// d where x is within the limit, else 0.
inline F16 where_within(F16 x, float limit, F16 d) {
  return select(x <= set1(limit), select(set1(-limit) <= x, d, zero()), zero());
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

template <>
void clamped_swiglu<kIsa>(float* out_, const float* gate_up, int64_t n, ClampedSwiGlu c) {
  for_lanes(n, [&](int64_t i, int left) {
    const Pairs x = load_pairs(gate_up + 2 * i, left);
    const F16 g = min(x.even, set1(c.limit)), u = clamped(x.odd, c.limit);
    store_part(out_ + i, (g * sigmoid(set1(c.alpha) * g)) * (u + set1(1.0f)), left);
  });
}

template <>
void clamped_swiglu_backward<kIsa>(float* dgate_up_, const float* dout, const float* gate_up, int64_t n,
                                   ClampedSwiGlu c) {
  const F16 one = set1(1.0f);
  for_lanes(n, [&](int64_t i, int left) {
    const Pairs x = load_pairs(gate_up + 2 * i, left);
    const F16 g = min(x.even, set1(c.limit)), u = clamped(x.odd, c.limit), d = load_part(dout + i, left);
    const F16 ag = set1(c.alpha) * g, s = sigmoid(ag);
    const F16 dgate = (d * (u + one)) * (s * fma(ag, one - s, one)), dup = d * (g * s);
    store_pairs(dgate_up_ + 2 * i,
                {select(x.even <= set1(c.limit), dgate, zero()), where_within(x.odd, c.limit, dup)}, left);
  });
}

template <>
void clamp_row<kIsa>(float* out_, const float* x, int64_t n, float limit) {
  for_lanes(n,
            [&](int64_t i, int left) { store_part(out_ + i, clamped(load_part(x + i, left), limit), left); });
}

template <>
void clamp_row_backward<kIsa>(float* dx_, const float* x, int64_t n, float limit) {
  for_lanes(n, [&](int64_t i, int left) {
    store_part(dx_ + i, where_within(load_part(x + i, left), limit, load_part(dx_ + i, left)), left);
  });
}

template <>
void sigmoid_gate<kIsa>(float* out_, const float* y, float gate, int64_t n) {
  const F16 s = sigmoid(set1(gate));
  for_lanes(n, [&](int64_t i, int left) { store_part(out_ + i, s * load_part(y + i, left), left); });
}

template <>
float sigmoid_gate_backward<kIsa>(float* dy_, const float* dout, const float* y, float gate, int64_t n) {
  const F16 s = sigmoid(set1(gate));
  F16 partial = zero();
  for_lanes(n, [&](int64_t i, int left) {
    const F16 d = load_part(dout + i, left);
    partial = fma(d, load_part(y + i, left), partial);
    store_part(dy_ + i, s * d, left);
  });
  alignas(64) float slope[kLanes];
  store(slope, s * (set1(1.0f) - s));
  return sum(partial) * slope[0];
}

}  // namespace hone::cpu
