#include "rl/advantage.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace hone {

ScaleRewards parse_scale_rewards(const std::string& name) {
  if (name == "group") return ScaleRewards::kGroup;
  if (name == "group_population") return ScaleRewards::kGroupPopulation;
  check_input(name == "none", "scale_rewards: got \"", name, "\", expected group, group_population or none");
  return ScaleRewards::kNone;
}

bool is_zero_signal(const std::vector<double>& rewards) {
  return std::all_of(rewards.begin(), rewards.end(), [&](double r) { return r == rewards.front(); });
}

std::vector<double> group_advantages(const std::vector<double>& rewards, ScaleRewards scale) {
  check(rewards.size() >= 2, "group advantages: got ", rewards.size(), " rewards, expected at least 2");
  std::vector<double> advantages(rewards.size(), 0.0);
  if (is_zero_signal(rewards)) return advantages;
  double mean = 0, squares = 0;
  for (double r : rewards) mean += r;
  mean /= double(rewards.size());
  for (double r : rewards) squares += (r - mean) * (r - mean);
  const double n = double(rewards.size()) - (scale == ScaleRewards::kGroup ? 1 : 0);
  const double divisor = scale == ScaleRewards::kNone ? 1.0 : std::sqrt(squares / n) + 1e-4;
  for (size_t g = 0; g < rewards.size(); ++g) advantages[g] = (rewards[g] - mean) / divisor;
  return advantages;
}

namespace {

/// The rollouts of a group that have a reward.
std::vector<size_t> rewarded(const ScoredGroup& group) {
  std::vector<size_t> kept;
  for (size_t g = 0; g < group.rewards.size(); ++g) {
    if (group.has_reward(g)) kept.push_back(g);
  }
  return kept;
}

/// Each rule's values normalised among `kept`, added up by weight. [G], 0 for the others
std::vector<double> normalized_sums(const ScoredGroup& group, const std::vector<size_t>& kept,
                                    std::span<const double> weights, ScaleRewards scale) {
  std::vector<double> sums(group.rewards.size(), 0.0);
  for (size_t r = 0; r < group.by_rule.size(); ++r) {
    std::vector<double> values;
    for (const size_t g : kept) values.push_back(group.by_rule[r][g].value);
    const std::vector<double> normalized = group_advantages(values, scale);
    for (size_t i = 0; i < kept.size(); ++i) sums[kept[i]] += weights[r] * normalized[i];
  }
  return sums;
}

/// Divides by the deviation over the step. Each group's sums add up to 0, and so does the step: no mean is
/// subtracted, whose rounding would give a signal to groups that have none.
void scale_by_step(const std::vector<ScoredGroup>& groups, ScaleRewards scale,
                   std::vector<std::vector<double>>& sums_) {
  double squares = 0;
  int64_t count = 0;
  for (size_t p = 0; p < groups.size(); ++p) {
    for (const size_t g : rewarded(groups[p])) squares += sums_[p][g] * sums_[p][g], ++count;
  }
  const int64_t n = count - (scale == ScaleRewards::kGroup ? 1 : 0);
  if (n < 1) return;
  const double divisor = std::sqrt(squares / double(n)) + 1e-4;
  for (std::vector<double>& group : sums_) {
    for (double& sum : group) sum /= divisor;
  }
}

}  // namespace

std::vector<std::vector<double>> step_advantages(const std::vector<ScoredGroup>& groups,
                                                 std::span<const double> weights,
                                                 const AdvantageOptions& options) {
  std::vector<std::vector<double>> advantages;
  for (const ScoredGroup& group : groups) {
    advantages.emplace_back(group.rewards.size(), 0.0);
    const std::vector<size_t> kept = rewarded(group);
    if (kept.size() < 2) continue;
    if (options.normalize_rules) {
      advantages.back() = normalized_sums(group, kept, weights, options.scale_rewards);
      continue;
    }
    std::vector<double> rewards;
    for (const size_t g : kept) rewards.push_back(group.rewards[g]);
    const std::vector<double> own = group_advantages(rewards, options.scale_rewards);
    for (size_t i = 0; i < kept.size(); ++i) advantages.back()[kept[i]] = own[i];
  }
  if (options.normalize_rules) scale_by_step(groups, options.scale_rewards, advantages);
  return advantages;
}

}  // namespace hone
