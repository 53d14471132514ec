// Causal attention over pages of 16 keys, behind plain parameters. Definition, all in float32, for each pair
// (row, query head) and block b of 16 keys, counted from position 0, from the one of the first visible key to
// the row's own, its page k [Dk, 16], v [16, Dv]. Keys after the row's own are hidden; so are, with a window,
// those `window` positions before it and earlier.
//     s[j] = (fma chain over d ascending of q[d] k[d][j], from 0) * scale; -inf for hidden keys
//     m'   = max(m, max over j of s[j]), m starting at -inf, or at the head's sink
//     c    = exp(m - m'), p[j] = exp(s[j] - m')
//     l    = fma(l, c, tree(p)), from 0, or with a sink from 1
//     o[e] = fma chain over visible j ascending of p[j] v[j][e], from o[e] * c (0 at first)
//   out = o / l, lse = m + log(l)
// A tile of pairs may begin with blocks that some of its rows do not see: they leave m, l and o as they are.
// Backward, with D = tree of a[i], a[i] = fma chain of dout[e] out[e] over e = i, i+16, ... from 0:
//     p[j]  = exp(s[j] - lse), dp[j] = fma chain over e ascending of dout[e] v[j][e], from 0
//     ds[j] = (p[j] * (dp[j] - D)) * scale
//     dq[d] = fma chain over visible keys ascending of ds[j] k[d][j], from 0
//   and for each slot of a page, one fma chain over the pairs of its unit that see it (segments ascending,
//   then rows, then heads of its key head), from 0: dk[d] of ds[j] q[d], dv[e] of p[j] dout[e].
// A hidden key takes no part: a program may add it with weight 0 only where that cannot show. tree is
// simd.h's sum. The order mentions positions, pages' contents and units, never the batch or tiles of pairs.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

inline constexpr int kPageKeys = 16;   // keys of a page
inline constexpr int kTilePairs = 16;  // (row, head) pairs that a tile holds at most

/// Row (t, h) of a tensor [T, H, size] starts at data + t * stride_t + h * stride_h.
struct HeadRows {
  const float* data = nullptr;
  int64_t stride_t = 0, stride_h = 0;
};
struct HeadRowsOut {
  float* data = nullptr;
  int64_t stride_t = 0, stride_h = 0;
};

struct AttentionSizes {
  int64_t group;       // query heads of a key head, H / J
  int64_t key_size;    // Dk
  int64_t value_size;  // Dv
  float scale;
  int64_t window = 0;  // keys that a row sees; 0 = all up to its own

  /// The first key that the row at `position` sees.
  int64_t first_key(int64_t position) const {
    return window > 0 && position >= window ? position - window + 1 : 0;
  }
};

/// Consecutive pairs of one segment and key head; pair i is row first_row + i / group, head key_head * group
/// + i % group.
struct AttentionTile {
  int64_t first_row;       // of the segment
  int64_t first_position;  // of that row
  int64_t key_head;
  int64_t begin, end;    // pairs, at most kTilePairs
  const int32_t* pages;  // of block 0, 1, ...
};

struct AttentionParams {
  AttentionSizes sizes;
  HeadRows q;                    // [T, H, Dk]
  HeadRowsOut out;               // [T, H, Dv]
  HeadRowsOut lse;               // [T, H], data may be null
  const float* k_pages;          // [pages, J, Dk, 16]
  const float* v_pages;          // [pages, J, 16, Dv]
  int64_t k_page, v_page;        // floats from page to page
  const float* sinks = nullptr;  // [H] or null
};
/// Floats of scratch, best 64-byte aligned, for segments of up to `keys` keys.
constexpr int64_t attention_scratch(const AttentionSizes& sizes, int64_t keys) {
  return 16 * (sizes.key_size + sizes.value_size + 2 * kPageKeys) + 5 * keys + 512;
}
template <Isa I>
void attention(const AttentionParams& p, const AttentionTile& tile, float* scratch);

struct AttentionBackwardParams {
  AttentionSizes sizes;
  HeadRows q, dout, out, lse;  // [T, H, Dk], [T, H, Dv], [T, H, Dv], [T, H]
  HeadRowsOut dq;              // [T, H, Dk], overwritten
  const float* k_pages;        // [pages, J, Dk, 16]
  const float* v_pages;        // [pages, J, 16, Dv]
  int64_t k_page, v_page;      // floats from page to page
  // Of one unit and key head; places are dense numbers of the pages that the unit sees. Rows are padded to 16
  // floats.
  float* dk;        // [places, 16, padded Dk], added to
  float* dv;        // [places, 16, padded Dv], added to
  const float* vt;  // [places, Dv, 16] values, transposed
};
constexpr int64_t padded(int64_t n) { return (n + 15) / 16 * 16; }
/// vt_ [Dv, 16] of v [16, Dv].
template <Isa I>
void transpose_values(float* vt_, const float* v, int64_t value_size);
constexpr int64_t attention_backward_scratch(const AttentionSizes& sizes) {
  return 16 * (3 * padded(sizes.key_size) + 2 * padded(sizes.value_size) + 2 * kPageKeys);
}
/// places[b] is the place of block b's page. Tiles of a unit come in the order of their pairs.
template <Isa I>
void attention_backward(const AttentionBackwardParams& p, const AttentionTile& tile, const int32_t* places,
                        float* scratch);

/// With D as above: dsink = fma chain over rows ascending of -exp(sink - lse) D, from dsink.
struct AttentionSinkParams {
  int64_t rows, value_size;
  HeadRows dout, out, lse;  // [T, H, Dv], [T, H, Dv], [T, H]
  const float* sinks;       // [H]
  float* dsinks;            // [H], added to
};
template <Isa I>
void attention_sink_backward(const AttentionSinkParams& p, int64_t head);

}  // namespace hone::cpu
