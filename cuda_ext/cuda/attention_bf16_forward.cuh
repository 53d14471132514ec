// Attention over pages of bfloat16, forward (attention_bf16.cuh): a tile of P pairs walks over its keys in steps of four
// pages: scores, a page a warp; the softmax of each page in turn by half-warps; values, all columns of a page at once.
// Bound: tensor cores; decoding: reading pages once a tile.
#pragma once

#include "cuda_ext/cuda/attention_bf16.cuh"

namespace hone::cuda {

/// Pages of a slice of values, and its shape: as many numbers whatever C.
template <int C>
struct ValueSlice {
  static constexpr int kPages = C < 2 ? kStepPages : 8 / C, kColumns = 64 * C, kRow = kColumns + kPad;
  static constexpr int kNumbers = kPages * kPage * kRow;
};

template <int P, int C>
struct alignas(16) Bf16ForwardShared {
  static constexpr int kStageNumbers =
      ValueSlice<C>::kNumbers > kSliceNumbers ? ValueSlice<C>::kNumbers : kSliceNumbers;
  Bf16 stage[kStages][kStageNumbers];  // slices of keys or values
  Bf16 p[P][kStepKeys + kPad];
  float scores[P][kScoreRow];
  float c[P][kStepPages];
  float l[P];
  Seen seen[P];
  __device__ Bf16* q() { return reinterpret_cast<Bf16*>(this + 1); }  // [P, rounded_row(Dk)]
};

template <int P, int C>
struct Bf16Forward {
  using Values = ValueSlice<C>;
  static constexpr int R = P / kStep, kOwn = P / kBf16HalfWarps;  // pairs of a half-warp's softmax

  const Bf16AttentionParams& p;
  const Bf16Copies& copies;
  const Bf16TileWork& w;
  Bf16ForwardShared<P, C>& s;
  int score_items, items;
  Lane at = {};
  HalfWarp half = {};
  float scores[R][2][4] = {}, acc[R][C][2][4] = {};
  float m[kOwn], l[kOwn];

  __device__ int own(int i) const { return int(threadIdx.x) / kLanes + kBf16HalfWarps * i; }

  __device__ void fetch(int item, int stage) const {
    const AttentionSizes& z = p.sizes;
    const int step = item / items, i = item % items, block = step * kStepPages;
    Bf16* to = s.stage[stage];
    if (i < score_items)
      return fetch_key_slice(
          to, [&](int b) { return w.keys(p.keys, z, block + b, 0); }, [](int) { return kPage; }, z.key_size,
          i * kSliceLinks);
    constexpr int kUnits = Values::kColumns / 8;
    for (int u = int(threadIdx.x); u < Values::kPages * kPage * kUnits; u += kBf16Threads) {
      const int key = u / kUnits, column = u % kUnits * 8,
                b = block + (i - score_items) * Values::kPages + key / kPage;
      const int64_t e = w.first_column + column;
      const Bf16* v = w.values(p.keys, z, b);
      if (v && e < z.value_size)
        copy_eight(to + key * Values::kRow + column, v + key % kPage * z.value_size + e,
                   key % kPage < w.visible(b) ? int(z.value_size - e) : 0, copies.values);
    }
  }

