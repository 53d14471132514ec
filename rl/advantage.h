// Group-relative advantages (GRPO, arXiv 2402.03300 section 4.1; Dr. GRPO, arXiv 2503.20783 for no scaling).
#pragma once

#include <string>
#include <vector>

namespace hone {

enum class ScaleRewards {
  kGroup,            // (r - mean) / (std + 1e-4), std over n - 1, as TRL has it
  kGroupPopulation,  // the same with std over n
  kNone,             // r - mean
};
ScaleRewards parse_scale_rewards(const std::string& name);  // "group", "group_population", "none"

/// advantages[g] for rewards[g] of one group; all equal rewards give exactly 0. A group needs at least two rewards.
std::vector<double> group_advantages(const std::vector<double>& rewards, ScaleRewards scale);

/// No reward differs from another: the group has nothing to teach.
bool is_zero_signal(const std::vector<double>& rewards);

}  // namespace hone
