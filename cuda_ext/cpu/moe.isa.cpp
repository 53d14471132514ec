// Mixture-of-experts kernels. The choice of experts is scalar: it is a handful of comparisons beside the
// experts' matrices.
#include "cuda_ext/cpu/moe.h"

#include "cuda_ext/cpu/lanes_simd.h"

namespace hone::cpu {
namespace {

/// The open entry with the greatest value, ties to the lower index. Always valid while one is open, whatever
/// the values are (NaN).
int64_t pick_best(const float* value, const bool* closed, int64_t n) {
  int64_t best = -1;
  for (int64_t i = 0; i < n; ++i)
    if (!closed[i] && (best < 0 || value[i] > value[best])) best = i;
  return best;
}

void sigmoid_row(float* scores, const float* logits, int64_t n) {
  for_lanes(n,
            [&](int64_t i, int left) { store_part(scores + i, sigmoid(load_part(logits + i, left)), left); });
}

void softmax_row(float* scores, const float* logits, int64_t n) {
  F16 largest = set1(logits[0]);
  for_lanes(n, [&](int64_t i, int left) {
    largest = first_lanes(left, max(largest, load_part(logits + i, left)), largest);
  });
  const F16 shift = set1(max(largest));
  F16 partial = zero();
  for_lanes(n, [&](int64_t i, int left) {
    const F16 e = exp(load_part(logits + i, left) - shift);
    partial = first_lanes(left, partial + e, partial);
    store_part(scores + i, e, left);
  });
  const F16 total = set1(sum(partial));
  for_lanes(n,
            [&](int64_t i, int left) { store_part(scores + i, load_part(scores + i, left) / total, left); });
}

/// Closes the experts of all groups but the top_groups best.
void close_groups(const RouterParams& p, const float* choice, bool* closed) {
  float group_score[kMaxExperts];
  bool kept[kMaxExperts];
  const int64_t size = p.num_experts / p.num_groups;
  for (int64_t g = 0; g < p.num_groups; ++g) {
    kept[g] = false;
    const float* c = choice + g * size;
    float best = c[0], second = -__builtin_inff();
    for (int64_t i = 1; i < size; ++i) {
      if (c[i] > best) {
        second = best, best = c[i];
      } else if (c[i] > second) {
        second = c[i];
      }
    }
    group_score[g] = p.sigmoid && size > 1 ? best + second : best;
  }
  for (int64_t i = 0; i < p.top_groups; ++i) kept[pick_best(group_score, kept, p.num_groups)] = true;
  for (int64_t e = 0; e < p.num_experts; ++e) closed[e] = !kept[e / size];
}

void choose(const RouterParams& p, const float* scores, int32_t* experts, float* weights) {
  float choice[kMaxExperts];
  bool closed[kMaxExperts], chosen[kMaxExperts];
  for (int64_t e = 0; e < p.num_experts; ++e) {
    choice[e] = p.bias ? scores[e] + p.bias[e] : scores[e];
    closed[e] = chosen[e] = false;
  }
  if (p.top_groups < p.num_groups) close_groups(p, choice, closed);
  for (int64_t i = 0; i < p.top_k; ++i) {
    const int64_t e = pick_best(choice, closed, p.num_experts);
    closed[e] = chosen[e] = true;
  }
  float total = 0;
  for (int64_t e = 0, slot = 0; e < p.num_experts; ++e) {
    if (!chosen[e]) continue;
    experts[slot++] = int32_t(e);
    total = total + scores[e];
  }
  const float divisor = total + 1e-20f;
  for (int64_t slot = 0; slot < p.top_k; ++slot) {
    const float score = scores[experts[slot]];
    weights[slot] = (p.normalize ? score / divisor : score) * p.scale;
  }
}

/// dscore_[experts] += the gradient through normalisation and scaling.
void add_weight_gradient(const RouterBackwardParams& p, float* dscore_, const float* scores,
                         const int32_t* experts, const float* dweights) {
  float total = 0, mean = 0;
  for (int64_t slot = 0; slot < p.top_k; ++slot) total = total + scores[experts[slot]];
  const float divisor = total + 1e-20f;
  for (int64_t slot = 0; slot < p.top_k; ++slot)
    mean = mean + dweights[slot] * (scores[experts[slot]] / divisor);
  for (int64_t slot = 0; slot < p.top_k; ++slot) {
    const float gradient =
        p.normalize ? p.scale / divisor * (dweights[slot] - mean) : p.scale * dweights[slot];
    dscore_[experts[slot]] = dscore_[experts[slot]] + gradient;
  }
}

}  // namespace

template <>
void route<kIsa>(const RouterParams& p, int64_t begin, int64_t end) {
  for (int64_t t = begin; t < end; ++t) {
    float* scores = p.scores + t * p.num_experts;
    const float* logits = p.logits + t * p.num_experts;
    if (p.sigmoid) {
      sigmoid_row(scores, logits, p.num_experts);
    } else {
      softmax_row(scores, logits, p.num_experts);
    }
    choose(p, scores, p.experts + t * p.top_k, p.weights + t * p.top_k);
  }
}

template <>
void route_backward<kIsa>(const RouterBackwardParams& p, int64_t begin, int64_t end) {
  const int64_t n = p.num_experts;
  float dscore[kMaxExperts];
  for (int64_t t = begin; t < end; ++t) {
    const float* scores = p.scores + t * n;
    float* dlogits = p.dlogits + t * n;
    for (int64_t e = 0; e < n; ++e) dscore[e] = p.dscores ? p.dscores[t * n + e] : 0.0f;
    add_weight_gradient(p, dscore, scores, p.experts + t * p.top_k, p.dweights + t * p.top_k);
    F16 partial = zero();
    if (!p.sigmoid) {
      for_lanes(n, [&](int64_t i, int left) {
        partial = first_lanes(left, fma(load_part(dscore + i, left), load_part(scores + i, left), partial),
                              partial);
      });
    }
    const F16 mean = set1(sum(partial));
    for_lanes(n, [&](int64_t i, int left) {
      const F16 s = load_part(scores + i, left), d = load_part(dscore + i, left);
      store_part(dlogits + i, p.sigmoid ? d * (s * (set1(1.0f) - s)) : s * (d - mean), left);
    });
  }
}

template <>
void combine<kIsa>(const CombineParams& p, int64_t begin, int64_t end) {
  for (int64_t t = begin; t < end; ++t) {
    const int32_t* rows = p.inverse + t * p.top_k;
    const float* weights = p.weights + t * p.top_k;
    for_lanes(p.width, [&](int64_t i, int left) {
      F16 out = zero();
      for (int64_t slot = 0; slot < p.top_k; ++slot)
        out = fma(set1(weights[slot]), load_part(p.y + rows[slot] * p.y_stride + i, left), out);
      if (p.shared) out = out + load_part(p.shared + t * p.shared_stride + i, left);
      store_part(p.out + t * p.out_stride + i, out, left);
    });
  }
}

template <>
void combine_backward<kIsa>(const CombineBackwardParams& p, int64_t begin, int64_t end) {
  for (int64_t t = begin; t < end; ++t) {
    const float* dout = p.dout + t * p.dout_stride;
    for (int64_t slot = 0; slot < p.top_k; ++slot) {
      const int64_t row = p.inverse[t * p.top_k + slot];
      const F16 weight = set1(p.weights[t * p.top_k + slot]);
      F16 partial = zero();
      for_lanes(p.width, [&](int64_t i, int left) {
        const F16 d = load_part(dout + i, left);
        partial = first_lanes(left, fma(d, load_part(p.y + row * p.y_stride + i, left), partial), partial);
        store_part(p.dy + row * p.dy_stride + i, weight * d, left);
      });
      p.dweights[t * p.top_k + slot] = sum(partial);
    }
  }
}

template <>
void gather_backward<kIsa>(const GatherBackwardParams& p, int64_t begin, int64_t end) {
  for (int64_t t = begin; t < end; ++t) {
    float* dx = p.dx + t * p.dx_stride;
    for_lanes(p.width, [&](int64_t i, int left) {
      F16 gradient = load_part(dx + i, left);
      for (int64_t slot = 0; slot < p.top_k; ++slot)
        gradient = gradient + load_part(p.dy + p.inverse[t * p.top_k + slot] * p.dy_stride + i, left);
      store_part(dx + i, gradient, left);
    });
  }
}

}  // namespace hone::cpu
