// Kernels of the mixture of experts: routing, combination, and their gradients. Each works on the tokens
// [begin, end), which share nothing. T tokens, E experts, k = top_k chosen experts a token, K width.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

inline constexpr int64_t kMaxExperts = 1024;

/// score = sigmoid(logit), or exp(logit - max) / (16-lane sum); choice = score + bias. A group's score is the
/// sum of its two best choices (sigmoid) or its best (softmax); the top_k best choices out of the top_groups
/// best groups are taken, ties to the lower id.
///   weight = score * scale, or if normalize: score / (chain over the chosen scores + 1e-20) * scale
struct RouterParams {
  int64_t num_experts, top_k, num_groups, top_groups;
  bool sigmoid, normalize;
  float scale;
  const float* logits;  // [T, E]
  const float* bias;    // [E] or null
  float* scores;        // [T, E]
  int32_t* experts;     // [T, k] ascending
  float* weights;       // [T, k]
};
template <Isa I>
void route(const RouterParams& p, int64_t begin, int64_t end);

/// With D the divisor above, m = chain over the chosen of dweight * (score / D), and dscore starting at 0 or
/// at what is given:
///   chosen:   dscore += scale * dweight, or if normalize: scale / D * (dweight - m)
///   sigmoid:  dlogit = dscore * (score * (1 - score))
///   softmax:  dlogit = score * (dscore - 16-lane sum of fma(dscore, score, partial))
struct RouterBackwardParams {
  int64_t num_experts, top_k;
  bool sigmoid, normalize;
  float scale;
  const float* dweights;   // [T, k]
  const float* dscores;    // [T, E] or null
  const float* scores;     // [T, E]
  const int32_t* experts;  // [T, k]
  float* dlogits;          // [T, E]
};
template <Isa I>
void route_backward(const RouterBackwardParams& p, int64_t begin, int64_t end);

/// Rows of token t in the sorted order: inverse[t * k + slot]. Row strides are in elements.
struct CombineParams {
  int64_t top_k, width;
  const int32_t* inverse;  // [T, k]
  const float* weights;    // [T, k]
  const float* y;          // [T*k, K] sorted by expert
  const float* shared;     // [T, K] or null
  float* out;              // [T, K]
  int64_t y_stride, shared_stride, out_stride;
};
template <Isa I>
void combine(const CombineParams& p, int64_t begin, int64_t end);

struct CombineBackwardParams {
  int64_t top_k, width;
  const int32_t* inverse;  // [T, k]
  const float* weights;    // [T, k]
  const float* y;          // [T*k, K]
  const float* dout;       // [T, K]
  float* dy;               // [T*k, K]; may be y
  float* dweights;         // [T, k]
  int64_t y_stride, dout_stride, dy_stride;
};
template <Isa I>
void combine_backward(const CombineBackwardParams& p, int64_t begin, int64_t end);

/// dx[t] += dy[inverse[t, slot]], slot ascending.
struct GatherBackwardParams {
  int64_t top_k, width;
  const int32_t* inverse;  // [T, k]
  const float* dy;         // [T*k, K]
  float* dx;               // [T, K]
  int64_t dy_stride, dx_stride;
};
template <Isa I>
void gather_backward(const GatherBackwardParams& p, int64_t begin, int64_t end);

}  // namespace hone::cpu
