#include "rl/loss.h"

#include <algorithm>

#include "core/error.h"
#include "core/exact_math.h"

namespace hone {
namespace {

/// exp of a log-ratio. Beyond e^60 the clip or the gradient norm decides, not the digits.
double ratio_of(double log_ratio) { return exact_exp(std::clamp(log_ratio, -60.0, 60.0)); }

}  // namespace

LossType parse_loss_type(const std::string& name) {
  if (name == "grpo") return LossType::kGrpo;
  if (name == "dapo") return LossType::kDapo;
  check_input(name == "dr_grpo", "loss_type: got \"", name, "\", expected grpo, dapo or dr_grpo");
  return LossType::kDrGrpo;
}

TokenLoss policy_token_loss(double logprob, double old_logprob, double reference_logprob, double advantage,
                            const PolicyLossOptions& o) {
  TokenLoss loss;
  loss.ratio = ratio_of(logprob - old_logprob);
  loss.clipped_low = advantage < 0 && loss.ratio < 1 - o.epsilon;
  loss.clipped_high = advantage > 0 && loss.ratio > 1 + o.epsilon_high;
  if (loss.clipped_low || loss.clipped_high) {
    loss.value = -(loss.clipped_low ? 1 - o.epsilon : 1 + o.epsilon_high) * advantage;
  } else {
    loss.value = -loss.ratio * advantage;
    loss.dlogprob = -loss.ratio * advantage;
  }
  if (o.beta != 0) {
    const double d = reference_logprob - logprob, e = ratio_of(d);
    loss.kl = e - d - 1;
    loss.value += o.beta * loss.kl;
    loss.dlogprob += o.beta * (1 - e);
  }
  return loss;
}

}  // namespace hone
