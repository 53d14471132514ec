// The numbers of a step, under the names that users of TRL and verl know.
#pragma once

#include <cstdint>
#include <vector>

#include "core/types.h"
#include "rl/trainer.h"

namespace hone {

/// The updates of one step added up.
struct UpdateSums {
  UpdateStats total;
  double grad_norm = 0;           // of the last update
  double logprob_difference = 0;  // of the updates whose weights still were the sampler's: the first
  int64_t updates = 0;

  void add(const UpdateStats& stats, bool on_policy);
};

/// Mean and spread of rewards, lengths and truncation of scored groups: "reward/mean", "response_length/max",
/// ... Rewards are those of completions that have one. Where verdicts are missing "reward/errors" counts the
/// completions and "reward/<rule>/errors" the rule's; where none are these keys are absent.
Json rollout_metrics(const std::vector<ScoredGroup>& groups);

/// "loss", "kl", "entropy", "grad_norm", "moe/load_imbalance", "tokens/trained", ...
Json update_metrics(const UpdateSums& sums, double learning_rate);

struct GrpoStep;
Json grpo_metrics(const GrpoStep& step, const UpdateSums& sums, double learning_rate);

}  // namespace hone
