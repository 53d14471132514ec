// A recipe's "rewards" list: rules with names, weights, gates and clips, applied to whole groups over all cores.
//   [{"rule": "accuracy"}, {"rule": "format", "weight": 0.5}, {"rule": "length", "gate": "accuracy", "clip": [-1, 0]}]
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/fields.h"
#include "core/types.h"
#include "rewards/rule.h"

namespace hone {

struct RewardOptions {
  std::string name;            // key in metrics and records; default: the rule's name
  double weight = 1.0;         // in the weighted sum; 0 measures without paying
  std::optional<size_t> gate;  // an earlier rule: below gate_at_least there, this one's value is 0
  double gate_above = 0.0;     // the gate opens for values above this
  std::optional<double> low,
      high;  // the rule's value is cut to these ("clip": [low, high], null for no bound)
};

class RewardSet {
 public:
  /// From stage.children("rewards"). Names must differ; a gate names an earlier entry. Reads everything at once.
  explicit RewardSet(std::vector<Fields> entries);

  /// Every rule on every rollout, in parallel; the result does not depend on the number of threads. If a rule throws, or gives a
  /// value that is not finite, the first such rollout (in order) is the one whose Error is thrown; it names rule, problem and rollout.
  std::vector<ScoredGroup> score(std::vector<RolloutGroup> groups) const;
  ScoredGroup score(RolloutGroup group) const;

  /// One completion, on this thread. rewards[r] is rule r's.
  std::vector<Reward> score_one(const RuleInput& input) const;
  double weighted_sum(const std::vector<Reward>& rewards) const;

  size_t size() const { return rules_.size(); }
  const std::vector<RewardOptions>& options() const { return options_; }

 private:
  Reward judge(size_t r, const RuleInput& input) const;

  std::vector<RewardOptions> options_;        // [R]
  std::vector<std::unique_ptr<Rule>> rules_;  // [R]
};

}  // namespace hone
