// The definition of the language-model head as scalar loops over one row of logits; Real is float (the
// defined bits) or double.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/philox.h"
#include "cuda_ext/ops.h"
#include "tests/reference/elementary.h"
#include "tests/reference/moe.h"

namespace hone::reference {

/// z[v] = (fma chain over k) * scale for w [V, K].
template <class Real>
std::vector<Real> head_z(const Real* x, const Real* w, int64_t vocab_size, int64_t width, Real scale) {
  std::vector<Real> z;
  for (int64_t v = 0; v < vocab_size; ++v) {
    Real s = 0;
    for (int64_t k = 0; k < width; ++k) s = std::fma(x[k], w[v * width + k], s);
    z.push_back(s * scale);
  }
  return z;
}

template <class Real>
struct RowScore {
  Real lse, entropy;
};

/// Blocks of 512 ids; see cpu/lm_head.h for the chain over them. Blocks of nothing but -infinity are passed
/// over.
template <class Real>
RowScore<Real> score_row(const std::vector<Real>& z) {
  Real M = -INFINITY, total = 0, weighted = 0;
  for (size_t begin = 0; begin < z.size(); begin += 512) {
    const size_t end = std::min(begin + 512, z.size());
    const Real m = *std::max_element(z.begin() + ptrdiff_t(begin), z.begin() + ptrdiff_t(end));
    if (m == -INFINITY) continue;
    LaneSum<Real> sum, weight;
    for (size_t v = begin; v < end; ++v) {
      const Real d = z[v] - m, e = exp(d);
      sum.add(int64_t(v - begin), e);
      weight.add_product(int64_t(v - begin), e, d);
    }
    const Real s = sum.total(), w = weight.total();
    if (M == -INFINITY) {
      M = m, total = s, weighted = w;
    } else if (m <= M) {
      const Real d = m - M, c = exp(d);
      total = total + s * c;
      weighted = weighted + (w + s * d) * c;
    } else {
      const Real d = M - m, c = exp(d);
      weighted = (weighted + total * d) * c + w;
      total = total * c + s;
      M = m;
    }
  }
  return {M + log(total), log(total) - weighted / total};
}

/// dlogit[v] of one row.
inline std::vector<float> head_gradient(const std::vector<float>& z, float lse, int32_t target,
                                        float dlogprob, float scale) {
  std::vector<float> d;
  for (size_t v = 0; v < z.size(); ++v)
    d.push_back(dlogprob * scale * ((int32_t(v) == target ? 1.0f : 0.0f) - exp(z[v] - lse)));
  return d;
}

/// The Gumbel noise of one id.
inline float gumbel(const ops::RowSampling& o, int64_t id) {
  const PhiloxBlock words = philox(key_of(o.key), {uint32_t(id / 4), o.position, 0, 0});
  const float u = (float(words[size_t(id % 4)] >> 9) + 0.5f) * 0x1p-23f;
  return 0.0f - log(0.0f - log(u));
}

/// What the filters leave, by sorting everything: the others become -infinity.
inline std::vector<float> filter_row(const std::vector<float>& z, const ops::RowSampling& o) {
  const float largest = *std::max_element(z.begin(), z.end());
  std::vector<int32_t> ids = best_first(z);
  if (o.top_k > 0 && o.top_k < int64_t(ids.size())) ids.resize(size_t(o.top_k));
  const auto weight = [&](int32_t id) { return exp(z[size_t(id)] - largest); };
  if (o.top_p < 1) {
    const auto units = [&](int32_t id) {
      return uint64_t(weight(id) * 0x1p40f);
    };  // of 2^-40: sums are exact
    uint64_t total = 0, prefix = 0;
    for (const int32_t id : ids) total += units(id);
    size_t n = 0;
    while (n < ids.size() && (n == 0 || double(prefix) < double(o.top_p) * double(total)))
      prefix += units(ids[n++]);
    ids.resize(n);
  }
  std::vector<float> kept(z.size(), -INFINITY);
  for (const int32_t id : ids)
    if (o.min_p <= 0 || weight(id) >= o.min_p) kept[size_t(id)] = z[size_t(id)];
  return kept;
}

struct RowSample {
  int32_t id;
  float logprob;
};

/// `logits` are undivided.
inline RowSample sample_row(const std::vector<float>& logits, const ops::RowSampling& o) {
  const bool greedy = o.temperature == 0;
  std::vector<float> z = logits;
  for (float& value : z) value = value * (greedy ? 1.0f : 1.0f / o.temperature);
  if (!greedy) z = filter_row(z, o);
  size_t best = 0;
  float best_value = -INFINITY;
  for (size_t v = 0; v < z.size(); ++v) {
    const float value = greedy ? z[v] : z[v] + gumbel(o, int64_t(v));
    if (value > best_value) best = v, best_value = value;
  }
  return {int32_t(best), z[best] - score_row(z).lse};
}

}  // namespace hone::reference
