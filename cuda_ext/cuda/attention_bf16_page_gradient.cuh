// Attention over pages of bfloat16, the gradients of a page's keys and values (attention_bf16.cuh): a block owns the
// sixteen slots of a place of one key head, whose page stays in shared memory, and walks over the pairs of its unit
// that see it, segments ascending, then rows, then heads, two steps of sixteen at a time. Bound: tensor cores.
#pragma once

#include "cuda_ext/cuda/attention_bf16.cuh"

namespace hone::cuda {

inline constexpr int kPageRow = kPage + kPad;

/// Everything in shared memory, one array behind the other.
struct Bf16PageShared {
  int key_row, value_row;  // numbers from row to row of pairs
  Bf16 *keys, *values;     // [whole steps of Dk, kPageRow], [16, value_row]
  Bf16 *q, *dout;          // [kManyPairs, key_row], [kManyPairs, value_row]
  Bf16 *p, *ds;            // [kManyPairs, kPageRow]

  __device__ Bf16PageShared(const AttentionSizes& z, Bf16* memory)
      : key_row(rounded_row(z.key_size)), value_row(rounded_row(z.value_size)) {
    keys = memory, values = keys + whole_steps(z.key_size) * kPageRow;
    q = values + kPage * value_row, dout = q + kManyPairs * key_row;
    p = dout + kManyPairs * value_row, ds = p + kManyPairs * kPageRow;
  }
  static int64_t bytes(const AttentionSizes& z) {
    return (whole_steps(z.key_size) * kPageRow + (kPage + kManyPairs) * rounded_row(z.value_size) +
            kManyPairs * (rounded_row(z.key_size) + 2 * kPageRow)) *
           int64_t{sizeof(Bf16)};
  }
};

/// CK and CV groups of sixteen columns of dk and dv a warp.
template <int CK, int CV>
struct Bf16PageGradient {
  const Bf16PageGradientParams& p;
  const Bf16Copies& copies;
  const Bf16PageShared& s;
  int64_t heads, chunk;
  Lane at = {};
  float dk[CK][2][4] = {}, dv[CV][2][4] = {};

  __device__ int64_t column(int group, int groups) const {
    return ((chunk * groups + group) * kBf16Warps + at.warp) * kStep;
  }

  __device__ void fetch_page(int64_t page, int64_t key_head) const {
    const AttentionSizes& z = p.sizes;
    const Bf16 *keys = p.keys.k_pages + page * p.keys.k_page + key_head * z.key_size * kPage,
               *values = p.keys.v_pages + page * p.keys.v_page + key_head * z.value_size * kPage;
    for (int u = int(threadIdx.x); u < whole_steps(z.key_size) * 2; u += kBf16Threads)
      copy_eight(s.keys + u / 2 * kPageRow + u % 2 * 8, keys + u * 8, u / 2 < z.key_size ? 8 : 0, true);
    const int units = whole_steps(z.value_size) / 8;
    for (int u = int(threadIdx.x); u < kPage * units; u += kBf16Threads) {
      const int key = u / units, e = u % units * 8;
      copy_eight(s.values + key * s.value_row + e, values + key * z.value_size + e, int(z.value_size) - e,
                 copies.values);
    }
    __pipeline_commit();
    __pipeline_wait_prior(0);
  }

  /// p and ds of sixteen pairs and eight keys a warp.
  __device__ void weigh(const Pairs& t, int64_t first_key) const {
    const AttentionSizes& z = p.sizes;
    const int first_pair = at.warp / 2 * kStep, key = at.warp % 2 * 8;
    float scores[4] = {}, dp[4] = {};
    uint32_t rows[4], columns[2];
    for (int k = 0; k < whole_steps(z.key_size); k += kStep) {
      at.rows(rows, s.q + first_pair * s.key_row + k, s.key_row);
      load_matrices<true>(columns, s.keys + (k + at.lane % 16) * kPageRow + key);
      tensor_core_step(scores, rows, columns);
    }
    for (int k = 0; k < whole_steps(z.value_size); k += kStep) {
      at.rows(rows, s.dout + first_pair * s.value_row + k, s.value_row);
      load_matrices<false>(columns, s.values + (key + at.lane % 8) * s.value_row + k + at.lane / 8 % 2 * 8);
      tensor_core_step(dp, rows, columns);
    }
#pragma unroll
    for (int down = 0; down < 2; ++down) {
      const int r = first_pair + at.line + 8 * down;
      const float lse = *t.at(p.lse, r), delta = p.delta[t.row(r) * heads + t.head(r)];
      const Seen seen = seen_by(z, t.position(r));
      float probability[2], ds[2];
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const bool sees = r < t.count && seen.sees(first_key + key + at.pair + i);
        const float of_pair = exp(scores[2 * down + i] * z.scale - lse);
        probability[i] = sees ? of_pair : 0.0f;
        ds[i] = sees ? of_pair * (dp[2 * down + i] - delta) * z.scale : 0.0f;
      }
      const int to = r * kPageRow + key + at.pair;
      *reinterpret_cast<uint32_t*>(s.p + to) = to_bf16(probability[0], probability[1]);
      *reinterpret_cast<uint32_t*>(s.ds + to) = to_bf16(ds[0], ds[1]);
    }
  }

