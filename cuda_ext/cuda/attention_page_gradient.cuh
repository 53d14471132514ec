// Attention, the gradients of a page's keys and values: a block owns the sixteen slots of a place of one key head
// and walks over the pairs of its unit that see it, segments ascending, then rows, then heads, 32 of them at a
// time: scores, dp, ds, then the chains over pairs. A thread holds four slots x CK columns of dk and CV of dv.
// Bound: fma.
#pragma once

#include "cuda_ext/cuda/attention.cuh"

namespace hone::cuda {

inline constexpr int kTile = kManyPairs;

/// Columns that a block owns, and pairs of a slice for the chains over pairs.
template <int CK, int CV>
struct PageShape {
  static constexpr int kKeyColumns = CK * kColumnThreads, kValueColumns = CV * kColumnThreads;
  static constexpr int kRow = kKeyColumns + kValueColumns;
  static constexpr int kSumPairs = CK == 1 ? 32 : CK == 2 ? 16 : CK == 4 ? 8 : 4;
  static constexpr int kRowsAt = kPage * kLinkRow;  // where the pairs' rows begin in a stage
  static constexpr int kScoreFloats = kRowsAt + kTile * kLinkRow;
  static constexpr int kStageFloats = kScoreFloats > kSumPairs* kRow ? kScoreFloats : kSumPairs* kRow;
};

template <int CK, int CV>
struct PageGradientShared {
  float stage[kStages][PageShape<CK, CV>::kStageFloats];
  float p[kTile][kPage], ds[kTile][kPage];
};

template <int CK, int CV>
struct PageGradient {
  using Shape = PageShape<CK, CV>;
  static constexpr int R = kTile / kHalfWarps, kSlots = kPage / kColumnGroups;

  const AttentionPageGradientParams& p;
  const AttentionCopies& copies;
  PageGradientShared<CK, CV>& s;
  int64_t heads, key_head, chunk;
  const float *keys, *values;           // of the page and key head: [Dk, 16], [16, Dv]
  Pairs pairs;                          // of the sighting that is worked on
  int64_t first_key;                    // of its block
  int score_items, value_items, items;  // of a tile of pairs
  float scores[R][1] = {}, dp[R][1] = {}, dk[kSlots][CK] = {}, dv[kSlots][CV] = {};

  __device__ Pairs tile(int i) const {
    Pairs t = pairs;
    t.first += int64_t(i) * kTile, t.count -= int64_t(i) * kTile;
    if (t.count > kTile) t.count = kTile;
    return t;
  }
  /// Pairs of the rows of a segment that see the page as block `block`.
  __device__ bool find_pairs(const PageSighting& seen) {
    first_key = int64_t(seen.block) * kPage;
    pairs = pairs_that_see(p.keys, p.sizes, seen.segment, key_head, first_key);
    return pairs.count > 0;
  }

  /// Columns of pairs' rows, [pairs, kRow]: q's, then dout's.
  __device__ void fetch_sum(float* to, const Pairs& t, int first) const {
    constexpr int kUnits = Shape::kRow / 4;
    for (int u = int(threadIdx.x); u < Shape::kSumPairs * kUnits; u += kAttentionThreads) {
      const int r = first + u / kUnits, column = u % kUnits * 4;
      if (r >= t.count) return;
      const bool key = column < Shape::kKeyColumns;
      const HeadRows& rows = key ? p.q : p.dout;
      const int64_t d = key ? chunk * Shape::kKeyColumns + column
                            : chunk * Shape::kValueColumns + column - Shape::kKeyColumns;
      const int64_t size = key ? p.sizes.key_size : p.sizes.value_size;
      if (d < size) copy_four(to + 4 * u, t.at(rows, r) + d, size - d, key ? copies.q : copies.dout);
    }
  }
  __device__ void fetch(int item, int stage) const {
    const AttentionSizes& z = p.sizes;
    const Pairs t = tile(item / items);
    int i = item % items;
    float* to = s.stage[stage];
    if (i < score_items) {
      fetch_rows<kTile>(to + Shape::kRowsAt, t, p.q, z.key_size, i, copies.q);
      return fetch_keys<1>(
          to, [&](int) { return keys + int64_t(i) * kLinks * kPage; }, links_of(z.key_size, i), copies.pages);
    }
    i -= score_items;
    if (i < value_items) {
      fetch_rows<kTile>(to + Shape::kRowsAt, t, p.dout, z.value_size, i, copies.dout);
      return fetch_values<1>(
          to, [&](int) { return values + i * kLinks; }, z.value_size, links_of(z.value_size, i),
          copies.pages);
    }
    fetch_sum(to, t, (i - value_items) * Shape::kSumPairs);
  }

