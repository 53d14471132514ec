// Attention over pages of bfloat16, the gradient of queries (attention_bf16.cuh): the tiles and steps of the forward
// pass; scores and dp of a page in the registers of one warp, ds where all can see it, then dq over the keys' slices
// once more. Bound: tensor cores.
#pragma once

#include "cuda_ext/cuda/attention_bf16.cuh"

namespace hone::cuda {

template <int P>
struct alignas(16) Bf16QueryGradientShared {
  Bf16 stage[kStages][kSliceNumbers];
  Bf16 ds[P][kStepKeys + kPad];
  float lse[P], delta[P];
  Seen seen[P];
  __device__ Bf16* q() { return reinterpret_cast<Bf16*>(this + 1); }                   // [P, rounded_row(Dk)]
  __device__ Bf16* dout(int64_t key_size) { return q() + P * rounded_row(key_size); }  // [P, rounded_row(Dv)]
};

template <int P, int C>
struct Bf16QueryGradient {
  static constexpr int R = P / kStep;

  const Bf16QueryGradientParams& p;
  const Bf16Copies& copies;
  const Bf16TileWork& w;
  Bf16QueryGradientShared<P>& s;
  int score_items, value_items, items;
  Lane at = {};
  float scores[R][2][4] = {}, dp[R][2][4] = {}, acc[R][C][2][4] = {};

  __device__ void fetch(int item, int stage) const {
    const AttentionSizes& z = p.sizes;
    const int block = item / items * kStepPages;
    int i = item % items;
    Bf16* to = s.stage[stage];
    const auto keys = [&](int b) { return w.keys(p.keys, z, block + b, 0); };
    const auto values = [&](int b) { return w.values(p.keys, z, block + b); };
    if (i < score_items)
      return fetch_key_slice(
          to, keys, [](int) { return kPage; }, z.key_size, i * kSliceLinks);
    i -= score_items;
    if (i < value_items) return fetch_value_slice(to, values, z.value_size, i * kSliceLinks, copies.values);
    fetch_key_slice(
        to, keys, [&](int b) { return w.visible(block + b); }, z.key_size,
        w.first_column + (i - value_items) * kSliceLinks);
  }

  /// Scores and dp of this warp's page become ds, 0 for what is hidden.
  __device__ void make_ds(int block) {
    const float scale = p.sizes.scale;
    const int64_t first_key = int64_t(w.first_block + block + at.warp) * kPage;
#pragma unroll
    for (int r = 0; r < R; ++r)
#pragma unroll
      for (int side = 0; side < 2; ++side)
#pragma unroll
        for (int down = 0; down < 2; ++down) {
          const int pair = r * kStep + at.line + 8 * down, key = 8 * side + at.pair;
          float ds[2];
#pragma unroll
          for (int i = 0; i < 2; ++i) {
            float &score = scores[r][side][2 * down + i], &d = dp[r][side][2 * down + i];
            const float probability = exp(score * scale - s.lse[pair]);
            ds[i] = s.seen[pair].sees(first_key + key + i) ? probability * (d - s.delta[pair]) * scale : 0.0f;
            score = d = 0;
          }
          *reinterpret_cast<uint32_t*>(&s.ds[pair][at.warp * kPage + key]) = to_bf16(ds[0], ds[1]);
        }
  }
  /// Sums of slice c of the columns, keys [64 columns, kSliceRow], go on by the pages of a step.
  __device__ void add_keys(float (&sums)[P / kStep][2][4], const Bf16* keys, int pages) {
#pragma unroll 1
    for (int b = 0; b < pages; ++b) {
      uint32_t columns[4], rows[4];
      at.columns_of_rows(columns, keys + at.warp * kStep * kSliceRow + b * kPage, kSliceRow);
#pragma unroll
      for (int r = 0; r < R; ++r) {
        at.rows(rows, &s.ds[r * kStep][b * kPage], kStepKeys + kPad);
        two_steps(sums[r], rows, columns);
      }
    }
  }

