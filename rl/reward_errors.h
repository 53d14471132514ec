// What becomes of a completion that a rule has no verdict on: a judge that was late, crashed, or said so. By
// default it is left out of the step as if it had not been sampled, and counted; more than a few in one step
// stop the run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/types.h"

namespace hone {

enum class OnRewardError {
  kDrop,  // no reward: left out of means, advantages, training and kept data
  kZero,  // the rule's value is 0, the others count
  kStop,  // one is enough to stop the run
};
OnRewardError parse_on_reward_error(const std::string& name);  // "drop", "zero", "stop"

struct RewardErrorOptions {
  OnRewardError on_error = OnRewardError::kDrop;
  double max_fraction =
      0.05;  // of a step's completions; more of them stop the run, whatever on_error says. 1: never
};

/// Completions that at least one rule has no verdict on, and those of them that have no reward.
int64_t count_reward_errors(const std::vector<ScoredGroup>& groups);
int64_t count_without_reward(const std::vector<ScoredGroup>& groups);

/// Afterwards every rollout with has_reward() has one to go by. Throws an Error that counts the missing and
/// names the first if they are too many.
void treat_reward_errors(std::vector<ScoredGroup>& groups_, const RewardErrorOptions& options);

}  // namespace hone
