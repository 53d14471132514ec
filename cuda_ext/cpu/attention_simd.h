// What the two attention kernels share: tiles of (row, head) pairs as lanes, and the one product they are made of.
// Only for attention*.isa.cpp, as simd.h.
#pragma once

#include "cuda_ext/cpu/attention.h"
#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

inline constexpr int kWideChains = kIsa == Isa::avx512 ? 16 : 4;  // accumulators that fit the registers

enum class From { zero, memory, scaled };  // where a chain starts: 0, out_, out_ * c

/// out_[n] = fma chain over i ascending of lanes[i] * scalars[i * stride + n * kStep], n < N; out_ and lanes hold 16 lanes an
/// entry. kMasked: lane r takes part in step i only where masks[i] has it.
template <int N, int kStep, From kFrom, bool kMasked>
inline void chains(float* out_, const float* lanes, const float* scalars, int64_t stride, int64_t count, F16 c, const M16* masks) {
  F16 sum[N];
#pragma GCC unroll 16
  for (int n = 0; n < N; ++n) {
    if constexpr (kFrom == From::zero) sum[n] = zero();
    if constexpr (kFrom == From::memory) sum[n] = load(out_ + 16 * n);
    if constexpr (kFrom == From::scaled) sum[n] = load(out_ + 16 * n) * c;
  }
  for (int64_t i = 0; i < count; ++i) {
    const F16 x = load(lanes + 16 * i);
#pragma GCC unroll 16
    for (int n = 0; n < N; ++n) {
      const F16 next = fma(x, set1(scalars[i * stride + n * kStep]), sum[n]);
      sum[n] = kMasked ? select(masks[i], next, sum[n]) : next;
    }
  }
#pragma GCC unroll 16
  for (int n = 0; n < N; ++n) store(out_ + 16 * n, sum[n]);
}

/// chains() for any number of outputs.
template <int kStep, From kFrom, bool kMasked, int N = kWideChains>
inline void product(float* out_, int64_t outputs, const float* lanes, const float* scalars, int64_t stride, int64_t count,
                    F16 c = zero(), const M16* masks = nullptr) {
  int64_t n = 0;
  for (; n + N <= outputs; n += N)
    chains<N, kStep, kFrom, kMasked>(out_ + 16 * n, lanes, scalars + n * kStep, stride, count, c, masks);
  if constexpr (N > 1) {
    if (n < outputs)
      product<kStep, kFrom, kMasked, N / 2>(out_ + 16 * n, outputs - n, lanes, scalars + n * kStep, stride, count, c, masks);
  }
}

/// The pairs of a tile. Lanes after the last pair repeat its position; what they compute is thrown away.
struct TilePairs {
  int64_t group, count;
  int64_t first, last;  // positions of the first and the last pair
  I16 positions;
  const AttentionTile& tile;

  explicit TilePairs(const AttentionTile& t, int64_t group_size) : group(group_size), count(t.end - t.begin), tile(t) {
    alignas(64) int32_t position[kTilePairs];
    for (int64_t r = 0; r < kTilePairs; ++r) position[r] = int32_t(this->position(r < count ? r : count - 1));
    positions = loadi(position);
    first = position[0], last = position[kTilePairs - 1];
  }
  int64_t position(int64_t r) const { return tile.first_position + (tile.begin + r) / group; }
  template <class Rows>
  auto row(const Rows& rows, int64_t r) const {
    const int64_t pair = tile.begin + r;
    return rows.data + (tile.first_row + pair / group) * rows.stride_t + (tile.key_head * group + pair % group) * rows.stride_h;
  }
};

/// lanes_ [size, 16] of the pairs' rows [size]; lanes without a pair are 0.
inline void gather_lanes(float* lanes_, const TilePairs& pairs, const HeadRows& rows, int64_t size) {
  for (int64_t r = 0; r < kTilePairs; ++r) {
    const float* from = r < pairs.count ? pairs.row(rows, r) : nullptr;
    for (int64_t d = 0; d < size; ++d) lanes_[16 * d + r] = from ? from[d] : 0.0f;
  }
}

/// masks[j] = the pairs that see key first_key + j; returns how many keys any of them sees (at most 16).
inline int see(M16* masks, const TilePairs& pairs, int64_t first_key) {
  for (int j = 0; j < kPageKeys; ++j) masks[j] = less(set1i(int32_t(first_key) + j - 1), pairs.positions);
  const int64_t keys = pairs.last - first_key + 1;
  return keys < kPageKeys ? int(keys) : kPageKeys;
}

}  // namespace
}  // namespace hone::cpu