  __device__ void process(int item, int stage) {
    const AttentionSizes& z = p.sizes;
    const int block = item / items * kStepPages;
    int i = item % items;
    const Bf16* from = s.stage[stage];
    uint32_t columns[4], rows[4];
    if (i < score_items) {
      const int row = rounded_row(z.key_size), links = links_of_slice(z.key_size, i * kSliceLinks);
      for (int k = 0; k < links; k += kStep) {
        at.columns(columns, from + k * kSliceRow + at.warp * kPage, kSliceRow);
#pragma unroll
        for (int r = 0; r < R; ++r) {
          at.rows(rows, s.q() + i * kSliceLinks + r * kStep * row + k, row);
          two_steps(scores[r], rows, columns);
        }
      }
      return;
    }
    i -= score_items;
    if (i < value_items) {
      const int row = rounded_row(z.value_size), links = links_of_slice(z.value_size, i * kSliceLinks);
      for (int k = 0; k < links; k += kStep) {
        at.columns_of_rows(columns, from + at.warp * kPage * kSliceRow + k, kSliceRow);
#pragma unroll
        for (int r = 0; r < R; ++r) {
          at.rows(rows, s.dout(z.key_size) + i * kSliceLinks + r * kStep * row + k, row);
          two_steps(dp[r], rows, columns);
        }
      }
      if (i + 1 == value_items) make_ds(block);
      return;
    }
    i -= value_items;
    const int pages = w.num_blocks - block < kStepPages ? w.num_blocks - block : kStepPages;
    if (w.first_column + i * kSliceLinks + at.warp * kStep >= z.key_size) return;
#pragma unroll
    for (int c = 0; c < C; ++c)
      if (c == i) {
        float sums[R][2][4];
#pragma unroll
        for (int r = 0; r < R; ++r)
          for (int side = 0; side < 2; ++side)
            for (int k = 0; k < 4; ++k) sums[r][side][k] = acc[r][c][side][k];
        add_keys(sums, from, pages);
#pragma unroll
        for (int r = 0; r < R; ++r)
          for (int side = 0; side < 2; ++side)
            for (int k = 0; k < 4; ++k) acc[r][c][side][k] = sums[r][side][k];
      }
  }
};

template <int P, int C>
__global__ void __launch_bounds__(kBf16Threads, 1)
    attention_bf16_query_gradient_kernel(Bf16QueryGradientParams p, Bf16Copies copies, int64_t heads) {
  auto& s = shared_memory<Bf16QueryGradientShared<P>>();
  const AttentionSizes& z = p.sizes;
  const Bf16TileWork w(p.keys, p.tiles, z, C * kSliceLinks);
  if (threadIdx.x < P) {
    const int r = int(threadIdx.x);
    s.seen[r] = seen_by(z, w.pairs.position(r));
    s.lse[r] = *w.pairs.at(p.lse, r);
    s.delta[r] = p.delta[w.pairs.row(r) * heads + w.pairs.head(r)];
  }
  round_rows(s.q(), w.pairs, P, p.q, z.key_size, copies.q);
  round_rows(s.dout(z.key_size), w.pairs, P, p.dout, z.value_size, copies.dout);
  Bf16QueryGradient<P, C> g{.p = p, .copies = copies, .w = w, .s = s};
  g.score_items = bf16_slices(z.key_size), g.value_items = bf16_slices(z.value_size);
  const int own = bf16_slices(z.key_size - w.first_column);
  g.items = g.score_items + g.value_items + (own < C ? own : C);
  __syncthreads();
  in_stages(
      w.steps() * g.items, [&](int item, int stage) { g.fetch(item, stage); },
      [&](int item, int stage) { g.process(item, stage); });
#pragma unroll
  for (int r = 0; r < P / kStep; ++r)
#pragma unroll
    for (int c = 0; c < C; ++c)
      for_sums(g.acc[r][c], g.at, [&](int row, int column, float& sum) {
        const int pair = r * kStep + row;
        const int64_t d = w.first_column + c * kSliceLinks + g.at.warp * kStep + column;
        if (pair < w.pairs.count && d < z.key_size) w.pairs.at(p.dq, pair)[d] = sum;
      });
}

template <int C>
void launch_bf16_query_gradient(const Bf16QueryGradientParams& p, Stream stream) {
  const int64_t blocks = tile_blocks(p.keys, p.tiles, p.sizes.key_size, C * kSliceLinks);
  const auto run = [&](auto kernel, int pairs, size_t shared) {
    const int64_t rows = pairs * (rounded_row(p.sizes.key_size) + rounded_row(p.sizes.value_size));
    launch(kernel, {blocks, kBf16Threads, int64_t(shared) + rows * int64_t{sizeof(Bf16)}}, stream, p,
           bf16_copies(p, p.dout), p.keys.key_heads * p.sizes.group);
  };
  p.tiles.pairs == kFewPairs ? run(attention_bf16_query_gradient_kernel<kFewPairs, C>, kFewPairs,
                                   sizeof(Bf16QueryGradientShared<kFewPairs>))
                             : run(attention_bf16_query_gradient_kernel<kManyPairs, C>, kManyPairs,
                                   sizeof(Bf16QueryGradientShared<kManyPairs>));
}

}  // namespace hone::cuda
