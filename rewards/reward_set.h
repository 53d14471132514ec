// A recipe's "rewards" list: rules with names, weights, gates and clips, applied to whole groups over all
// cores.
//   [{"rule": "accuracy"}, {"rule": "format", "weight": 0.5}, {"rule": "length", "gate": "accuracy", "clip":
//   [-1, 0]}]
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
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

/// What all rules say about one completion.
struct Judgement {
  std::vector<Reward> rewards;   // [R]; fewer if a rule threw
  std::exception_ptr exception;  // an Error that names rule, problem and rollout
};

class RewardSet {
 public:
  /// From stage.children("rewards"). Names must differ; a gate names an earlier entry. Reads everything at
  /// once.
  explicit RewardSet(std::vector<Fields> entries);

  /// Every rule on every rollout, in parallel; the result does not depend on the number of threads. If a rule
  /// throws, or gives a value that is not finite, the first such rollout (in order) is the one whose Error is
  /// thrown; it names rule, problem and rollout. Interrupted when asked to stop, as soon as the rules at work can.
  std::vector<ScoredGroup> score(std::vector<RolloutGroup> groups, std::stop_token stop = {}) const;
  ScoredGroup score(RolloutGroup group) const;

  /// Any completions, in parallel; judgements[i] is of inputs[i]. Interrupted as above.
  std::vector<Judgement> judge(std::span<const RuleInput> inputs, std::stop_token stop = {}) const;

  /// One completion. rewards[r] is rule r's.
  std::vector<Reward> score_one(const RuleInput& input) const;
  double weighted_sum(const std::vector<Reward>& rewards) const;
  /// Why a completion has no reward: the first rule that could not come to a verdict, and its reason. "" if
  /// it has one. Rules of weight 0 count too, since gates and other rules may go by them.
  std::string missing(const std::vector<Reward>& rewards) const;

  /// InputError where a row lacks what a rule needs, unless a gate decides whether that rule is asked at all.
  void check_row(const Json& row) const;
  /// gold_problems[r]: Rule::gold_problem() of rule r.
  std::vector<std::string> gold_problems(const Json& row) const;

  size_t size() const { return rules_.size(); }
  const std::vector<RewardOptions>& options() const { return options_; }
  std::vector<double> weights() const;  // [R]

 private:
  struct Item;
  bool is_gated(size_t r, Item& item) const;
  void add(size_t r, Item& item, Reward reward) const;
  void fail(size_t r, Item& item) const;
  void judge_one(size_t r, Item& item) const;
  void judge_batch(size_t r, std::vector<Item>& items) const;

  std::vector<RewardOptions> options_;        // [R]
  std::vector<std::unique_ptr<Rule>> rules_;  // [R]
};

}  // namespace hone
