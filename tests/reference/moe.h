// The definition of the mixture-of-experts operators as scalar loops; Real is float (the defined bits) or
// double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "cuda_ext/ops.h"
#include "tests/reference/elementary.h"

namespace hone::reference {

/// One token's routing.
template <class Real>
struct TokenRouting {
  std::vector<Real> scores;      // [E]
  std::vector<int32_t> experts;  // [k] ascending
  std::vector<Real> weights;     // [k]
};

template <class Real>
std::vector<Real> router_scores(const std::vector<Real>& logits, bool use_sigmoid) {
  std::vector<Real> scores(logits.size());
  if (use_sigmoid) {
    for (size_t e = 0; e < logits.size(); ++e) scores[e] = sigmoid(logits[e]);
    return scores;
  }
  const Real largest = *std::max_element(logits.begin(), logits.end());
  LaneSum<Real> sum;
  for (size_t e = 0; e < logits.size(); ++e) sum.add(int64_t(e), scores[e] = exp(logits[e] - largest));
  for (Real& s : scores) s = s / sum.total();
  return scores;
}

/// Indices of `value` in the order (value descending, index ascending).
template <class Real>
std::vector<int32_t> best_first(const std::vector<Real>& value) {
  std::vector<int32_t> order(value.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int32_t a, int32_t b) { return value[size_t(a)] > value[size_t(b)]; });
  return order;
}

template <class Real>
std::vector<int32_t> choose_experts(const std::vector<Real>& choice, const ops::RouterOptions& o) {
  const size_t size = choice.size() / size_t(o.num_groups);
  std::vector<Real> group_score;
  for (size_t g = 0; g < size_t(o.num_groups); ++g) {
    std::vector<Real> members(choice.begin() + ptrdiff_t(g * size),
                              choice.begin() + ptrdiff_t((g + 1) * size));
    std::sort(members.rbegin(), members.rend());
    group_score.push_back(o.sigmoid && size > 1 ? members[0] + members[1] : members[0]);
  }
  std::vector<bool> kept(size_t(o.num_groups), false);
  const std::vector<int32_t> groups = best_first(group_score);
  for (int64_t i = 0; i < o.top_groups; ++i) kept[size_t(groups[size_t(i)])] = true;
  std::vector<int32_t> chosen;
  for (const int32_t e : best_first(choice))
    if (kept[size_t(e) / size] && int64_t(chosen.size()) < o.top_k) chosen.push_back(e);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// The weights of given experts: what the gradient goes through.
template <class Real>
std::vector<Real> expert_weights(const std::vector<Real>& scores, const std::vector<int32_t>& experts,
                                 const ops::RouterOptions& o) {
  Real sum = 0;
  for (const int32_t e : experts) sum = sum + scores[size_t(e)];
  const Real divisor = sum + Real(1e-20f);
  std::vector<Real> weights;
  for (const int32_t e : experts)
    weights.push_back((o.normalize ? scores[size_t(e)] / divisor : scores[size_t(e)]) * Real(float(o.scale)));
  return weights;
}

template <class Real>
TokenRouting<Real> route(const std::vector<Real>& logits, const std::vector<Real>& bias,
                         const ops::RouterOptions& o) {
  TokenRouting<Real> r{.scores = router_scores(logits, o.sigmoid), .experts = {}, .weights = {}};
  std::vector<Real> choice = r.scores;
  for (size_t e = 0; e < bias.size(); ++e) choice[e] = choice[e] + bias[e];
  r.experts = choose_experts(choice, o);
  r.weights = expert_weights(r.scores, r.experts, o);
  return r;
}

/// dlogits [E]; dscores is empty or [E].
inline std::vector<float> route_backward(const std::vector<float>& dweights,
                                         const std::vector<float>& dscores, const TokenRouting<float>& r,
                                         const ops::RouterOptions& o) {
  std::vector<float> d =
      dscores.empty() ? std::vector<float>(r.scores.size(), 0.0f) : dscores;  // [E] of the scores
  float sum = 0, mean = 0;
  for (const int32_t e : r.experts) sum = sum + r.scores[size_t(e)];
  const float divisor = sum + 1e-20f, scale = float(o.scale);
  for (size_t i = 0; i < r.experts.size(); ++i)
    mean = mean + dweights[i] * (r.scores[size_t(r.experts[i])] / divisor);
  for (size_t i = 0; i < r.experts.size(); ++i) {
    float& of = d[size_t(r.experts[i])];
    of = of + (o.normalize ? scale / divisor * (dweights[i] - mean) : scale * dweights[i]);
  }
  LaneSum<float> dot;
  for (size_t e = 0; e < d.size(); ++e) dot.add_product(int64_t(e), d[e], r.scores[e]);
  std::vector<float> dlogits;
  for (size_t e = 0; e < d.size(); ++e) {
    const float s = r.scores[e];
    dlogits.push_back(o.sigmoid ? d[e] * (s * (1.0f - s)) : s * (d[e] - dot.total()));
  }
  return dlogits;
}

/// out[k] of one token: rows of y by slot, shared may be null.
inline void combine(float* out, const std::vector<const float*>& y, const std::vector<float>& weights,
                    const float* shared, int64_t width) {
  for (int64_t k = 0; k < width; ++k) {
    float s = 0;
    for (size_t slot = 0; slot < y.size(); ++slot) s = std::fma(weights[slot], y[slot][k], s);
    out[k] = shared ? s + shared[k] : s;
  }
}

inline float dot(const float* a, const float* b, int64_t n) {
  LaneSum<float> sum;
  for (int64_t i = 0; i < n; ++i) sum.add_product(i, a[i], b[i]);
  return sum.total();
}

}  // namespace hone::reference
