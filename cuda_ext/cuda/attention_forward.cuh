// Attention, forward: a tile of P pairs walks over its keys in steps of four pages; a step is scores, the softmax
// of each page in turn, and values. A thread holds P / 4 pairs x C columns of the outputs, 64 C columns a block.
// Bound: fma; decoding: reading pages once a tile.
#pragma once

#include "cuda_ext/cuda/attention.cuh"

namespace hone::cuda {

/// Keys of a slice of values: as many floats whatever C.
template <int C>
inline constexpr int kValueKeys = kStepKeys / C;

template <int P>
struct ForwardShared {
  float stage[kStages][kStepKeys * kColumnThreads];  // q [P, kLinkRow] behind keys [kLinks, 64], or values
  float p[P][kScoreRow];                             // scores, then p
  float c[P][kStepPages];
  float l[P];
  Seen seen[P];
};
inline constexpr int kQueries = kLinks * kStepKeys;  // where q begins in a stage

/// m and l of the pairs of a half-warp.
template <int R>
struct SoftmaxState {
  float m[R], l[R];
};

/// One step's softmax for pair h + 16 i: shared scores become p.
template <int P>
__device__ inline void softmax_step(ForwardShared<P>& s, float& m_, float& l_, int r, int pages,
                                    const HalfWarp& half) {
  float x[kStepPages], highest[kStepPages];
#pragma unroll
  for (int b = 0; b < kStepPages; ++b) {
    x[b] = s.p[r][b * kPage + half.lane];
    highest[b] = tree_max(x[b], half);
  }
#pragma unroll
  for (int b = 0; b < kStepPages; ++b) {
    if (b >= pages) break;
    const float m = max(highest[b], m_), shift = max(m, kLowest);  // no key yet: p and c are zeros
    const float p = exp(x[b] - shift), c = exp(m_ - shift);
    m_ = m, l_ = fma(l_, c, tree_sum(p, half));
    s.p[r][b * kPage + half.lane] = p;
    if (half.lane == 0) s.c[r][b] = c;
  }
}

/// acc_ goes on over keys [key, key + 4) of a step; v [4, 64 C].
template <int P, int C, bool kMasked>
__device__ inline void weigh(float (&acc_)[P / kColumnGroups][C], const ForwardShared<P>& s, const float* v,
                             int key, int64_t position) {
  constexpr int kOwn = P / kColumnGroups;
  const int first = int(threadIdx.x) / kColumnThreads * kOwn;
  Vec<4> p[kOwn];
#pragma unroll
  for (int i = 0; i < kOwn; ++i) p[i] = load<4>(&s.p[first + i][key]);
#pragma unroll
  for (int j = 0; j < 4; ++j) {
    float values[C];
#pragma unroll
    for (int x = 0; x < C; ++x)
      values[x] = v[j * kColumnThreads * C + x * kColumnThreads + int(threadIdx.x) % kColumnThreads];
#pragma unroll
    for (int i = 0; i < kOwn; ++i) {
      if (kMasked && !s.seen[first + i].sees(position + j)) continue;
#pragma unroll
      for (int x = 0; x < C; ++x) acc_[i][x] = fma(p[i].v[j], values[x], acc_[i][x]);
    }
  }
}

template <int P, int C>
__global__ void __launch_bounds__(kAttentionThreads)
    attention_kernel(AttentionParams p, AttentionCopies copies) {
  constexpr int R = P / kHalfWarps, kOwn = P / kColumnGroups, kColumns = C * kColumnThreads;
  auto& s = shared_memory<ForwardShared<P>>();
  const AttentionSizes& z = p.sizes;
  const TileWork w(p.keys, p.tiles, z, kColumns);
  const HalfWarp half;
  const int h = int(threadIdx.x) / kLanes, column = int(threadIdx.x) % kColumnThreads;
  const int own = int(threadIdx.x) / kColumnThreads * kOwn;
  if (threadIdx.x < P) s.seen[threadIdx.x] = seen_by(z, w.pairs.position(int(threadIdx.x)));
  const int score_items = slices_of(z.key_size), items = score_items + kStepKeys / kValueKeys<C>;
  float scores[R][4] = {}, acc[kOwn][C] = {};
  SoftmaxState<R> state;
#pragma unroll
  for (int i = 0; i < R; ++i) {
    state.m[i] = p.sinks ? p.sinks[w.pairs.head(h + kHalfWarps * i)] : kMinusInfinity;
    state.l[i] = p.sinks ? 1.0f : 0.0f;
  }

  const auto fetch = [&](int item, int stage) {
    const int step = item / items, i = item % items;
    float* to = s.stage[stage];
    if (i < score_items) {
      fetch_rows<P>(to + kQueries, w.pairs, p.q, z.key_size, i, copies.q);
      fetch_keys<kStepPages>(
          to, [&](int b) { return w.keys(p.keys, z, step * kStepPages + b, i * kLinks); },
          links_of(z.key_size, i), copies.pages);
      return;
    }
    constexpr int kUnits = kColumns / 4;
    const int first = (i - score_items) * kValueKeys<C>;
    for (int u = int(threadIdx.x); u < kValueKeys<C> * kUnits; u += kAttentionThreads) {
      const int key = first + u / kUnits;
      const int64_t e = w.first_column + u % kUnits * 4;
      const float* v = w.values(p.keys, z, step * kStepPages + key / kPage);
      if (v && e < z.value_size)
        copy_four(to + 4 * u, v + key % kPage * z.value_size + e, z.value_size - e, copies.pages);
    }
  };
  const auto process = [&](int item, int stage) {
    const int step = item / items, i = item % items, block = step * kStepPages;
    const float* from = s.stage[stage];
    if (i < score_items) {
      score<R, 4>(scores, from + kQueries, from, links_of(z.key_size, i));
      if (i + 1 < score_items) return;
#pragma unroll
      for (int k = 0; k < R; ++k) {
        const int r = h + kHalfWarps * k;
#pragma unroll
        for (int x = 0; x < 4; ++x) {
          const int key = 4 * half.lane + x;
          const bool sees = s.seen[r].sees((w.first_block + block) * kPage + key);
          s.p[r][key] = sees ? scores[k][x] * z.scale : kMinusInfinity;
          scores[k][x] = 0;
        }
      }
      __syncwarp();
#pragma unroll
      for (int k = 0; k < R; ++k)
        softmax_step<P>(s, state.m[k], state.l[k], h + kHalfWarps * k, w.num_blocks - block, half);
      return;
    }
    const int first = (i - score_items) * kValueKeys<C>;
    for (int j = 0; j < kValueKeys<C>; j += 4) {
      const int key = first + j, b = key / kPage;
      if (block + b >= w.num_blocks) return;
      if (key % kPage == 0) {
#pragma unroll
        for (int k = 0; k < kOwn; ++k) {
          const float c = s.c[own + k][b];
#pragma unroll
          for (int x = 0; x < C; ++x) acc[k][x] = acc[k][x] * c;
        }
      }
      const int64_t position = (w.first_block + block) * kPage + key;
      if (w.all_see(block + b))
        weigh<P, C, false>(acc, s, from + j * kColumns, key, position);
      else
        weigh<P, C, true>(acc, s, from + j * kColumns, key, position);
    }
  };
  __syncthreads();
  in_stages(w.steps() * items, fetch, process);

#pragma unroll
  for (int i = 0; i < R; ++i) {
    const int r = h + kHalfWarps * i;
    if (half.lane != 0 || r >= w.pairs.count) continue;
    s.l[r] = state.l[i];
    if (p.lse.data && w.first_column == 0) *w.pairs.at(p.lse, r) = state.m[i] + log(state.l[i]);
  }
  __syncthreads();
#pragma unroll
  for (int i = 0; i < kOwn; ++i) {
    if (own + i >= w.pairs.count) break;
    const float l = s.l[own + i];
    float* out = w.pairs.at(p.out, own + i);
#pragma unroll
    for (int x = 0; x < C; ++x) {
      const int64_t e = w.first_column + x * kColumnThreads + column;
      if (e < z.value_size) out[e] = acc[i][x] / l;
    }
  }
}

template <int C>
void launch_attention(const AttentionParams& p, Stream stream) {
  const AttentionCopies copies{.pages = pages_in_fours(p.keys, p.sizes.value_size),
                               .q = rows_in_fours(p.q, p.sizes.key_size),
                               .dout = false};
  const int64_t blocks = tile_blocks(p.keys, p.tiles, p.sizes.value_size, C * kColumnThreads);
  if (p.tiles.pairs == kFewPairs)
    launch(attention_kernel<kFewPairs, C>,
           {blocks, kAttentionThreads, int64_t(sizeof(ForwardShared<kFewPairs>))}, stream, p, copies);
  else
    launch(attention_kernel<kManyPairs, C>,
           {blocks, kAttentionThreads, int64_t(sizeof(ForwardShared<kManyPairs>))}, stream, p, copies);
}

}  // namespace hone::cuda
