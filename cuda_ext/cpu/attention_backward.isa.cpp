// Attention, backward; definition in attention.h. A tile keeps one pair a lane for scores and dq; the
// gradients of a page's keys and values keep one number of a row a lane, so that nothing is summed across
// lanes.
#include "cuda_ext/cpu/attention_simd.h"

namespace hone::cpu {
namespace {

/// A tile's sixteen pairs and its scratch.
struct Lanes {
  F16 lse, delta;
  int64_t key_row, value_row;  // padded sizes
  float *q, *dout;             // [16, padded size] rows
  float *qt, *doutt, *dqt;     // [size, 16]
  float *p, *ds;               // [16, 16], a row a key
};

/// acc_[j][d] = fma chain over pairs ascending of w[j][r] x[r][d], for K keys and E groups of 16 numbers.
template <int K, int E>
inline void add_pairs(float* acc_, int64_t row, const float* w, const float* x, int64_t pairs) {
  F16 sum[K][E];
  for (int k = 0; k < K; ++k)
    for (int e = 0; e < E; ++e) sum[k][e] = load(acc_ + k * row + 16 * e);
  for (int64_t r = 0; r < pairs; ++r) {
    F16 numbers[E];
    for (int e = 0; e < E; ++e) numbers[e] = load(x + r * row + 16 * e);
    for (int k = 0; k < K; ++k)
      for (int e = 0; e < E; ++e) sum[k][e] = fma(set1(w[16 * k + r]), numbers[e], sum[k][e]);
  }
  for (int k = 0; k < K; ++k)
    for (int e = 0; e < E; ++e) store(acc_ + k * row + 16 * e, sum[k][e]);
}

template <int K, int E>
inline void add_pairs_to_keys(float* acc_, int64_t row, const float* w, const float* x, int64_t pairs) {
  for (int k = 0; k < kPageKeys; k += K) add_pairs<K, E>(acc_ + k * row, row, w + 16 * k, x, pairs);
}

/// The gradient of a page: acc_ [16, row], w [16 keys, 16 pairs], x [16 pairs, row].
inline void add_page(float* acc_, int64_t row, const float* w, const float* x, int64_t pairs) {
  int64_t e = 0;
  if constexpr (kIsa == Isa::avx512) {
    for (; e + 64 <= row && e + 80 != row; e += 64) add_pairs_to_keys<4, 4>(acc_ + e, row, w, x + e, pairs);
    for (; e + 48 <= row; e += 48) add_pairs_to_keys<4, 3>(acc_ + e, row, w, x + e, pairs);
    for (; e + 32 <= row; e += 32) add_pairs_to_keys<4, 2>(acc_ + e, row, w, x + e, pairs);
    for (; e + 16 <= row; e += 16) add_pairs_to_keys<8, 1>(acc_ + e, row, w, x + e, pairs);
  } else {
    for (; e + 32 <= row; e += 32) add_pairs_to_keys<2, 2>(acc_ + e, row, w, x + e, pairs);
    for (; e + 16 <= row; e += 16) add_pairs_to_keys<4, 1>(acc_ + e, row, w, x + e, pairs);
  }
}

template <bool kMasked>
inline void lanes_block(const Lanes& a, const AttentionSizes& z, const float* k, const float* vt,
                        const M16* masks, int visible) {
  product<1, From::zero, false>(a.p, kPageKeys, a.qt, k, kPageKeys, z.key_size);
  product<1, From::zero, false>(a.ds, kPageKeys, a.doutt, vt, kPageKeys, z.value_size);
  for (int j = 0; j < kPageKeys; ++j) {
    F16 p = exp(load(a.p + 16 * j) * set1(z.scale) - a.lse);
    F16 ds = p * (load(a.ds + 16 * j) - a.delta) * set1(z.scale);
    if constexpr (kMasked) p = select(masks[j], p, zero()), ds = select(masks[j], ds, zero());
    store(a.p + 16 * j, p);
    store(a.ds + 16 * j, ds);
  }
  product<kPageKeys, From::memory, kMasked>(a.dqt, z.key_size, a.ds, k, 1, visible, zero(), masks);
}

/// rows_ [16, row] padded with zeros, and lanes_ [size, 16].
inline void gather(float* rows_, int64_t row, float* lanes_, const TilePairs& pairs, const HeadRows& from,
                   int64_t size) {
  for (int64_t r = 0; r < pairs.count; ++r) {
    const float* x = pairs.row(from, r);
    for (int64_t d = 0; d < row; d += 16)
      store(rows_ + r * row + d, d + 16 <= size ? load(x + d) : load_n(x + d, int(size - d)));
  }
  gather_lanes(lanes_, pairs, from, size);
}

inline float dot(const float* a, const float* b, int64_t n) {
  F16 s = zero();
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) s = fma(load(a + i), load(b + i), s);
  if (i < n) s = fma(load_n(a + i, int(n - i)), load_n(b + i, int(n - i)), s);
  return sum(s);
}

Lanes start(const AttentionBackwardParams& p, const TilePairs& pairs, float* scratch) {
  const AttentionSizes& z = p.sizes;
  Lanes a{};
  a.key_row = padded(z.key_size), a.value_row = padded(z.value_size);
  a.q = scratch, a.qt = a.q + 16 * a.key_row, a.dqt = a.qt + 16 * a.key_row;
  a.dout = a.dqt + 16 * a.key_row, a.doutt = a.dout + 16 * a.value_row;
  a.p = a.doutt + 16 * a.value_row, a.ds = a.p + 16 * kPageKeys;
  gather(a.q, a.key_row, a.qt, pairs, p.q, z.key_size);
  gather(a.dout, a.value_row, a.doutt, pairs, p.dout, z.value_size);
  for (int64_t d = 0; d < z.key_size; ++d) store(a.dqt + 16 * d, zero());
  alignas(64) float lse[kTilePairs] = {}, delta[kTilePairs] = {};
  for (int64_t r = 0; r < pairs.count; ++r) {
    lse[r] = *pairs.row(p.lse, r);
    delta[r] = dot(pairs.row(p.dout, r), pairs.row(p.out, r), z.value_size);
  }
  a.lse = load(lse), a.delta = load(delta);
  return a;
}

}  // namespace

