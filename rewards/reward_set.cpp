#include "rewards/reward_set.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace hone {
namespace {

std::optional<size_t> index_of(const std::vector<RewardOptions>& options, const std::string& name) {
  for (size_t r = 0; r < options.size(); ++r) {
    if (options[r].name == name) return r;
  }
  return std::nullopt;
}

/// "gate": "accuracy", or {"rule": "accuracy", "above": 0.5}.
void read_gate(Fields& fields, const std::vector<RewardOptions>& earlier, RewardOptions& entry) {
  if (!fields.has("gate")) return;
  std::string name;
  if (fields.json().at("gate").is_object()) {
    Fields gate = fields.child("gate");
    name = gate.require<std::string>("rule");
    entry.gate_above = gate.get("above", entry.gate_above);
    gate.finish();
  } else {
    name = fields.require<std::string>("gate");
  }
  entry.gate = index_of(earlier, name);
  if (entry.gate) return;
  std::string known;
  for (const RewardOptions& other : earlier) known += (known.empty() ? "" : ", ") + other.name;
  throw fields.error("gate", "got \"" + name + "\", expected the name of an earlier rule" +
                                 (known.empty() ? " (there is none)" : ": " + known));
}

void read_clip(Fields& fields, RewardOptions& entry) {
  if (!fields.has("clip")) return;
  const Json clip = fields.require<Json>("clip");
  const auto bound = [&](size_t i) -> std::optional<double> {
    if (clip[i].is_null()) return std::nullopt;
    if (!clip[i].is_number()) throw fields.error("clip", "got " + clip.dump() + ", expected [low, high]");
    return clip[i].get<double>();
  };
  if (!clip.is_array() || clip.size() != 2) {
    throw fields.error("clip", "got " + clip.dump() + ", expected [low, high], null for no bound");
  }
  entry.low = bound(0);
  entry.high = bound(1);
  if (entry.low && entry.high && *entry.low > *entry.high) {
    throw fields.error("clip", "got " + clip.dump() + ", expected low <= high");
  }
}

RewardOptions read_entry(Fields& fields, const std::vector<RewardOptions>& earlier) {
  RewardOptions entry;
  entry.name = fields.get("name", fields.get<std::string>("rule", ""));
  entry.weight = fields.get("weight", entry.weight);
  if (index_of(earlier, entry.name)) {
    throw fields.error("name",
                       "\"" + entry.name + "\" is the name of an earlier rule; give each its own \"name\"");
  }
  read_gate(fields, earlier, entry);
  read_clip(fields, entry);
  return entry;
}

}  // namespace

RewardSet::RewardSet(std::vector<Fields> entries) {
  for (Fields& fields : entries) {
    rules_.push_back(make_rule(fields));
    options_.push_back(read_entry(fields, options_));
    fields.finish();
  }
}

Reward RewardSet::judge(size_t r, const RuleInput& input) const {
  const RewardOptions& options = options_[r];
  if (options.gate && !(input.earlier[*options.gate].value > options.gate_above)) {
    return {0.0, {{"gate", options_[*options.gate].name}, {"verdict", "gated"}}};
  }
  Reward reward = rules_[r]->score(input);
  check(std::isfinite(reward.value), "the value is ", reward.value, ", expected a finite number");
  if (options.low) reward.value = std::max(reward.value, *options.low);
  if (options.high) reward.value = std::min(reward.value, *options.high);
  return reward;
}

std::vector<Reward> RewardSet::score_one(const RuleInput& input) const {
  std::vector<Reward> rewards;
  std::vector<NamedReward> earlier;
  RuleInput with_earlier = input;
  for (size_t r = 0; r < rules_.size(); ++r) {
    with_earlier.earlier = earlier;
    try {
      rewards.push_back(judge(r, with_earlier));
    } catch (const std::exception& e) {
      // Only adds where it happened; nothing is swallowed.
      const auto rollout = &input.rollout - input.group.data();
      throw Error(concat("reward rule \"", options_[r].name, "\" on problem ", input.problem.id, ", rollout ",
                         rollout, ": ", e.what()));
    }
    earlier.push_back({options_[r].name, rewards.back().value});
  }
  return rewards;
}

double RewardSet::weighted_sum(const std::vector<Reward>& rewards) const {
  double sum = 0;
  for (size_t r = 0; r < rewards.size(); ++r) sum += options_[r].weight * rewards[r].value;
  return sum;
}

std::vector<ScoredGroup> RewardSet::score(std::vector<RolloutGroup> groups) const {
  struct Item {
    size_t group, rollout;
    std::vector<Reward> rewards = {};  // [R]
    std::exception_ptr error = {};
  };
  std::vector<Item> items;
  for (size_t p = 0; p < groups.size(); ++p) {
    for (size_t g = 0; g < groups[p].rollouts.size(); ++g) items.push_back({p, g});
  }
  tbb::parallel_for(size_t{0}, items.size(), [&](size_t i) {
    const RolloutGroup& group = groups[items[i].group];
    try {
      items[i].rewards = score_one(
          {group.prompt.problem, group.prompt.text, group.rollouts[items[i].rollout], group.rollouts});
    } catch (...) {
      items[i].error = std::current_exception();  // the first in order is thrown, not the first in time
    }
  });

  std::vector<ScoredGroup> scored(groups.size());
  for (size_t p = 0; p < groups.size(); ++p) {
    scored[p].group = std::move(groups[p]);
    for (const RewardOptions& options : options_) scored[p].rules.push_back(options.name);
    scored[p].by_rule.resize(size());
  }
  for (Item& item : items) {
    if (item.error) std::rethrow_exception(item.error);
    ScoredGroup& out = scored[item.group];
    out.rewards.push_back(weighted_sum(item.rewards));
    for (size_t r = 0; r < size(); ++r) out.by_rule[r].push_back(std::move(item.rewards[r]));
  }
  return scored;
}

ScoredGroup RewardSet::score(RolloutGroup group) const {
  std::vector<RolloutGroup> one;
  one.push_back(std::move(group));
  return std::move(score(std::move(one)).front());
}

}  // namespace hone
