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

}  // namespace hone
