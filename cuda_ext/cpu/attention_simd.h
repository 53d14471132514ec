// What the two attention kernels share: tiles of (row, head) pairs as lanes, and the one product they are
// made of. Only for attention*.isa.cpp, as simd.h.
#pragma once

#include <utility>

#include "cuda_ext/cpu/attention.h"
#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

inline constexpr int kWideChains = kIsa == Isa::avx512 ? 16 : 4;  // accumulators that fit the registers

enum class From { zero, memory, scaled };  // where a chain starts: 0, out_, out_ * c

/// out_[n] = fma chain over i ascending of lanes[i] * scalars[i * stride + n * kStep], n < N; out_ and lanes
/// hold 16 lanes an entry. kMasked: lane r takes part in step i only where masks[i] has it.
template <int N, int kStep, From kFrom, bool kMasked>
inline void chains(float* out_, const float* lanes, const float* scalars, int64_t stride, int64_t count,
                   F16 c, const M16* masks) {
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
inline void product(float* out_, int64_t outputs, const float* lanes, const float* scalars, int64_t stride,
                    int64_t count, F16 c = zero(), const M16* masks = nullptr) {
  int64_t n = 0;
  for (; n + N <= outputs; n += N)
    chains<N, kStep, kFrom, kMasked>(out_ + 16 * n, lanes, scalars + n * kStep, stride, count, c, masks);
  if constexpr (N > 1) {
    if (n < outputs)
      product<kStep, kFrom, kMasked, N / 2>(out_ + 16 * n, outputs - n, lanes, scalars + n * kStep, stride,
                                            count, c, masks);
  }
}

/// Swaps, in each square of 2s rows and lanes, the upper right and the lower left square of s.
template <int s>
inline void swap_squares(F16& a, F16& b) {
#if defined(HONE_ISA_avx512)
  constexpr auto swap = []<int... i>(F16 & x, F16 & y, std::integer_sequence<int, i...>) {
    const __m512 upper = __builtin_shufflevector(x.v, y.v, (i & s ? 16 + (i ^ s) : i)...);
    y.v = __builtin_shufflevector(x.v, y.v, (i & s ? 16 + i : i ^ s)...);
    x.v = upper;
  };
  swap(a, b, std::make_integer_sequence<int, 16>{});
#elif defined(HONE_ISA_avx2)
  constexpr auto swap = []<int... i>(__m256 & x, __m256 & y, std::integer_sequence<int, i...>) {
    const __m256 upper = __builtin_shufflevector(x, y, (i & s ? 8 + (i ^ s) : i)...);
    y = __builtin_shufflevector(x, y, (i & s ? 8 + i : i ^ s)...);
    x = upper;
  };
  if constexpr (s == 8) {
    const __m256 upper = b.lo;
    b.lo = a.hi, a.hi = upper;
  } else {
    swap(a.lo, b.lo, std::make_integer_sequence<int, 8>{});
    swap(a.hi, b.hi, std::make_integer_sequence<int, 8>{});
  }
#else
  for (int i = 0; i < 16; ++i) {
    if (i & s) continue;
    const float upper = b.v[i];
    b.v[i] = a.v[i + s], a.v[i + s] = upper;
  }
#endif
}

template <int s = 8>
inline void transpose(F16 (&rows)[16]) {
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i)
    if (!(i & s)) swap_squares<s>(rows[i], rows[i + s]);
  if constexpr (s > 1) transpose<s / 2>(rows);
}

/// The pairs of a tile. Lanes after the last pair repeat its position; what they compute is thrown away.
struct TilePairs {
  const AttentionTile& tile;
  int64_t count;
  int64_t first, last;                          // positions of the first and the last pair
  int64_t first_key, last_first_key;            // the first keys that these two see
  int64_t rows[kTilePairs], heads[kTilePairs];  // of the tensors [T, H, size]
  I16 positions, first_keys;

  TilePairs(const AttentionTile& t, const AttentionSizes& z) : tile(t), count(t.end - t.begin) {
    const int64_t group = z.group;
    alignas(64) int32_t lanes[kTilePairs], keys[kTilePairs];
    int64_t row = t.begin / group, head = t.begin % group;
    for (int64_t r = 0; r < kTilePairs; ++r) {
      rows[r] = t.first_row + row, heads[r] = t.key_head * group + head;
      lanes[r] = int32_t(t.first_position + row), keys[r] = int32_t(z.first_key(lanes[r]));
      if (r + 1 < count && ++head == group) head = 0, ++row;
    }
    positions = loadi(lanes), first_keys = loadi(keys);
    first = lanes[0], last = lanes[kTilePairs - 1];
    first_key = keys[0], last_first_key = keys[kTilePairs - 1];
  }
  int64_t first_block() const { return first_key / kPageKeys; }
  /// Whether all pairs see all keys of the block.
  bool all_see(int64_t block) const {
    return block * kPageKeys + kPageKeys - 1 <= first && block * kPageKeys >= last_first_key;
  }
  int64_t position(int64_t r) const { return tile.first_position + rows[r] - tile.first_row; }
  template <class Rows>
  auto row(const Rows& x, int64_t r) const {
    return x.data + rows[r] * x.stride_t + heads[r] * x.stride_h;
  }
};

/// lanes_ [size, 16] of the pairs' rows [size]; lanes without a pair are 0.
inline void gather_lanes(float* lanes_, const TilePairs& pairs, const HeadRows& rows, int64_t size) {
  F16 block[16];
  const float* from[16];
  for (int r = 0; r < kTilePairs; ++r) from[r] = r < pairs.count ? pairs.row(rows, r) : nullptr;
  for (int64_t d = 0; d < size; d += 16) {
    const int n = size - d < 16 ? int(size - d) : 16;
    for (int r = 0; r < 16; ++r)
      block[r] = !from[r] ? zero() : n == 16 ? load(from[r] + d) : load_n(from[r] + d, n);
    transpose(block);
    for (int i = 0; i < n; ++i) store(lanes_ + 16 * (d + i), block[i]);
  }
}

/// The pairs' rows [size] of lanes [size, 16], the other way round.
inline void scatter_lanes(const TilePairs& pairs, const HeadRowsOut& rows, const float* lanes, int64_t size) {
  F16 block[16];
  for (int64_t d = 0; d < size; d += 16) {
    const int n = size - d < 16 ? int(size - d) : 16;
    for (int i = 0; i < 16; ++i) block[i] = i < n ? load(lanes + 16 * (d + i)) : zero();
    transpose(block);
    for (int r = 0; r < pairs.count; ++r) {
      float* to = pairs.row(rows, r) + d;
      n == 16 ? store(to, block[r]) : store_n(to, block[r], n);
    }
  }
}

/// masks[j] = the pairs that see key first_key + j; returns how many keys any of them sees (at most 16).
inline int see(M16* masks, const TilePairs& pairs, int64_t first_key) {
  for (int j = 0; j < kPageKeys; ++j) {
    const int32_t key = int32_t(first_key) + j;
    masks[j] =
        mask_of(bits(less(set1i(key - 1), pairs.positions)) & bits(less(pairs.first_keys, set1i(key + 1))));
  }
  const int64_t keys = pairs.last - first_key + 1;
  return keys < kPageKeys ? int(keys) : kPageKeys;
}

}  // namespace
}  // namespace hone::cpu
