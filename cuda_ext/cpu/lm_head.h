// Kernels of the language-model head over a scratch of logits: rows x a range of ids that starts at a
// multiple of kHeadBlock. What a row has seen of the vocabulary is carried from range to range in a HeadSum
// (and a HeadDraw when it is sampled), so the split into ranges, rows and threads never shows.
//   z = logit * scale, scale = 1 / temperature rounded to float32
#pragma once

#include <cstdint>
#include <limits>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

inline constexpr int64_t kHeadBlock = 512;
inline constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

/// Log-sum-exp as a chain over blocks of ids, ascending. A block has m = max z, e = exp(z - m) and 16-lane
/// sums s of e and w of fma(e, z - m, w). The first block starts the chain; then with M the maximum so far
///   m <= M:  c = exp(m - M), sum += s * c,        weighted += (w + s * (m - M)) * c
///   m >  M:  c = exp(M - m), sum = sum * c + s,   weighted = (weighted + sum * (M - m)) * c + w,  M = m
/// and at the end lse = M + log(sum), entropy = log(sum) - weighted / sum. A block of nothing but -infinity
/// is passed over.
struct HeadSum {
  float max = kMinusInfinity, sum = 0;
  float weighted = 0;  // only when the entropy is asked for
};

/// sums[r] and z[r] (once the target is in the range) for rows [begin, end).
struct HeadScoreParams {
  const float* logits;  // [rows, ids]
  int64_t stride, first_id, num_ids;
  float scale;
  const int32_t* targets;  // [rows]
  HeadSum* sums;           // [rows]
  float* z;                // [rows] of the target
};
template <Isa I>
void head_score(const HeadScoreParams& p, int64_t begin, int64_t end);

/// From a finished chain; entropy may be null.
struct HeadFinishParams {
  const HeadSum* sums;              // [rows]
  const float* z;                   // [rows]
  float *logprobs, *lse, *entropy;  // [rows]; lse and entropy may be null
};
template <Isa I>
void head_finish(const HeadFinishParams& p, int64_t begin, int64_t end);

/// logits_ becomes dlogits: c * ((id == target) - exp(z - lse)) with c = dlogprob * scale, rounded once.
struct HeadGradientParams {
  float* logits_;  // [rows, ids]
  int64_t stride, first_id, num_ids;
  float scale;
  const int32_t* targets;  // [rows]
  const float* lse;        // [rows]
  const float* dlogprobs;  // [rows]
};
template <Isa I>
void head_gradient(const HeadGradientParams& p, int64_t begin, int64_t end);

/// One row's draw: argmax of z + g over the ids seen so far, ties to the lower id; a row of NaN keeps id 0.
///   g = -log(-log(u)), u = ((word >> 9) + 0.5) / 2^23, word id % 4 of Philox(key, {id / 4, position, 0, 0})
/// With 23 bits every u is exact in float32 and inside (0, 1); with 24 the last would round to 1.
struct HeadDraw {
  uint32_t key_lo = 0, key_hi = 0, position = 0;
  bool greedy = false;  // g = 0
  bool skip = false;    // drawn elsewhere: head_sample passes over the row
  float scale = 1;
  float best = kMinusInfinity;  // z + g of `id`
  float z = kMinusInfinity;     // of `id`
  int32_t id = 0;
};
struct HeadSampleParams {
  const float* logits;  // [rows, ids]
  int64_t stride, first_id, num_ids;
  HeadSum* sums;    // [rows]
  HeadDraw* draws;  // [rows]
};
template <Isa I>
void head_sample(const HeadSampleParams& p, int64_t begin, int64_t end);

/// noise[i] = g of id first_id + i, i < n; first_id is a multiple of 64. What head_sample adds, for tests.
template <Isa I>
void gumbel_values(float* noise, const HeadDraw& draw, int64_t first_id, int64_t n);

/// What top_k, top_p and min_p leave of one row, by definition: ids sorted by (z descending, id ascending);
///   top_k  the first top_k stay (0: off);
///   top_p  of these the smallest prefix stays that reaches top_p times the weight of them all (>= 1: off);
///          an id weighs exp(z - max) in whole units of 2^-40: sums are exact, the comparison is in float64
///   min_p  of these those with exp(z - max) >= min_p stay (<= 0: off)
/// At least the first stays. A row with a NaN or an infinite maximum is left as it is.
struct HeadFilter {
  int64_t top_k = 0;
  float top_p = 1, min_p = 0;
  bool off(int64_t vocab_size) const {
    return (top_k <= 0 || top_k >= vocab_size) && top_p >= 1 && min_p <= 0;
  }
};
/// z_ [V]: what does not stay becomes -infinity.
void filter_row(float* z_, int64_t vocab_size, const HeadFilter& filter);

}  // namespace hone::cpu
