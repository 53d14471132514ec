// Attention, the queries' gradient: a tile of P pairs walks over its keys once more; a step is scores, dp, ds and
// the chain over keys. A thread holds P / 4 pairs x C columns of dq, 64 C columns a block. Bound: fma.
#pragma once

#include "cuda_ext/cuda/attention.cuh"

namespace hone::cuda {

/// Keys of a slice for the chain over keys, [64 C, kSumKeys + pad]: rows of columns, four keys a load.
template <int C>
inline constexpr int kSumKeys = C <= 2   ? 16
                                : C <= 4 ? 8
                                         : 4;
template <int C>
inline constexpr int kSumRow = kSumKeys<C> == 4 ? 4 : kSumKeys<C> + 4;

template <int P>
struct QueryGradientShared {
  float stage[kStages][(kStepKeys + kManyPairs) * kLinkRow];  // rows behind keys or values, or keys alone
  float ds[P][kScoreRow];                                     // scores, then ds
  Seen seen[P];
  float lse[P], delta[P];
};
inline constexpr int kRows = kStepKeys * kLinkRow;  // where the pairs' rows begin in a stage

template <int P, int C>
struct QueryGradient {
  static constexpr int R = P / kHalfWarps, kOwn = P / kColumnGroups, kColumns = C * kColumnThreads;
  static_assert(kColumns * kSumRow<C> <= kRows + kManyPairs * kLinkRow);

  const AttentionQueryGradientParams& p;
  const AttentionCopies& copies;
  const TileWork& w;
  QueryGradientShared<P>& s;
  HalfWarp half;
  int h = int(threadIdx.x) / kLanes, own = int(threadIdx.x) / kColumnThreads * kOwn,
      column = int(threadIdx.x) % kColumnThreads;
  int score_items, value_items, items;  // of a step
  float scores[R][4] = {}, dp[R][4] = {}, acc[kOwn][C] = {};

  __device__ void fetch(int item, int stage) const {
    const AttentionSizes& z = p.sizes;
    const int block = item / items * kStepPages;
    int i = item % items;
    float* to = s.stage[stage];
    if (i < score_items) {
      fetch_rows<P>(to + kRows, w.pairs, p.q, z.key_size, i, copies.q);
      return fetch_keys<kStepPages>(
          to, [&](int b) { return w.keys(p.keys, z, block + b, i * kLinks); }, links_of(z.key_size, i),
          copies.pages);
    }
    i -= score_items;
    if (i < value_items) {
      fetch_rows<P>(to + kRows, w.pairs, p.dout, z.value_size, i, copies.dout);
      return fetch_values<kStepPages>(
          to,
          [&](int b) {
            const float* v = w.values(p.keys, z, block + b);
            return v ? v + i * kLinks : nullptr;
          },
          z.value_size, links_of(z.value_size, i), copies.pages);
    }
    const int first = (i - value_items) * kSumKeys<C>;
    const float* keys = w.keys(p.keys, z, block + first / kPage, int(w.first_column));
    constexpr int kUnits = kSumKeys<C> / 4;
    if (!keys) return;
    for (int u = int(threadIdx.x); u < kColumns * kUnits; u += kAttentionThreads) {
      const int d = u / kUnits, j = u % kUnits * 4;
      if (w.first_column + d < z.key_size)
        copy_four(to + d * kSumRow<C> + j, keys + d * kPage + first % kPage + j, 4, copies.pages);
    }
  }

  /// Scores of this thread go where all can see them.
  __device__ void keep_scores() {
#pragma unroll
    for (int k = 0; k < R; ++k)
#pragma unroll
      for (int x = 0; x < 4; ++x)
        s.ds[h + kHalfWarps * k][4 * half.lane + x] = scores[k][x], scores[k][x] = 0;
    __syncwarp();
  }
  /// Scores become ds; of hidden keys it is not used.
  __device__ void make_ds() {
#pragma unroll
    for (int k = 0; k < R; ++k) {
      const int r = h + kHalfWarps * k;
#pragma unroll
      for (int x = 0; x < 4; ++x) {
        float& to = s.ds[r][half.lane + x * kPage];
        const float probability = exp(to * p.sizes.scale - s.lse[r]);
        to = probability * (dp[k][x] - s.delta[r]) * p.sizes.scale;
        dp[k][x] = 0;
      }
    }
  }
  /// acc goes on over keys [key, key + 4) of a step; keys [64 C, kSumRow].
  template <bool kMasked>
  __device__ void add_keys(const float* keys, int key, int64_t position) {
    Vec<4> ds[kOwn], k[C];
#pragma unroll
    for (int i = 0; i < kOwn; ++i) ds[i] = load<4>(&s.ds[own + i][key]);
#pragma unroll
    for (int x = 0; x < C; ++x) k[x] = load<4>(keys + (x * kColumnThreads + column) * kSumRow<C>);
#pragma unroll
    for (int j = 0; j < 4; ++j)
#pragma unroll
      for (int i = 0; i < kOwn; ++i) {
        if (kMasked && !s.seen[own + i].sees(position + j)) continue;
#pragma unroll
        for (int x = 0; x < C; ++x) acc[i][x] = fma(ds[i].v[j], k[x].v[j], acc[i][x]);
      }
  }