template <>
void transpose_values<kIsa>(float* vt_, const float* v, int64_t value_size) {
  for (int64_t e = 0; e < value_size; ++e)
    for (int j = 0; j < kPageKeys; ++j) vt_[16 * e + j] = v[j * value_size + e];
}

template <>
void attention_sink_backward<kIsa>(const AttentionSinkParams& p, int64_t head) {
  float d = p.dsinks[head];
  for (int64_t t = 0; t < p.rows; ++t) {
    const float lse = p.lse.data[t * p.lse.stride_t + head * p.lse.stride_h];
    const float delta = dot(p.dout.data + t * p.dout.stride_t + head * p.dout.stride_h,
                            p.out.data + t * p.out.stride_t + head * p.out.stride_h, p.value_size);
    d = __builtin_fmaf(-exp1(p.sinks[head] - lse), delta, d);
  }
  p.dsinks[head] = d;
}

template <>
void attention_backward<kIsa>(const AttentionBackwardParams& p, const AttentionTile& tile,
                              const int32_t* places, float* scratch) {
  const AttentionSizes& z = p.sizes;
  const TilePairs pairs(tile, z);
  const Lanes a = start(p, pairs, scratch);
  for (int64_t b = pairs.first_block(); b <= pairs.last / kPageKeys; ++b) {
    const int64_t place = places[b];
    const float* k = p.k_pages + tile.pages[b] * p.k_page + tile.key_head * z.key_size * kPageKeys;
    const float* vt = p.vt + place * z.value_size * kPageKeys;
    if (pairs.all_see(b)) {
      lanes_block<false>(a, z, k, vt, nullptr, kPageKeys);
    } else {
      M16 masks[kPageKeys];
      const int visible = see(masks, pairs, b * kPageKeys);
      lanes_block<true>(a, z, k, vt, masks, visible);
    }
    add_page(p.dk + place * kPageKeys * a.key_row, a.key_row, a.ds, a.q, pairs.count);
    add_page(p.dv + place * kPageKeys * a.value_row, a.value_row, a.p, a.dout, pairs.count);
  }
  scatter_lanes(pairs, p.dq, a.dqt, z.key_size);
}

}  // namespace hone::cpu
