// Losses on token log-probabilities, with hand-written derivatives: every loss is a sum over tokens of weight * f(logprob), and the
// weights carry denominators that were fixed over the global batch before the first forward pass.
#pragma once

#include <string>

namespace hone {

/// How token losses add up over B samples of lengths |o_i| (docs/method in one line each):
enum class LossType {
  kGrpo,    // (1/B) sum_i (1/|o_i|) sum_t   (arXiv 2402.03300)
  kDapo,    // (1/sum_i |o_i|) sum_i sum_t   (arXiv 2503.14476 eq. 12)
  kDrGrpo,  // (1/(B L_max)) sum_i sum_t     (arXiv 2503.20783)
};
LossType parse_loss_type(const std::string& name);  // "grpo", "dapo", "dr_grpo"

struct PolicyLossOptions {
  double epsilon = 0.2;       // ratios below 1 - epsilon are clipped
  double epsilon_high = 0.2;  // ratios above 1 + epsilon_high are clipped
  double beta = 0.0;          // weight of the k3 KL term to the reference
};

/// One token's loss before its weight.
struct TokenLoss {
  double value = 0;
  double dlogprob = 0;  // d value / d logprob
  double kl = 0;        // k3 (Schulman): exp(ref - lp) - (ref - lp) - 1
  double ratio = 1;
  bool clipped_low = false, clipped_high = false;
};

/// -min(r A, clip(r, 1 - epsilon, 1 + epsilon_high) A) + beta k3, r = exp(logprob - old). Eq. 3-4 of arXiv 2402.03300.
TokenLoss policy_token_loss(double logprob, double old_logprob, double reference_logprob, double advantage,
                            const PolicyLossOptions& options);

}  // namespace hone
