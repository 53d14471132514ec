#include "rewards/reward_set.h"

#include <algorithm>
#include <cmath>
#include <exception>

#include "core/interrupted.h"
#include "rewards/for_each_index.h"

namespace hone {
namespace {

std::optional<size_t> index_of(const std::vector<RewardOptions>& options, const std::string& name) {
  for (size_t r = 0; r < options.size(); ++r) {
    if (options[r].name == name) return r;
  }
  return std::nullopt;
}

InputError no_such_rule(Fields& fields, const std::string& key, const std::string& name,
                        const std::vector<RewardOptions>& earlier) {
  std::string known;
  for (const RewardOptions& other : earlier) known += (known.empty() ? "" : ", ") + other.name;
  return fields.error(key, (name.empty() ? "" : "got \"" + name + "\", ") +
                               "expected the name of an earlier rule" +
                               (known.empty() ? " (there is none)" : ": " + known));
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
  if (!entry.gate) throw no_such_rule(fields, "gate", name, earlier);
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

/// Cuts what the rule itself gave; the 0 of a shut gate stays 0.
Reward clipped(const RewardOptions& options, Reward reward) {
  check(std::isfinite(reward.value), "the value is ", reward.value, ", expected a finite number");
  if (options.low) reward.value = std::max(reward.value, *options.low);
  if (options.high) reward.value = std::min(reward.value, *options.high);
  return reward;
}

}  // namespace

RewardSet::RewardSet(std::vector<Fields> entries) {
  for (Fields& fields : entries) {
    rules_.push_back(make_rule(fields));
    const auto judge = rules_.back()->goes_by();
    if (judge && (judge->empty() ? options_.empty() : !index_of(options_, *judge)))
      throw no_such_rule(fields, "correct", *judge, options_);
    options_.push_back(read_entry(fields, options_));
    fields.finish();
  }
}

/// A completion on its way through the rules.
struct RewardSet::Item {
  RuleInput input;
  std::vector<NamedReward> earlier;  // [rules so far]
  Judgement out;
};

/// Adds the reward of a completion whose gate is shut, or hangs on a verdict that could not be had.
bool RewardSet::is_gated(size_t r, Item& item) const {
  const RewardOptions& options = options_[r];
  if (!options.gate) return false;
  const Reward& gate = item.out.rewards[*options.gate];
  if (gate.error.empty() && gate.value > options.gate_above) return false;
  const std::string& name = options_[*options.gate].name;
  Reward reward{0.0, {{"gate", name}, {"verdict", "gated"}}};
  if (!gate.error.empty()) reward.error = "its gate \"" + name + "\" has no verdict";
  add(r, item, std::move(reward));
  return true;
}

void RewardSet::add(size_t r, Item& item, Reward reward) const {
  if (!reward.error.empty()) reward.value = 0;
  item.earlier.push_back({options_[r].name, reward.value});
  item.out.rewards.push_back(std::move(reward));
}

/// Keeps the exception that is being handled, with the place where it happened.
void RewardSet::fail(size_t r, Item& item) const {
  const auto rollout = &item.input.rollout - item.input.group.data();
  const std::string place = concat("reward rule \"", options_[r].name, "\" on problem ",
                                   item.input.problem.id, ", rollout ", rollout, ": ");
  try {
    throw;
  } catch (const InputError& e) {  // a row that lacks what the rule needs
    item.out.exception = std::make_exception_ptr(InputError(place + e.what()));
  } catch (const std::exception& e) {
    item.out.exception = std::make_exception_ptr(Error(place + e.what()));
  } catch (...) {
    item.out.exception = std::make_exception_ptr(Error(place + "threw something that is no std::exception"));
  }
}

void RewardSet::judge_one(size_t r, Item& item) const {
  if (item.out.exception) return;
  try {
    if (is_gated(r, item)) return;
    RuleInput input = item.input;
    input.earlier = item.earlier;
    add(r, item, clipped(options_[r], rules_[r]->score(input)));
  } catch (...) {
    fail(r, item);
  }
}

void RewardSet::judge_batch(size_t r, std::vector<Item>& items) const {
  std::vector<RuleInput> inputs;
  std::vector<Item*> asked;
  for (Item& item : items) {
    if (item.out.exception || is_gated(r, item)) continue;
    inputs.push_back(item.input);
    inputs.back().earlier = item.earlier;
    asked.push_back(&item);
  }
  if (asked.empty()) return;
  std::vector<Reward> rewards;
  try {
    rewards = rules_[r]->score_all(inputs);
    check(rewards.size() == inputs.size(), "gave ", rewards.size(), " rewards for ", inputs.size());
  } catch (...) {
    for (Item* item : asked) fail(r, *item);
    return;
  }
  for (size_t i = 0; i < asked.size(); ++i) {
    try {
      add(r, *asked[i], clipped(options_[r], std::move(rewards[i])));
    } catch (...) {
      fail(r, *asked[i]);
    }
  }
}

std::vector<Judgement> RewardSet::judge(std::span<const RuleInput> inputs, std::stop_token stop) const {
  std::vector<Item> items;
  items.reserve(inputs.size());
  for (const RuleInput& input : inputs) {
    items.push_back({input, {}, {}});
    items.back().input.stop = stop;
  }
  for (size_t r = 0; r < size();) {
    if (stop.stop_requested()) break;
    if (rules_[r]->batched()) {
      judge_batch(r++, items);
      continue;
    }
    size_t end = r + 1;
    while (end < size() && !rules_[end]->batched()) ++end;
    const auto judge_item = [&](size_t i) {
      for (size_t k = r; k < end && !stop.stop_requested(); ++k) judge_one(k, items[i]);
    };
    for_each_index(items.size(), judge_item);
    r = end;
  }
  if (stop.stop_requested()) throw Interrupted();  // whatever came of it is not whole
  std::vector<Judgement> judgements;
  judgements.reserve(items.size());
  for (Item& item : items) judgements.push_back(std::move(item.out));
  return judgements;
}

std::vector<Reward> RewardSet::score_one(const RuleInput& input) const {
  Judgement judgement = std::move(judge({&input, 1}).front());
  if (judgement.exception) std::rethrow_exception(judgement.exception);
  return std::move(judgement.rewards);
}

std::vector<double> RewardSet::weights() const {
  std::vector<double> weights;
  for (const RewardOptions& options : options_) weights.push_back(options.weight);
  return weights;
}

std::string RewardSet::missing(const std::vector<Reward>& rewards) const {
  for (size_t r = 0; r < rewards.size(); ++r) {
    if (!rewards[r].error.empty()) return options_[r].name + ": " + rewards[r].error;
  }
  return "";
}

double RewardSet::weighted_sum(const std::vector<Reward>& rewards) const {
  double sum = 0;
  for (size_t r = 0; r < rewards.size(); ++r) sum += options_[r].weight * rewards[r].value;
  return sum;
}

void RewardSet::check_row(const Json& row) const {
  for (size_t r = 0; r < size(); ++r) {
    if (options_[r].gate) continue;
    try {
      rules_[r]->check_row(row);
    } catch (const InputError& e) {  // only adds whose it is
      throw InputError(concat("reward rule \"", options_[r].name, "\": ", e.what()));
    }
  }
}

std::vector<std::string> RewardSet::gold_problems(const Json& row) const {
  std::vector<std::string> problems;
  for (const auto& rule : rules_) problems.push_back(rule->gold_problem(row));
  return problems;
}

std::vector<ScoredGroup> RewardSet::score(std::vector<RolloutGroup> groups, std::stop_token stop) const {
  std::vector<RuleInput> inputs;
  for (const RolloutGroup& group : groups) {
    for (const Rollout& rollout : group.rollouts)
      inputs.push_back({group.prompt.problem, group.prompt.text, rollout, group.rollouts});
  }
  std::vector<Judgement> judgements = judge(inputs, std::move(stop));
  for (const Judgement& judgement : judgements) {
    if (judgement.exception) std::rethrow_exception(judgement.exception);
  }
  std::vector<ScoredGroup> scored(groups.size());
  size_t next = 0;
  for (size_t p = 0; p < groups.size(); ++p) {
    ScoredGroup& out = scored[p];
    out.group = std::move(groups[p]);
    for (const RewardOptions& options : options_) out.rules.push_back(options.name);
    out.gold_problems = gold_problems(out.group.prompt.problem.row);
    out.by_rule.resize(size());
    for (size_t g = 0; g < out.group.rollouts.size(); ++g) {
      std::vector<Reward>& rewards = judgements[next++].rewards;
      out.rewards.push_back(weighted_sum(rewards));
      out.errors.push_back(missing(rewards));
      for (size_t r = 0; r < size(); ++r) out.by_rule[r].push_back(std::move(rewards[r]));
    }
  }
  return scored;
}

ScoredGroup RewardSet::score(RolloutGroup group) const {
  std::vector<RolloutGroup> one;
  one.push_back(std::move(group));
  return std::move(score(std::move(one)).front());
}

}  // namespace hone
