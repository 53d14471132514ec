// What the attention kernels share: where pairs and keys lie, slices of rows and pages on their way to shared
// memory, and the two products that make scores: s = q k over d ascending, and dp = dout v over e ascending. A
// pair belongs to a half-warp, half-warp h owns pairs h, h + 16, ...; lanes share its keys.
#pragma once

#include <cuda_pipeline_primitives.h>

#include "cuda_ext/cuda/attention.h"
#include "cuda_ext/cuda/lanes.cuh"
#include "cuda_ext/cuda/launch.cuh"

namespace hone::cuda {

using cpu::AttentionSizes;
using cpu::HeadRows;

inline constexpr int kAttentionThreads = 256;
inline constexpr int kHalfWarps = kAttentionThreads / kLanes;
inline constexpr int kPage = cpu::kPageKeys;
inline constexpr int kLinks = 32;            // of a chain over d or e in a slice
inline constexpr int kLinkRow = kLinks + 4;  // no two rows of a quarter-warp in the same banks
inline constexpr int kStages = 3;

/// Whether 16 bytes at a time may be copied.
struct AttentionCopies {
  bool pages, q, dout;
};
inline bool rows_in_fours(const HeadRows& x, int64_t size) {
  return size % 4 == 0 && in_fours(x.data, x.stride_t, x.stride_h);
}
inline bool pages_in_fours(const AttentionKeys& k, int64_t value_size) {
  return value_size % 4 == 0 && in_fours(k.k_pages, k.k_page) && in_fours(k.v_pages, k.v_page);
}

/// Starts to copy up to four numbers.
__device__ inline void copy_four(float* to, const float* from, int64_t count, bool fours) {
  if (fours && count >= 4) return __pipeline_memcpy_async(to, from, 16);
  for (int i = 0; i < 4; ++i)
    if (i < count) __pipeline_memcpy_async(to + i, from + i, 4);
}

/// Items of work in order: fetch(item, stage) starts its copies kStages - 1 items ahead of process(item, stage).
/// The block meets before every item.
template <class Fetch, class Process>
__device__ inline void in_stages(int items, Fetch fetch, Process process) {
  for (int i = 0; i < kStages - 1; ++i) {
    if (i < items) fetch(i, i);
    __pipeline_commit();
  }
  for (int item = 0, stage = 0; item < items; ++item) {
    __pipeline_wait_prior(kStages - 2);
    __syncthreads();
    const int ahead = item + kStages - 1;
    if (ahead < items) fetch(ahead, stage == 0 ? kStages - 1 : stage - 1);
    __pipeline_commit();
    process(item, stage);
    stage = stage + 1 == kStages ? 0 : stage + 1;
  }
}

__device__ inline int slices_of(int64_t size) { return int((size + kLinks - 1) / kLinks); }
/// Numbers of slice i of `size`.
__device__ inline int links_of(int64_t size, int i) {
  const int64_t left = size - int64_t(i) * kLinks;
  return int(left < kLinks ? left : kLinks);
}

/// Consecutive pairs of one segment and key head: pair i is row i / group, head i % group of the key head.
struct Pairs {
  int64_t first_row, first_position;  // of the segment
  int64_t first, count;               // pairs
  int64_t first_head;
  unsigned group;