  /// p and ds of this thread's pairs and key; 0 where the key is hidden.
  __device__ void make_ds(const Pairs& t) {
    const AttentionSizes& z = p.sizes;
    const int h = int(threadIdx.x) / kLanes, key = int(threadIdx.x) % kLanes;
#pragma unroll
    for (int i = 0; i < R; ++i) {
      const int r = h + kHalfWarps * i;
      const float lse = *t.at(p.lse, r), delta = p.delta[t.row(r) * heads + t.head(r)];
      const bool sees = r < t.count && seen_by(z, t.position(r)).sees(first_key + key);
      const float probability = exp(scores[i][0] * z.scale - lse);
      const float ds = probability * (dp[i][0] - delta) * z.scale;
      s.p[r][key] = sees ? probability : 0.0f;
      s.ds[r][key] = sees ? ds : 0.0f;
      scores[i][0] = dp[i][0] = 0;
    }
  }
  /// The chains go on over pairs [first, first + kSumPairs) of a tile; rows [kSumPairs, kRow].
  __device__ void add_pairs(const float* rows, const Pairs& t, int first) {
    const int slot = int(threadIdx.x) / kColumnThreads * kSlots, column = int(threadIdx.x) % kColumnThreads;
#pragma unroll 2
    for (int r = 0; r < Shape::kSumPairs; ++r, rows += Shape::kRow) {
      if (first + r >= t.count) return;
      const Vec<kSlots> ds = load<kSlots>(&s.ds[first + r][slot]), w = load<kSlots>(&s.p[first + r][slot]);
#pragma unroll
      for (int x = 0; x < CK; ++x) {
        const float q = rows[x * kColumnThreads + column];
#pragma unroll
        for (int j = 0; j < kSlots; ++j) dk[j][x] = fma(ds.v[j], q, dk[j][x]);
      }
#pragma unroll
      for (int x = 0; x < CV; ++x) {
        const float dout = rows[Shape::kKeyColumns + x * kColumnThreads + column];
#pragma unroll
        for (int j = 0; j < kSlots; ++j) dv[j][x] = fma(w.v[j], dout, dv[j][x]);
      }
    }
  }
  __device__ void process(int item, int stage) {
    const AttentionSizes& z = p.sizes;
    int i = item % items;
    const float* from = s.stage[stage];
    if (i < score_items) return score<R, 1>(scores, from + Shape::kRowsAt, from, links_of(z.key_size, i));
    i -= score_items;
    if (i < value_items) {
      score_values<R, 1>(dp, from + Shape::kRowsAt, from, links_of(z.value_size, i));
      if (i + 1 == value_items) make_ds(tile(item / items));
      return;
    }
    add_pairs(from, tile(item / items), (i - value_items) * Shape::kSumPairs);
  }

  /// acc [slots, C] into to_ [16, size], from column `first` on.
  template <int C>
  __device__ void write(float* to_, const float (&acc)[kSlots][C], int64_t size, int64_t first) const {
    const int slot = int(threadIdx.x) / kColumnThreads * kSlots, column = int(threadIdx.x) % kColumnThreads;
#pragma unroll
    for (int j = 0; j < kSlots; ++j)
#pragma unroll
      for (int x = 0; x < C; ++x) {
        const int64_t d = first + x * kColumnThreads + column;
        if (d < size) to_[(slot + j) * size + d] = acc[j][x];
      }
  }
};

/// Blocks are places, then key heads, then chunks of columns.
template <int CK, int CV>
__global__ void __launch_bounds__(kAttentionThreads)
    page_gradient_kernel(AttentionPageGradientParams p, AttentionCopies copies) {
  using Shape = PageShape<CK, CV>;
  const AttentionSizes& z = p.sizes;
  const int64_t place = blockIdx.x % p.places, rest = blockIdx.x / p.places;
  const int64_t key_head = rest % p.keys.key_heads, page = p.pages[place];
  PageGradient<CK, CV> g{.p = p, .copies = copies, .s = shared_memory<PageGradientShared<CK, CV>>()};
  g.heads = p.keys.key_heads * z.group, g.key_head = key_head, g.chunk = rest / p.keys.key_heads;
  g.keys = p.keys.k_pages + page * p.keys.k_page + key_head * z.key_size * kPage;
  g.values = p.keys.v_pages + page * p.keys.v_page + key_head * z.value_size * kPage;
  g.score_items = slices_of(z.key_size), g.value_items = slices_of(z.value_size);
  g.items = g.score_items + g.value_items + kTile / Shape::kSumPairs;
  for (int i = p.sighting_begin[place]; i < p.sighting_begin[place + 1]; ++i) {
    if (!g.find_pairs(p.sightings[i])) continue;
    const int tiles = int((g.pairs.count + kTile - 1) / kTile);
    in_stages(
        tiles * g.items, [&](int item, int stage) { g.fetch(item, stage); },
        [&](int item, int stage) { g.process(item, stage); });
    __syncthreads();
  }
  const int64_t at = (place * p.keys.key_heads + key_head) * kPage;
  g.write(p.dk + at * z.key_size, g.dk, z.key_size, g.chunk * Shape::kKeyColumns);
  g.write(p.dv + at * z.value_size, g.dv, z.value_size, g.chunk * Shape::kValueColumns);
}

template <int CK, int CV>
void launch_page_gradient(const AttentionPageGradientParams& p, Stream stream) {
  using Shape = PageShape<CK, CV>;
  const AttentionCopies copies{.pages = pages_in_fours(p.keys, p.sizes.value_size),
                               .q = rows_in_fours(p.q, p.sizes.key_size),
                               .dout = rows_in_fours(p.dout, p.sizes.value_size)};
  const int64_t of_keys = ceil_div(p.sizes.key_size, Shape::kKeyColumns),
                of_values = ceil_div(p.sizes.value_size, Shape::kValueColumns);
  const int64_t chunks = of_keys > of_values ? of_keys : of_values;
  launch(
      page_gradient_kernel<CK, CV>,
      {p.places * p.keys.key_heads * chunks, kAttentionThreads, int64_t(sizeof(PageGradientShared<CK, CV>))},
      stream, p, copies);
}

}  // namespace hone::cuda
