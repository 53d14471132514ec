#include "rl/reward_errors.h"

#include <algorithm>

#include "core/error.h"

namespace hone {
namespace {

bool has_error(const ScoredGroup& group, size_t g) {
  return std::any_of(group.by_rule.begin(), group.by_rule.end(),
                     [&](const std::vector<Reward>& rule) { return !rule.at(g).error.empty(); });
}

/// "problem 17, rollout 3: judge: no answer within 30 s".
std::string first_error(const std::vector<ScoredGroup>& groups) {
  for (const ScoredGroup& group : groups) {
    for (size_t g = 0; g < group.errors.size(); ++g) {
      if (!group.has_reward(g))
        return concat("problem ", group.group.prompt.problem.id, ", rollout ", g, ": ", group.errors[g]);
    }
  }
  return "";
}

}  // namespace

OnRewardError parse_on_reward_error(const std::string& name) {
  if (name == "drop") return OnRewardError::kDrop;
  if (name == "zero") return OnRewardError::kZero;
  check_input(name == "stop", "on_reward_error: got \"", name, "\", expected drop, zero or stop");
  return OnRewardError::kStop;
}

int64_t count_reward_errors(const std::vector<ScoredGroup>& groups) {
  int64_t count = 0;
  for (const ScoredGroup& group : groups) {
    for (size_t g = 0; g < group.rewards.size(); ++g) count += has_error(group, g);
  }
  return count;
}

int64_t count_without_reward(const std::vector<ScoredGroup>& groups) {
  int64_t count = 0;
  for (const ScoredGroup& group : groups) {
    for (size_t g = 0; g < group.rewards.size(); ++g) count += !group.has_reward(g);
  }
  return count;
}

void treat_reward_errors(std::vector<ScoredGroup>& groups_, const RewardErrorOptions& options) {
  const int64_t errors = count_reward_errors(groups_);
  if (errors == 0) return;
  int64_t all = 0;
  for (const ScoredGroup& group : groups_) all += int64_t(group.rewards.size());
  const std::string counted = concat(errors, " of ", all, " completions have no reward");
  check(options.on_error != OnRewardError::kStop, counted,
        " and on_reward_error is stop; the first: ", first_error(groups_));
  check(double(errors) <= options.max_fraction * double(all), counted,
        ", more than max_reward_error_fraction ", options.max_fraction,
        " allows; the first: ", first_error(groups_));
  if (options.on_error != OnRewardError::kZero) return;
  for (ScoredGroup& group : groups_)
    std::fill(group.errors.begin(), group.errors.end(), "");  // their values are 0 already
}

}  // namespace hone