  /// Pair r, or the last one in place of those that do not exist.
  __device__ int64_t index(int r) const { return first + (r < count ? r : count - 1); }
  __device__ int64_t row(int r) const { return first_row + unsigned(index(r)) / group; }
  __device__ int64_t head(int r) const { return first_head + unsigned(index(r)) % group; }
  __device__ int64_t position(int r) const { return first_position + unsigned(index(r)) / group; }
  template <class Rows>
  __device__ auto at(const Rows& x, int r) const {
    return x.data + row(r) * x.stride_t + head(r) * x.stride_h;
  }
};
template <class Number>
__device__ inline Pairs pairs_of(const AttentionKeysOf<Number>& k, const AttentionSizes& z, int segment,
                                 int64_t key_head, int64_t first, int tile) {
  const int64_t row = k.row_begin[segment], pairs = (k.row_begin[segment + 1] - row) * z.group;
  return {.first_row = row,
          .first_position = k.first_position[segment],
          .first = first,
          .count = pairs - first < tile ? pairs - first : tile,
          .first_head = key_head * z.group,
          .group = unsigned(z.group)};
}

/// Pairs of the rows of a segment that see any key of the page whose first one is `first_key`; count <= 0: none.
template <class Number>
__device__ inline Pairs pairs_that_see(const AttentionKeysOf<Number>& k, const AttentionSizes& z, int segment,
                                       int64_t key_head, int64_t first_key) {
  const int64_t row = k.row_begin[segment], position = k.first_position[segment];
  int64_t first = first_key - position, last = k.row_begin[segment + 1] - row - 1;
  if (first < 0) first = 0;
  if (z.window > 0 && last > first_key + kPage - 1 + z.window - 1 - position)
    last = first_key + kPage + z.window - 2 - position;
  return {.first_row = row,
          .first_position = position,
          .first = first * z.group,
          .count = (last + 1 - first) * z.group,
          .first_head = key_head * z.group,
          .group = unsigned(z.group)};
}

/// Keys that a pair sees.
struct Seen {
  int first, last;  // positions
  __device__ bool sees(int64_t key) const { return first <= key && key <= last; }
};
__device__ inline Seen seen_by(const AttentionSizes& z, int64_t position) {
  return {int(z.window > 0 && position >= z.window ? position - z.window + 1 : 0), int(position)};
}

/// Links [kLinks i, ...) of P rows x [size] into to_ [P, kLinkRow].
template <int P>
__device__ inline void fetch_rows(float* to_, const Pairs& pairs, const HeadRows& x, int64_t size, int i,
                                  bool fours) {
  constexpr int kUnits = kLinks / 4;
  for (int u = int(threadIdx.x); u < P * kUnits; u += kAttentionThreads) {
    const int r = u / kUnits, link = u % kUnits * 4, left = links_of(size, i) - link;
    if (left > 0 && r < pairs.count)
      copy_four(to_ + r * kLinkRow + link, pairs.at(x, r) + i * kLinks + link, left, fours);
  }
}

/// Links of keys k [Dk, 16] of up to kPages pages into to_ [kLinks, 16 kPages]; page(b) is page b's keys, or null.
template <int kPages, class Page>
__device__ inline void fetch_keys(float* to_, Page page, int links, bool fours) {
  constexpr int kUnits = kPages * kPage / 4;  // of a link
  const int u = int(threadIdx.x) % kUnits;
  const float* from = page(u / 4);
  if (!from) return;
  for (int d = int(threadIdx.x) / kUnits; d < links; d += kAttentionThreads / kUnits)
    copy_four(to_ + d * kPages * kPage + 4 * u, from + d * kPage + u % 4 * 4, 4, fours);
}

/// Links of values v [16, size], of up to kPages pages, into to_ [16 kPages, kLinkRow].
template <int kPages, class Page>
__device__ inline void fetch_values(float* to_, Page page, int64_t size, int links, bool fours) {
  constexpr int kUnits = kLinks / 4;
  for (int u = int(threadIdx.x); u < kPages * kPage * kUnits; u += kAttentionThreads) {
    const int key = u / kUnits, link = u % kUnits * 4;
    const float* from = page(key / kPage);
    if (from && link < links)
      copy_four(to_ + key * kLinkRow + link, from + key % kPage * size + link, links - link, fours);
  }
}

/// sum_[i][x] goes on by `links` links: rows h + 16 i of q [P, kLinkRow], keys X lane + x of k [kLinks, 16 X].
template <int R, int X>
__device__ inline void score(float (&sum_)[R][X], const float* q, const float* k, int links) {
  const int h = int(threadIdx.x) / kLanes, lane = int(threadIdx.x) % kLanes;
  k += X * lane, q += h * kLinkRow;
  int d = 0;
  for (; d + 4 <= links; d += 4) {
    Vec<4> rows[R];
#pragma unroll
    for (int i = 0; i < R; ++i) rows[i] = load<4>(q + i * kHalfWarps * kLinkRow + d);
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      const Vec<X> keys = load<X>(k + (d + j) * X * kPage);
#pragma unroll
      for (int i = 0; i < R; ++i)
#pragma unroll
        for (int x = 0; x < X; ++x) sum_[i][x] = fma(rows[i].v[j], keys.v[x], sum_[i][x]);
    }
  }
#pragma unroll 1
  for (; d < links; ++d)
#pragma unroll
    for (int i = 0; i < R; ++i)
#pragma unroll
      for (int x = 0; x < X; ++x)
        sum_[i][x] = fma(q[i * kHalfWarps * kLinkRow + d], k[d * X * kPage + x], sum_[i][x]);
}

