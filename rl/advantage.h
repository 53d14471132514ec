// Group-relative advantages (GRPO, arXiv 2402.03300 section 4.1; Dr. GRPO, arXiv 2503.20783 for no scaling),
// and GDPO's, which normalise each rule's rewards before they are added up (arXiv 2601.05242).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/types.h"

namespace hone {

enum class ScaleRewards {
  kGroup,            // (r - mean) / (std + 1e-4), std over n - 1, as TRL has it
  kGroupPopulation,  // the same with std over n
  kNone,             // r - mean
};
ScaleRewards parse_scale_rewards(const std::string& name);  // "group", "group_population", "none"

/// advantages[g] for rewards[g] of one group; all equal rewards give exactly 0. A group needs at least two
/// rewards.
std::vector<double> group_advantages(const std::vector<double>& rewards, ScaleRewards scale);

struct AdvantageOptions {
  ScaleRewards scale_rewards = ScaleRewards::kGroup;
  /// Off: the weighted sum of the rules is normalised in its group. On (TRL's "normalize_then_sum"): each
  /// rule's values are normalised in the group, then added up by weight, and the sums of the whole step are
  /// divided by their deviation. A rule with a small range then counts as much as one with a large one;
  /// different mixtures with the same sum stay apart.
  bool normalize_rules = false;
};

/// advantages[p][g] for a step. A rollout without a reward counts in no mean or deviation and has advantage
/// 0, and so has one that is alone in its group. `weights` are the rules' [R].
std::vector<std::vector<double>> step_advantages(const std::vector<ScoredGroup>& groups,
                                                 std::span<const double> weights,
                                                 const AdvantageOptions& options);

/// No reward differs from another: the group has nothing to teach.
bool is_zero_signal(const std::vector<double>& rewards);

}  // namespace hone