  __device__ void process(int item, int stage) {
    const AttentionSizes& z = p.sizes;
    const int block = item / items * kStepPages;
    int i = item % items;
    const float* from = s.stage[stage];
    if (i < score_items) {
      score<R, 4>(scores, from + kRows, from, links_of(z.key_size, i));
      if (i + 1 == score_items) keep_scores();
      return;
    }
    i -= score_items;
    if (i < value_items) {
      score_values<R, 4>(dp, from + kRows, from, links_of(z.value_size, i));
      if (i + 1 == value_items) make_ds();
      return;
    }
    const int first = (i - value_items) * kSumKeys<C>;
    if (block + first / kPage >= w.num_blocks) return;
    const bool all_see = w.all_see(block + first / kPage);
    for (int j = 0; j < kSumKeys<C>; j += 4) {
      const int64_t position = (w.first_block + block) * kPage + first + j;
      all_see ? add_keys<false>(from + j, first + j, position)
              : add_keys<true>(from + j, first + j, position);
    }
  }
};

template <int P, int C>
__global__ void __launch_bounds__(kAttentionThreads)
    query_gradient_kernel(AttentionQueryGradientParams p, AttentionCopies copies, int64_t heads) {
  auto& s = shared_memory<QueryGradientShared<P>>();
  const AttentionSizes& z = p.sizes;
  const TileWork w(p.keys, p.tiles, z, C * kColumnThreads);
  if (threadIdx.x < P) {
    const int r = int(threadIdx.x);
    s.seen[r] = seen_by(z, w.pairs.position(r));
    s.lse[r] = *w.pairs.at(p.lse, r);
    s.delta[r] = p.delta[w.pairs.row(r) * heads + w.pairs.head(r)];
  }
  __syncthreads();
  QueryGradient<P, C> g{.p = p, .copies = copies, .w = w, .s = s};
  g.score_items = slices_of(z.key_size), g.value_items = slices_of(z.value_size);
  g.items = g.score_items + g.value_items + kStepKeys / kSumKeys<C>;
  in_stages(
      w.steps() * g.items, [&](int item, int stage) { g.fetch(item, stage); },
      [&](int item, int stage) { g.process(item, stage); });
#pragma unroll
  for (int i = 0; i < g.kOwn; ++i) {
    if (g.own + i >= w.pairs.count) break;
    float* dq = w.pairs.at(p.dq, g.own + i);
#pragma unroll
    for (int x = 0; x < C; ++x) {
      const int64_t d = w.first_column + x * kColumnThreads + g.column;
      if (d < z.key_size) dq[d] = g.acc[i][x];
    }
  }
}

template <int C>
void launch_query_gradient(const AttentionQueryGradientParams& p, Stream stream) {
  const AttentionCopies copies{.pages = pages_in_fours(p.keys, p.sizes.value_size),
                               .q = rows_in_fours(p.q, p.sizes.key_size),
                               .dout = rows_in_fours(p.dout, p.sizes.value_size)};
  const int64_t blocks = tile_blocks(p.keys, p.tiles, p.sizes.key_size, C * kColumnThreads);
  const int64_t heads = p.keys.key_heads * p.sizes.group;
  if (p.tiles.pairs == kFewPairs)
    launch(query_gradient_kernel<kFewPairs, C>,
           {blocks, kAttentionThreads, int64_t(sizeof(QueryGradientShared<kFewPairs>))}, stream, p, copies,
           heads);
  else
    launch(query_gradient_kernel<kManyPairs, C>,
           {blocks, kAttentionThreads, int64_t(sizeof(QueryGradientShared<kManyPairs>))}, stream, p, copies,
           heads);
}

}  // namespace hone::cuda
