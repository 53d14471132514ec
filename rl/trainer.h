// The policy with its gradients and optimizer: forward over groups, a loss on log-probabilities, backward, one update. Both GRPO and
// SFT train through it; what differs is the loss of a token.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "model/decoder.h"
#include "rl/balance.h"
#include "rl/loss.h"
#include "rl/optimizer.h"
#include "rl/pack.h"

namespace hone {

struct TrainOptions {
  int64_t micro_batch_tokens = 16384;  // rows of one forward and backward; bounds memory, never changes a bit
  bool gradient_checkpointing = false;  // keep less of a forward pass and make it again; never changes a bit
  double temperature = 1.0;            // log-probabilities are of softmax(logits / temperature)
  double balance_coefficient = 0.0;    // of DeepSeek-V3's sequence balance loss, as a mean over sequences
  double router_bias_speed = 0.0;      // of the auxiliary-loss-free bias update; 0 freezes the bias, as in RL
};

/// Sums over the trained tokens of one update, in canonical order.
struct UpdateStats {
  double loss = 0;             // weighted
  double kl = 0, entropy = 0;  // sums over tokens
  int64_t tokens = 0, clipped_low = 0, clipped_high = 0, rows = 0;
  double max_logprob_difference = 0;  // |trainer's - sampler's|, over samples that carry the sampler's
  double balance_loss = 0;
  double grad_norm = 0;
  ExpertLoad load;
};

/// A loss or gradient that is not finite: the update was not applied.
class NonFiniteError : public Error {
 public:
  using Error::Error;
};

class Trainer {
 public:
  using TokenLossFunction =
      std::function<TokenLoss(const TrainingSample& sample, size_t token, double logprob)>;

  explicit Trainer(Decoder policy);

  Decoder& policy() { return policy_; }
  const Decoder& policy() const { return policy_; }
  Optimizer& optimizer() { return optimizer_; }
  uint64_t policy_version() const { return uint64_t(optimizer_.num_steps()); }

  /// One optimizer update on the groups. Throws NonFiniteError, with the weights untouched, when loss or gradient is not finite.
  UpdateStats update(std::span<const TrainingGroup> groups, const TokenLossFunction& loss,
                     const TrainOptions& options, const OptimizerOptions& optimizer, double learning_rate);

  /// Fills reference_logprobs of every sample by `decoder`.
  static void score_reference(const Decoder& decoder, std::span<TrainingGroup> groups,
                              const TrainOptions& options);

  const at::Tensor& gradients() const { return gradients_; }  // [flat] of the last update, for tests

 private:
  void accumulate(std::span<const TrainingGroup> groups, const TokenLossFunction& loss,
                  const TrainOptions& options, double balance_weight, UpdateStats& stats);

  Decoder policy_;
  Optimizer optimizer_;
  at::Tensor gradients_;  // [flat]
  DecoderWeights gradient_views_;
  /// [V, hidden] of a tied head, else undefined. Apart from the embedding's until all micro-batches are
  /// through: two chains in one buffer would take turns, and the borders of micro-batches would show.
  at::Tensor head_gradients_;
  KvPages pages_;
};

}  // namespace hone