  /// acc goes on by sixteen pairs; weights [16, kPageRow], rows [16, row].
  template <int C>
  __device__ void add_pairs(float (&acc)[C][2][4], const Bf16* weights, const Bf16* rows, int row,
                            int64_t size) {
    uint32_t slots[4], columns[4];
    at.rows_of_columns(slots, weights, kPageRow);
#pragma unroll
    for (int g = 0; g < C; ++g) {
      if (column(g, C) >= size) break;
      at.columns(columns, rows + column(g, C), row);
      two_steps(acc[g], slots, columns);
    }
  }

  /// All pairs of a segment that see the page.
  __device__ void add_segment(Pairs pairs, int64_t first_key) {
    for (; pairs.count > 0; pairs.first += kManyPairs, pairs.count -= kManyPairs) {
      Pairs t = pairs;
      if (t.count > kManyPairs) t.count = kManyPairs;
      __syncthreads();
      round_rows(s.q, t, kManyPairs, p.q, p.sizes.key_size, copies.q);
      round_rows(s.dout, t, kManyPairs, p.dout, p.sizes.value_size, copies.dout);
      __syncthreads();
      weigh(t, first_key);
      __syncthreads();
      for (int first = 0; first < t.count; first += kStep) {
        add_pairs(dk, s.ds + first * kPageRow, s.q + first * s.key_row, s.key_row, p.sizes.key_size);
        add_pairs(dv, s.p + first * kPageRow, s.dout + first * s.value_row, s.value_row, p.sizes.value_size);
      }
    }
  }

  /// acc into to_ [16, size].
  template <int C>
  __device__ void write(float* to_, float (&acc)[C][2][4], int64_t size) const {
#pragma unroll
    for (int g = 0; g < C; ++g)
      for_sums(acc[g], at, [&](int slot, int of_group, float& sum) {
        const int64_t d = column(g, C) + of_group;
        if (d < size) to_[slot * size + d] = sum;
      });
  }
};

/// Blocks are places, then key heads, then chunks of columns.
template <int CK, int CV>
__global__ void __launch_bounds__(kBf16Threads, 1)
    attention_bf16_page_gradient_kernel(Bf16PageGradientParams p, Bf16Copies copies) {
  const AttentionSizes& z = p.sizes;
  const int64_t place = blockIdx.x % p.places, rest = blockIdx.x / p.places;
  const int64_t key_head = rest % p.keys.key_heads;
  const Bf16PageShared s(z, &shared_memory<Bf16>());
  Bf16PageGradient<CK, CV> g{.p = p, .copies = copies, .s = s};
  g.heads = p.keys.key_heads * z.group, g.chunk = rest / p.keys.key_heads;
  g.fetch_page(p.pages[place], key_head);
  for (int i = p.sighting_begin[place]; i < p.sighting_begin[place + 1]; ++i) {
    const PageSighting seen = p.sightings[i];
    const int64_t first_key = int64_t(seen.block) * kPage;
    g.add_segment(pairs_that_see(p.keys, z, seen.segment, key_head, first_key), first_key);
  }
  const int64_t at = (place * p.keys.key_heads + key_head) * kPage;
  g.write(p.dk + at * z.key_size, g.dk, z.key_size);
  g.write(p.dv + at * z.value_size, g.dv, z.value_size);
}

template <int CK, int CV>
void launch_bf16_page_gradient(const Bf16PageGradientParams& p, Stream stream) {
  constexpr int kColumns = kBf16Warps * kStep;
  const int64_t of_keys = ceil_div(p.sizes.key_size, CK * kColumns),
                of_values = ceil_div(p.sizes.value_size, CV * kColumns);
  const int64_t chunks = of_keys > of_values ? of_keys : of_values;
  launch(attention_bf16_page_gradient_kernel<CK, CV>,
         {p.places * p.keys.key_heads * chunks, kBf16Threads, Bf16PageShared::bytes(p.sizes)}, stream, p,
         bf16_copies(p, p.dout));
}

}  // namespace hone::cuda
