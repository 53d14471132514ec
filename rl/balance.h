// Keeping experts busy, as DeepSeek-V3 does it (arXiv 2412.19437 section 2.1.2): a bias that corrects the choice, moved after every
// update against the load, and a small loss on the balance within a sequence.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "model/decoder.h"

namespace hone {

/// Tokens that chose each expert, by MoE layer.
struct ExpertLoad {
  std::vector<std::vector<int64_t>> counts;  // [layers][E]; empty for dense layers

  void add(const DecoderConfig& config, const Activations& activations);
  /// Largest load over the mean, the worst layer; 0 without experts.
  double imbalance() const;
};

/// b_e += speed * sign(mean load - load_e) on every layer's e_score_correction_bias.
void update_router_bias(DecoderWeights& weights, const ExpertLoad& load, double speed);

/// Gradient of coefficient * sum over sequences of sum_i f_i P_i on the scores of every MoE layer: f_i = E / (k T) * tokens of the
/// sequence that chose i (constant), P_i = mean over its tokens of s_i / sum_j s_j. Sequences are the layout's units. The loss
/// itself is returned too. Undefined tensors for dense layers.
struct BalanceLoss {
  double value = 0;
  std::vector<at::Tensor> dscores;  // [layers] of [T, E]
};
BalanceLoss sequence_balance_loss(const DecoderConfig& config, const Activations& activations,
                                  const ops::AttentionLayout& layout, double coefficient);

}  // namespace hone