  /// Scores of this warp's page of a step go where all can see them.
  __device__ void keep_scores(int block) {
#pragma unroll
    for (int r = 0; r < R; ++r)
      for_sums(scores[r], at, [&](int row, int key, float& sum) {
        const int pair = r * kStep + row, of_step = at.warp * kPage + key;
        const bool sees = s.seen[pair].sees((w.first_block + block) * kPage + of_step);
        s.scores[pair][of_step] = sees ? sum * p.sizes.scale : kMinusInfinity;
        sum = 0;
      });
  }
  /// The softmax of pair own(i), page after page.
  __device__ void softmax(int i, int pages) {
    const int r = own(i);
    float x[kStepPages], highest[kStepPages];
#pragma unroll
    for (int b = 0; b < kStepPages; ++b) {
      x[b] = s.scores[r][b * kPage + half.lane];
      highest[b] = tree_max(x[b], half);
    }
#pragma unroll
    for (int b = 0; b < kStepPages; ++b) {
      if (b >= pages) break;
      const float next = max(highest[b], m[i]), shift = max(next, kLowest);  // no key yet: p and c are zeros
      const float weight = exp(x[b] - shift), c = exp(m[i] - shift);
      m[i] = next, l[i] = fma(l[i], c, tree_sum(weight, half));
      s.p[r][b * kPage + half.lane] = to_bf16(weight);
      if (half.lane == 0) s.c[r][b] = c;
    }
  }
  /// acc goes on by page b of a step; v [16, Values::kRow].
  __device__ void weigh(const Bf16* v, int b) {
    uint32_t weights[R][4], columns[4];
#pragma unroll
    for (int r = 0; r < R; ++r) {
      at.rows(weights[r], &s.p[r * kStep][b * kPage], kStepKeys + kPad);
      const float c[2] = {s.c[r * kStep + at.line][b], s.c[r * kStep + at.line + 8][b]};
#pragma unroll
      for (int g = 0; g < C; ++g)
        for_sums(acc[r][g], at, [&](int row, int, float& sum) { sum = sum * c[row == at.line ? 0 : 1]; });
    }
#pragma unroll
    for (int g = 0; g < C; ++g) {
      const int column = (g * kBf16Warps + at.warp) * kStep;
      if (w.first_column + column >= p.sizes.value_size) break;
      at.columns(columns, v + column, Values::kRow);
#pragma unroll
      for (int r = 0; r < R; ++r) two_steps(acc[r][g], weights[r], columns);
    }
  }
  __device__ void process(int item, int stage) {
    const int step = item / items, i = item % items, block = step * kStepPages;
    const Bf16* from = s.stage[stage];
    if (i < score_items) {
      const int row = rounded_row(p.sizes.key_size),
                links = links_of_slice(p.sizes.key_size, i * kSliceLinks);
      const Bf16* q = s.q() + i * kSliceLinks;
      for (int k = 0; k < links; k += kStep) {
        uint32_t keys[4], rows[4];
        at.columns(keys, from + k * kSliceRow + at.warp * kPage, kSliceRow);
#pragma unroll
        for (int r = 0; r < R; ++r) {
          at.rows(rows, q + r * kStep * row + k, row);
          two_steps(scores[r], rows, keys);
        }
      }
      if (i + 1 < score_items) return;
      keep_scores(block);
      __syncthreads();
#pragma unroll
      for (int k = 0; k < kOwn; ++k) softmax(k, w.num_blocks - block);
      return;
    }
#pragma unroll 1
    for (int page = 0; page < Values::kPages; ++page) {
      const int b = (i - score_items) * Values::kPages + page;
      if (block + b < w.num_blocks) weigh(from + page * kPage * Values::kRow, b);
    }
  }

  __device__ void write() {
#pragma unroll
    for (int i = 0; i < kOwn; ++i) {
      const int r = own(i);
      if (half.lane != 0 || r >= w.pairs.count) continue;
      s.l[r] = l[i];
      if (p.lse.data && w.first_column == 0) *w.pairs.at(p.lse, r) = m[i] + log(l[i]);
    }
    __syncthreads();
#pragma unroll
    for (int r = 0; r < R; ++r)
#pragma unroll
      for (int g = 0; g < C; ++g)
        for_sums(acc[r][g], at, [&](int row, int column, float& sum) {
          const int pair = r * kStep + row;
          const int64_t e = w.first_column + (g * kBf16Warps + at.warp) * kStep + column;
          if (pair < w.pairs.count && e < p.sizes.value_size) w.pairs.at(p.out, pair)[e] = sum / s.l[pair];
        });
  }
};

template <int P, int C>
__global__ void __launch_bounds__(kBf16Threads, 1)
    attention_bf16_kernel(Bf16AttentionParams p, Bf16Copies copies) {
  auto& s = shared_memory<Bf16ForwardShared<P, C>>();
  const Bf16TileWork w(p.keys, p.tiles, p.sizes, ValueSlice<C>::kColumns);
  if (threadIdx.x < P) s.seen[threadIdx.x] = seen_by(p.sizes, w.pairs.position(int(threadIdx.x)));
  round_rows(s.q(), w.pairs, P, p.q, p.sizes.key_size, copies.q);
  Bf16Forward<P, C> f{.p = p, .copies = copies, .w = w, .s = s};
  f.score_items = bf16_slices(p.sizes.key_size);
  f.items = f.score_items + kStepPages / ValueSlice<C>::kPages;
#pragma unroll
  for (int i = 0; i < f.kOwn; ++i) {
    f.m[i] = p.sinks ? p.sinks[w.pairs.head(f.own(i))] : kMinusInfinity;
    f.l[i] = p.sinks ? 1.0f : 0.0f;
  }
  __syncthreads();
  in_stages(
      w.steps() * f.items, [&](int item, int stage) { f.fetch(item, stage); },
      [&](int item, int stage) { f.process(item, stage); });
  f.write();
}

template <int C>
void launch_attention_bf16(const Bf16AttentionParams& p, Stream stream) {
  const int64_t blocks = tile_blocks(p.keys, p.tiles, p.sizes.value_size, ValueSlice<C>::kColumns);
  const auto run = [&](auto kernel, int pairs, size_t shared) {
    const int64_t bytes = int64_t(shared) + pairs * rounded_row(p.sizes.key_size) * int64_t{sizeof(Bf16)};
    launch(kernel, {blocks, kBf16Threads, bytes}, stream, p, bf16_copies(p, {}));
  };
  p.tiles.pairs == kFewPairs
      ? run(attention_bf16_kernel<kFewPairs, C>, kFewPairs, sizeof(Bf16ForwardShared<kFewPairs, C>))
      : run(attention_bf16_kernel<kManyPairs, C>, kManyPairs, sizeof(Bf16ForwardShared<kManyPairs, C>));
}

}  // namespace hone::cuda
