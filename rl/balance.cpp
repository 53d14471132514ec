#include "rl/balance.h"

#include <ATen/ops/empty_like.h>

#include <algorithm>

namespace hone {
namespace {

/// One sequence's rows [begin, end): its loss, and dscores of its rows.
double balance_rows(const at::Tensor& all_scores, const at::Tensor& all_experts, int64_t begin, int64_t end,
                    double coefficient, float* dscores) {
  const int64_t E = all_scores.size(1), k = all_experts.size(1), T = end - begin;
  const float* scores = all_scores.data_ptr<float>();
  const int32_t* experts = all_experts.data_ptr<int32_t>();
  std::vector<double> f(E, 0), mean(E, 0);
  for (int64_t i = begin * k; i < end * k; ++i) f[experts[i]] += double(E) / double(k * T);
  double loss = 0;
  for (int64_t t = begin; t < end; ++t) {
    double sum = 0, weighted = 0;
    for (int64_t e = 0; e < E; ++e) sum += scores[t * E + e], weighted += f[e] * scores[t * E + e];
    for (int64_t e = 0; e < E; ++e)
      dscores[t * E + e] = float(coefficient / T * (f[e] / sum - weighted / (sum * sum)));
    loss += coefficient / T * weighted / sum;
  }
  return loss;
}

}  // namespace

void ExpertLoad::add(const DecoderConfig& config, const Activations& activations) {
  counts.resize(activations.ffn.size());
  for (size_t layer = 0; layer < activations.ffn.size(); ++layer) {
    if (!config.is_moe(int64_t(layer))) continue;
    counts[layer].resize(config.moe.num_experts);
    const at::Tensor experts = activations.ffn[layer].routing.experts.cpu();
    const int32_t* e = experts.data_ptr<int32_t>();
    for (int64_t i = 0; i < experts.numel(); ++i) ++counts[layer][e[i]];
  }
}

double ExpertLoad::imbalance() const {
  double worst = 0;
  for (const std::vector<int64_t>& layer : counts) {
    int64_t total = 0, most = 0;
    for (int64_t n : layer) total += n, most = std::max(most, n);
    if (total) worst = std::max(worst, double(most) * double(layer.size()) / double(total));
  }
  return worst;
}

void update_router_bias(DecoderWeights& weights, const ExpertLoad& load, double speed) {
  for (size_t layer = 0; layer < load.counts.size(); ++layer) {
    at::Tensor& bias = weights.layers[layer].ffn.correction_bias;
    if (load.counts[layer].empty() || !bias.defined()) continue;
    const std::vector<int64_t>& counts = load.counts[layer];
    const int64_t E = int64_t(counts.size());
    int64_t total = 0;
    for (int64_t n : counts) total += n;
    at::Tensor moved = bias.cpu();  // the bias itself if it is there
    float* b = moved.data_ptr<float>();
    for (int64_t e = 0; e < E; ++e) {
      const int64_t excess = counts[e] * E - total;
      b[e] += float(excess > 0 ? -speed : excess < 0 ? speed : 0.0);
    }
    if (!bias.is_cpu()) bias.copy_(moved);
  }
}

BalanceLoss sequence_balance_loss(const DecoderConfig& config, const Activations& activations,
                                  const ops::AttentionLayout& layout, double coefficient) {
  BalanceLoss loss;
  loss.dscores.resize(activations.ffn.size());
  const int32_t *unit = layout.unit_begin.data_ptr<int32_t>(), *row = layout.row_begin.data_ptr<int32_t>();
  for (size_t layer = 0; layer < activations.ffn.size(); ++layer) {
    if (!config.is_moe(int64_t(layer))) continue;
    const ops::Routing& routing = activations.ffn[layer].routing;
    const at::Tensor scores = routing.scores.cpu(), experts = routing.experts.cpu();
    const at::Tensor dscores = at::empty_like(scores);
    for (int64_t u = 0; u + 1 < layout.unit_begin.size(0); ++u) {
      const int64_t begin = row[unit[u]], end = row[unit[u + 1]];
      if (begin < end)
        loss.value += balance_rows(scores, experts, begin, end, coefficient, dscores.data_ptr<float>());
    }
    loss.dscores[layer] = dscores.to(routing.scores.device());
  }
  return loss;
}

}  // namespace hone
