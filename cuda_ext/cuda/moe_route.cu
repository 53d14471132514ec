// The router: scores of all experts, the choice of top_k of them (of the best groups), and their weights;
// definition in cpu/moe.h. A half-warp a token: its lanes are the sixteen of the row sum, and each remembers
// which of its own experts are taken. Bound: memory, 8 bytes a logit; top_k searches over E / 16 numbers a lane.
#include "cuda_ext/cuda/moe.h"
#include "cuda_ext/cuda/rows.cuh"

namespace hone::cuda {
namespace {

constexpr unsigned kRouteThreads = 128;
constexpr int kTokensOfBlock = int(kRouteThreads) / kLanes;

/// Which of the numbers lane, lane + 16, ... of an array this lane has closed; up to kMaxExperts in all.
using Closed = uint64_t;
static_assert(cpu::kMaxExperts <= 64 * kLanes);

/// The open entry with the greatest value, ties to the lower index; the first one if that is NaN, other NaN
/// are passed over. All lanes get it.
__device__ inline int pick_best(const float* value, Closed closed, int n, const HalfWarp& half) {
  int first = n, best = n;
  float best_value = 0;
  for (int i = half.lane, b = 0; i < n; i += kLanes, ++b) {
    if (closed >> b & 1) continue;
    const float v = value[i];
    if (first == n) first = i;
    if (v == v && (best == n || v > best_value)) best = i, best_value = v;
  }
#pragma unroll
  for (int step = 8; step > 0; step /= 2) {
    const int other_first = __shfl_xor_sync(half.mask, first, step);
    const int other = __shfl_xor_sync(half.mask, best, step);
    const float other_value = __shfl_xor_sync(half.mask, best_value, step);
    if (other_first < first) first = other_first;
    const bool better = best == n || other_value > best_value || (other_value == best_value && other < best);
    if (other < n && better) best = other, best_value = other_value;
  }
  return value[first] == value[first] ? best : first;
}
__device__ inline void close(Closed& closed_, int i, const HalfWarp& half) {
  if (i % kLanes == half.lane) closed_ |= Closed{1} << i / kLanes;
}

__device__ inline void sigmoid_row(float* scores, const float* logits, int n, const HalfWarp& half) {
  for (int i = half.lane; i < n; i += kLanes) scores[i] = sigmoid(logits[i]);
}

__device__ inline void softmax_row(float* scores, const float* logits, int n, const HalfWarp& half) {
  float largest = logits[0];
  for (int i = half.lane; i < n; i += kLanes) largest = max(largest, logits[i]);
  const float shift = tree_max(largest, half);
  float partial = 0;
  for (int i = half.lane; i < n; i += kLanes) {
    const float e = exp(logits[i] - shift);
    partial = partial + e;
    scores[i] = e;
  }
  const float total = tree_sum(partial, half);
  for (int i = half.lane; i < n; i += kLanes) scores[i] = scores[i] / total;
}

/// The experts of all groups but the top_groups best, closed. A lane sums up whole groups.
__device__ inline Closed close_groups(const cpu::RouterParams& p, const float* choice, float* group,
                                      const HalfWarp& half) {
  const int groups = int(p.num_groups), size = int(p.num_experts / p.num_groups);
  for (int g = half.lane; g < groups; g += kLanes) {
    const float* c = choice + g * size;
    float best = c[0], second = kMinusInfinity;
    for (int i = 1; i < size; ++i) {
      if (c[i] > best) {
        second = best, best = c[i];
      } else if (c[i] > second) {
        second = c[i];
      }
    }
    group[g] = p.sigmoid && size > 1 ? best + second : best;
  }
  __syncwarp(half.mask);
  Closed kept = 0;
  for (int i = 0; i < p.top_groups; ++i) close(kept, pick_best(group, kept, groups, half), half);
  __syncwarp(half.mask);
  for (int g = half.lane, b = 0; g < groups; g += kLanes, ++b) group[g] = float(kept >> b & 1);
  __syncwarp(half.mask);
  Closed closed = 0;
  for (int e = half.lane, b = 0; e < p.num_experts; e += kLanes, ++b)
    if (group[e / size] == 0.0f) closed |= Closed{1} << b;
  return closed;
}

/// The experts of `chosen`, ascending.
__device__ inline void list_chosen(int32_t* experts, Closed chosen, int n, const HalfWarp& half) {
  int slot = 0;
  for (int first = 0, b = 0; first < n; first += kLanes, ++b) {
    const bool mine = chosen >> b & 1;
    const unsigned bits = __ballot_sync(half.mask, mine) >> (threadIdx.x & 16) & 0xFFFFu;
    if (mine) experts[slot + __popc(bits & ((1u << half.lane) - 1))] = first + half.lane;
    slot += __popc(bits);
  }
}

__global__ void __launch_bounds__(kRouteThreads) route_kernel(cpu::RouterParams p, int64_t tokens) {
  const HalfWarp half;
  const int in_block = int(threadIdx.x) / kLanes, n = int(p.num_experts);
  const int64_t t = int64_t(blockIdx.x) * kTokensOfBlock + in_block;
  if (t >= tokens) return;
  float *choice = &shared_memory<float>() + 2 * n * in_block, *group = choice + n;  // [E] each
  float *scores = p.scores + t * n, *weights = p.weights + t * p.top_k;
  int32_t* experts = p.experts + t * p.top_k;

  if (p.sigmoid)
    sigmoid_row(scores, p.logits + t * n, n, half);
  else
    softmax_row(scores, p.logits + t * n, n, half);
  for (int e = half.lane; e < n; e += kLanes) choice[e] = p.bias ? scores[e] + p.bias[e] : scores[e];
  __syncwarp(half.mask);
  Closed closed = p.top_groups < p.num_groups ? close_groups(p, choice, group, half) : 0, chosen = 0;
  for (int i = 0; i < p.top_k; ++i) {
    const int e = pick_best(choice, closed, n, half);
    close(closed, e, half), close(chosen, e, half);
  }
  list_chosen(experts, chosen, n, half);
  __syncwarp(half.mask);
  float total = 0;
  for (int slot = 0; slot < p.top_k; ++slot) total = total + scores[experts[slot]];
  const float divisor = total + 1e-20f;
  for (int slot = half.lane; slot < p.top_k; slot += kLanes) {
    const float score = scores[experts[slot]];
    weights[slot] = (p.normalize ? score / divisor : score) * p.scale;
  }
}

__global__ void __launch_bounds__(kRouteThreads)
    route_backward_kernel(cpu::RouterBackwardParams p, int64_t tokens) {
  const HalfWarp half;
  const int in_block = int(threadIdx.x) / kLanes, n = int(p.num_experts);
  const int64_t t = int64_t(blockIdx.x) * kTokensOfBlock + in_block;
  if (t >= tokens) return;
  float* dscore = &shared_memory<float>() + n * in_block;  // [E]
  const float *scores = p.scores + t * n, *dweights = p.dweights + t * p.top_k;
  const int32_t* experts = p.experts + t * p.top_k;

  for (int e = half.lane; e < n; e += kLanes) dscore[e] = p.dscores ? p.dscores[t * n + e] : 0.0f;
  float total = 0, mean = 0;
  for (int slot = 0; slot < p.top_k; ++slot) total = total + scores[experts[slot]];
  const float divisor = total + 1e-20f;
  for (int slot = 0; slot < p.top_k; ++slot) mean = mean + dweights[slot] * (scores[experts[slot]] / divisor);
  __syncwarp(half.mask);
  for (int slot = half.lane; slot < p.top_k; slot += kLanes) {
    const float gradient =
        p.normalize ? p.scale / divisor * (dweights[slot] - mean) : p.scale * dweights[slot];
    dscore[experts[slot]] = dscore[experts[slot]] + gradient;
  }
  __syncwarp(half.mask);
  float partial = 0;
  for (int e = half.lane; e < n; e += kLanes) partial = fma(dscore[e], scores[e], partial);
  const float weighted = tree_sum(partial, half);
  float* dlogits = p.dlogits + t * n;
  for (int e = half.lane; e < n; e += kLanes) {
    const float s = scores[e], d = dscore[e];
    dlogits[e] = p.sigmoid ? d * (s * (1.0f - s)) : s * (d - weighted);
  }
}

void check_experts(int64_t num_experts) {
  check(num_experts >= 1 && num_experts <= cpu::kMaxExperts, "route: got ", num_experts,
        " experts, expected 1 to ", cpu::kMaxExperts);
}

}  // namespace

void route(const cpu::RouterParams& p, int64_t tokens, Stream stream) {
  check_experts(p.num_experts);
  launch(route_kernel,
         {ceil_div(tokens, kTokensOfBlock), kRouteThreads,
          2 * kTokensOfBlock * p.num_experts * int64_t(sizeof(float))},
         stream, p, tokens);
}

void route_backward(const cpu::RouterBackwardParams& p, int64_t tokens, Stream stream) {
  check_experts(p.num_experts);
  launch(route_backward_kernel,
         {ceil_div(tokens, kTokensOfBlock), kRouteThreads,
          kTokensOfBlock * p.num_experts * int64_t(sizeof(float))},
         stream, p, tokens);
}

}  // namespace hone::cuda
