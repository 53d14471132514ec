// Attention, forward; definition in attention.h. Two programs of the same roundings: a full tile keeps one
// pair a lane, so that maxima and sums over keys need no shuffles; a tile of few pairs (decoding) keeps one
// key a lane and computes all scores first.
#include <cmath>

#include "cuda_ext/cpu/attention_simd.h"

namespace hone::cpu {
namespace {

constexpr float kMinusInfinity = -__builtin_inff();
constexpr float kLowest = -__FLT_MAX__;
constexpr int64_t kFewPairs = 10;  // up to here a lane a key is faster

/// The running state of sixteen pairs and its scratch.
struct Lanes {
  F16 m, l;
  float* q;  // [Dk, 16]
  float* s;  // [16, 16] scores, a row a key
  float* p;  // [16, 16]
  float* o;  // [Dv, 16]
};

template <bool kMasked>
inline void lanes_block(Lanes& a, const AttentionSizes& z, const float* k, const float* v, const M16* masks,
                        int visible) {
  product<1, From::zero, false>(a.s, kPageKeys, a.q, k, kPageKeys, z.key_size);
  F16 s[kPageKeys], m = a.m;
#pragma GCC unroll 16
  for (int j = 0; j < kPageKeys; ++j) {
    s[j] = load(a.s + 16 * j) * set1(z.scale);
    if constexpr (kMasked) s[j] = select(masks[j], s[j], set1(kMinusInfinity));
    m = max(m, s[j]);
  }
  // A pair that has seen no key yet has m = -inf; the lowest float in its place makes its p and c zeros.
  const F16 shift = kMasked ? max(m, set1(kLowest)) : m;
#pragma GCC unroll 16
  for (int j = 0; j < kPageKeys; ++j) {
    s[j] = exp(s[j] - shift);
    store(a.p + 16 * j, s[j]);
  }
  for (int step = 8; step; step /= 2)  // simd.h's tree, lane by lane
    for (int j = 0; j < step; ++j) s[j] = s[j] + s[j + step];
  const F16 c = exp(a.m - shift);
  a.m = m;
  a.l = fma(a.l, c, s[0]);
  product<1, From::scaled, kMasked>(a.o, z.value_size, a.p, v, z.value_size, visible, c, masks);
}

void attention_lanes(const AttentionParams& p, const TilePairs& pairs, float* scratch) {
  const AttentionSizes& z = p.sizes;
  Lanes a{.m = set1(kMinusInfinity),
          .l = zero(),
          .q = scratch,
          .s = scratch + 16 * z.key_size,
          .p = nullptr,
          .o = nullptr};
  if (p.sinks) {
    alignas(64) float sinks[kTilePairs] = {};
    for (int64_t r = 0; r < pairs.count; ++r) sinks[r] = p.sinks[pairs.heads[r]];
    a.m = load(sinks), a.l = set1(1.0f);
  }
  a.p = a.s + 16 * kPageKeys, a.o = a.p + 16 * kPageKeys;
  gather_lanes(a.q, pairs, p.q, z.key_size);
  for (int64_t e = 0; e < z.value_size; ++e) store(a.o + 16 * e, zero());
  const int64_t k_head = pairs.tile.key_head * z.key_size * kPageKeys,
                v_head = pairs.tile.key_head * z.value_size * kPageKeys;
  for (int64_t b = pairs.first_block(); b <= pairs.last / kPageKeys; ++b) {
    const float* k = p.k_pages + pairs.tile.pages[b] * p.k_page + k_head;
    const float* v = p.v_pages + pairs.tile.pages[b] * p.v_page + v_head;
    if (pairs.all_see(b)) {
      lanes_block<false>(a, z, k, v, nullptr, kPageKeys);
    } else {
      M16 masks[kPageKeys];
      const int visible = see(masks, pairs, b * kPageKeys);
      lanes_block<true>(a, z, k, v, masks, visible);
    }
  }
  for (int64_t e = 0; e < z.value_size; ++e) store(a.o + 16 * e, load(a.o + 16 * e) / a.l);
  store(a.s, a.m + log(a.l));
  scatter_lanes(pairs, p.out, a.o, z.value_size);
  for (int64_t r = 0; p.lse.data && r < pairs.count; ++r) *pairs.row(p.lse, r) = a.s[r];
}

/// s_[r][b] (16 keys) = scaled scores of P pairs against `blocks` pages from k[pages[0]] on, B pages at a
/// time.
template <int P, int B>
inline void score_pages(float* s_, int64_t s_row, const float* const* q, const float* k_pages, int64_t k_page,
                        const int32_t* pages, int64_t blocks, const AttentionSizes& z) {
  int64_t block = 0;
  for (; block + B <= blocks; block += B) {
    const float* k[B];
    for (int b = 0; b < B; ++b) k[b] = k_pages + pages[block + b] * k_page;
    F16 sum[P][B];
    for (int r = 0; r < P; ++r)
      for (int b = 0; b < B; ++b) sum[r][b] = zero();
    for (int64_t d = 0; d < z.key_size; ++d) {
      F16 keys[B];
      for (int b = 0; b < B; ++b) keys[b] = load(k[b] + 16 * d);
      for (int r = 0; r < P; ++r)
        for (int b = 0; b < B; ++b) sum[r][b] = fma(set1(q[r][d]), keys[b], sum[r][b]);
    }
    for (int r = 0; r < P; ++r)
      for (int b = 0; b < B; ++b) store(s_ + r * s_row + 16 * (block + b), sum[r][b] * set1(z.scale));
  }
  if constexpr (B > 1) {
    if (block < blocks)
      score_pages<P, B / 2>(s_ + 16 * block, s_row, q, k_pages, k_page, pages + block, blocks - block, z);
  }
}

/// The softmax of one pair over all its blocks: s_ [blocks, 16] becomes p, c_ [blocks] the factors c. m_ and
/// l_ are scratch of padded(blocks) + 16. Each step is a loop of its own, since a vector load right behind
/// scalar stores would wait for them. Keys hidden: of the first block; visible: of the last, both from its
/// first key on. `start` is what m and l begin with.
struct Softmax {
  float m, l;
};
inline Softmax softmax(float* s_, float* c_, float* m_, float* l_, int64_t blocks, int hidden, int visible,
                       Softmax start) {
  float* last = s_ + 16 * (blocks - 1);
  store(last, select(first_n(visible), load(last), set1(kMinusInfinity)));
  if (hidden) store(s_, select(first_n(hidden), set1(kMinusInfinity), load(s_)));
  float m = m_[0] = start.m;
  for (int64_t b = 0; b < blocks; ++b) {
    const float highest = max(load(s_ + 16 * b));
    m_[b + 1] = m = highest > m ? highest : m;
  }
  for (int64_t b = 0; b < blocks; ++b) {
    const F16 p = exp(load(s_ + 16 * b) - set1(m_[b + 1]));
    store(s_ + 16 * b, p);
    l_[b] = sum(p);
  }
  for (int64_t b = 0; b < blocks; b += 16) store(c_ + b, exp(load(m_ + b) - load(m_ + b + 1)));
  float l = start.l;
  for (int64_t b = 0; b < blocks; ++b) l = std::fmaf(l, c_[b], l_[b]);
  return {m, l};
}

/// What P pairs of one row need for their outputs; pair r's numbers are at p + r * row and c + r * row.
struct Weighted {
  const float *p, *c;  // [blocks, 16] and [blocks]
  int64_t row;
  int64_t blocks;
  int hidden;   // keys of the first block, before those that are seen
  int visible;  // keys of the last block
  const float* v_pages;
  int64_t v_page;
  const int32_t* pages;
  int64_t value_size;
};

/// Outputs of P pairs, E groups of 16 values from `first` on; only the first `tail` of them if kTail.
template <int P, int E, bool kTail>
inline void weigh_values(const Weighted& w, float* const* out, const float* l, int64_t first, int tail) {
  F16 o[P][E];
  for (int r = 0; r < P; ++r)
    for (int e = 0; e < E; ++e) o[r][e] = zero();
  for (int64_t b = 0; b < w.blocks; ++b) {
    for (int r = 0; r < P; ++r)
      for (int e = 0; e < E; ++e) o[r][e] = o[r][e] * set1(w.c[r * w.row + b]);
    const float* v = w.v_pages + w.pages[b] * w.v_page + first;
    const float* p = w.p + 16 * b;
    const int keys = b + 1 < w.blocks ? kPageKeys : w.visible;
    int j = b == 0 ? w.hidden : 0;
    for (v += j * w.value_size; j < keys; ++j, v += w.value_size) {
      F16 values[E];
      for (int e = 0; e < E; ++e) values[e] = kTail ? load_n(v + 16 * e, tail) : load(v + 16 * e);
      for (int r = 0; r < P; ++r)
        for (int e = 0; e < E; ++e) o[r][e] = fma(set1(p[r * w.row + j]), values[e], o[r][e]);
    }
  }
  for (int r = 0; r < P; ++r) {
    for (int e = 0; e < E; ++e) {
      const F16 result = o[r][e] / set1(l[r]);
      kTail ? store_n(out[r] + first + 16 * e, result, tail) : store(out[r] + first + 16 * e, result);
    }
  }
}

template <int P>
inline void weigh_all_values(const Weighted& w, float* const* out, const float* l) {
  constexpr int E = kIsa == Isa::avx512 ? 2 : 1;
  int64_t e = 0;
  for (; e + 16 * E <= w.value_size; e += 16 * E) weigh_values<P, E, false>(w, out, l, e, 0);
  for (; e + 16 <= w.value_size; e += 16) weigh_values<P, 1, false>(w, out, l, e, 0);
  if (e < w.value_size) weigh_values<P, 1, true>(w, out, l, e, int(w.value_size - e));
}

/// Pairs [begin, begin + P), then as many more as fit: all of one row, so that they see the same keys.
template <int P>
inline int64_t few_pairs(const AttentionParams& p, const TilePairs& pairs, int64_t begin, int64_t end,
                         float* scratch) {
  const AttentionSizes& z = p.sizes;
  const int64_t head = pairs.tile.key_head * kPageKeys, position = pairs.position(begin);
  const int64_t first_key = z.first_key(position), first_block = first_key / kPageKeys,
                blocks = position / kPageKeys + 1 - first_block;
  const int32_t* pages = pairs.tile.pages + first_block;
  const int64_t row = 16 * blocks + padded(blocks);
  float *s = scratch, *c = s + 16 * blocks, *m = s + P * row, *sums = m + padded(blocks) + 16;
  for (; begin + P <= end; begin += P) {
    const float* q[P];
    float *out[P], l[P];
    for (int r = 0; r < P; ++r) q[r] = pairs.row(p.q, begin + r), out[r] = pairs.row(p.out, begin + r);
    constexpr int B = kIsa == Isa::avx512 ? 4 : P < 4 ? 2 : 1;
    score_pages<P, B>(s, row, q, p.k_pages + head * z.key_size, p.k_page, pages, blocks, z);
    const int hidden = int(first_key % kPageKeys), visible = int(position % kPageKeys) + 1;
    for (int r = 0; r < P; ++r) {
      const Softmax start =
          p.sinks ? Softmax{p.sinks[pairs.heads[begin + r]], 1.0f} : Softmax{kMinusInfinity, 0.0f};
      const Softmax result = softmax(s + r * row, c + r * row, m, sums, blocks, hidden, visible, start);
      l[r] = result.l;
      if (p.lse.data) *pairs.row(p.lse, begin + r) = result.m + log1(result.l);
    }
    weigh_all_values<P>({.p = s,
                         .c = c,
                         .row = row,
                         .blocks = blocks,
                         .hidden = hidden,
                         .visible = visible,
                         .v_pages = p.v_pages + head * z.value_size,
                         .v_page = p.v_page,
                         .pages = pages,
                         .value_size = z.value_size},
                        out, l);
  }
  return begin;
}

/// Row by row, four, two and one pair at a time.
void attention_keys(const AttentionParams& p, const TilePairs& pairs, float* scratch) {
  for (int64_t r = 0; r < pairs.count;) {
    int64_t end = r + 1;
    while (end < pairs.count && pairs.position(end) == pairs.position(r)) ++end;
    r = few_pairs<4>(p, pairs, r, end, scratch);
    r = few_pairs<2>(p, pairs, r, end, scratch);
    r = few_pairs<1>(p, pairs, r, end, scratch);
  }
}

}  // namespace

template <>
void attention<kIsa>(const AttentionParams& p, const AttentionTile& tile, float* scratch) {
  const TilePairs pairs(tile, p.sizes);
  pairs.count <= kFewPairs ? attention_keys(p, pairs, scratch) : attention_lanes(p, pairs, scratch);
}

}  // namespace hone::cpu