/// The same with values v [16 X, kLinkRow]; keys are lane + 16 x.
template <int R, int X>
__device__ inline void score_values(float (&sum_)[R][X], const float* dout, const float* v, int links) {
  const int h = int(threadIdx.x) / kLanes, lane = int(threadIdx.x) % kLanes;
  v += lane * kLinkRow, dout += h * kLinkRow;
  int e = 0;
  for (; e + 4 <= links; e += 4) {
    Vec<4> rows[R];
#pragma unroll
    for (int i = 0; i < R; ++i) rows[i] = load<4>(dout + i * kHalfWarps * kLinkRow + e);
#pragma unroll
    for (int x = 0; x < X; ++x) {
      const Vec<4> values = load<4>(v + x * kPage * kLinkRow + e);
#pragma unroll
      for (int i = 0; i < R; ++i)
#pragma unroll
        for (int j = 0; j < 4; ++j) sum_[i][x] = fma(rows[i].v[j], values.v[j], sum_[i][x]);
    }
  }
#pragma unroll 1
  for (; e < links; ++e)
#pragma unroll
    for (int i = 0; i < R; ++i)
#pragma unroll
      for (int x = 0; x < X; ++x)
        sum_[i][x] = fma(dout[i * kHalfWarps * kLinkRow + e], v[x * kPage * kLinkRow + e], sum_[i][x]);
}

// ---- tiles of pairs that walk over their keys -----------------------------------------------------------------

inline constexpr int kStepPages = 4;
inline constexpr int kStepKeys = kStepPages * kPage;
inline constexpr int kScoreRow = kStepKeys + 4;
inline constexpr int kColumnThreads = 64;  // that share the columns of a tile's outputs
inline constexpr int kColumnGroups = kAttentionThreads / kColumnThreads;

/// A block's tile: blocks are tiles, then key heads, then chunks of columns.
template <class Number>
struct TileWorkOf {
  using Keys = AttentionKeysOf<Number>;
  Pairs pairs;
  int64_t key_head, first_column;
  const int32_t* pages;
  int first_block, num_blocks;
  int first_seen_by_all, last_seen_by_all;  // keys
  int last_key;                             // that any pair sees

  __device__ TileWorkOf(const Keys& k, const AttentionTiles& tiles, const AttentionSizes& z,
                      int64_t columns) {
    const int64_t rest = blockIdx.x / tiles.count;
    const AttentionTile tile = tiles.tiles[blockIdx.x % tiles.count];
    key_head = rest % k.key_heads, first_column = rest / k.key_heads * columns;
    pairs = pairs_of(k, z, tile.segment, key_head, tile.first_pair, tiles.pairs);
    const Seen first = seen_by(z, pairs.position(0)), last = seen_by(z, pairs.position(tiles.pairs - 1));
    first_block = first.first / kPage, num_blocks = last.last / kPage + 1 - first_block;
    first_seen_by_all = last.first, last_seen_by_all = first.last, last_key = last.last;
    pages = k.table + tile.segment * k.max_pages + first_block;
  }
  __device__ int steps() const { return (num_blocks + kStepPages - 1) / kStepPages; }
  /// Whether all pairs see all keys of a block, counted from the first one.
  __device__ bool all_see(int block) const {
    const int key = (first_block + block) * kPage;
    return first_seen_by_all <= key && key + kPage - 1 <= last_seen_by_all;
  }
  /// Keys of a block from link `link` on, or null behind the last block.
  __device__ const Number* keys(const Keys& k, const AttentionSizes& z, int block, int link) const {
    if (block >= num_blocks) return nullptr;
    return k.k_pages + pages[block] * k.k_page + (key_head * z.key_size + link) * kPage;
  }
  __device__ const Number* values(const Keys& k, const AttentionSizes& z, int block) const {
    if (block >= num_blocks) return nullptr;
    return k.v_pages + pages[block] * k.v_page + key_head * kPage * z.value_size;
  }
};
using TileWork = TileWorkOf<float>;
template <class Number>
int64_t tile_blocks(const AttentionKeysOf<Number>& k, const AttentionTiles& tiles, int64_t size,
                           int64_t columns) {
  return tiles.count * k.key_heads * ceil_div(size, columns);
}

}  // namespace hone::cuda
