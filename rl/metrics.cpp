#include "rl/metrics.h"

#include <algorithm>
#include <cmath>

#include "rl/advantage.h"
#include "rl/grpo_step.h"
#include "rl/reward_errors.h"

namespace hone {
namespace {

struct Moments {
  double sum = 0, squares = 0, low = INFINITY, high = -INFINITY;
  int64_t count = 0;
  void add(double x) {
    sum += x, squares += x * x, low = std::min(low, x), high = std::max(high, x), ++count;
  }
  double mean() const { return count ? sum / double(count) : 0; }
  double deviation() const {
    return count > 1 ? std::sqrt(std::max(0.0, (squares - sum * mean()) / double(count - 1))) : 0;
  }
};

}  // namespace

void UpdateSums::add(const UpdateStats& s, bool on_policy) {
  total.loss += s.loss, total.kl += s.kl, total.entropy += s.entropy, total.tokens += s.tokens,
      total.rows += s.rows;
  total.clipped_low += s.clipped_low, total.clipped_high += s.clipped_high,
      total.balance_loss += s.balance_loss;
  if (total.load.counts.empty()) {
    total.load = s.load;
  } else {
    for (size_t layer = 0; layer < s.load.counts.size(); ++layer)
      for (size_t e = 0; e < s.load.counts[layer].size(); ++e)
        total.load.counts[layer][e] += s.load.counts[layer][e];
  }
  grad_norm = s.grad_norm;
  if (on_policy) logprob_difference = std::max(logprob_difference, s.max_logprob_difference);
  ++updates;
}

Json rollout_metrics(const std::vector<ScoredGroup>& groups) {
  Moments reward, length;
  std::vector<Moments> rules;
  std::vector<int64_t> errors, unparsable;  // of each rule
  int64_t truncated = 0, zero_signal = 0;
  for (const ScoredGroup& g : groups) {
    rules.resize(g.rules.size()), errors.resize(g.rules.size()), unparsable.resize(g.rules.size());
    for (size_t r = 0; r < g.gold_problems.size(); ++r) unparsable[r] += !g.gold_problems[r].empty();
    std::vector<double> rewards;
    for (size_t i = 0; i < g.rewards.size(); ++i)
      if (g.has_reward(i)) rewards.push_back(g.rewards[i]), reward.add(g.rewards[i]);
    zero_signal += is_zero_signal(rewards);
    for (size_t i = 0; i < g.rewards.size(); ++i) {
      length.add(double(g.group.rollouts[i].ids.size()));
      truncated += g.group.rollouts[i].finish_reason == FinishReason::kLength;
      for (size_t r = 0; r < g.rules.size(); ++r) {
        if (g.by_rule[r][i].error.empty())
          rules[r].add(g.by_rule[r][i].value);
        else
          ++errors[r];
      }
    }
  }
  Json m;
  m["reward/mean"] = reward.mean(), m["reward/std"] = reward.deviation();
  for (size_t r = 0; r < rules.size(); ++r) {
    const std::string name = "reward/" + groups[0].rules[r];
    if (rules[r].count > 0) m[name + "/mean"] = rules[r].mean();
    if (errors[r] > 0) m[name + "/errors"] = errors[r];
    if (unparsable[r] > 0) m[name + "/unparsable_golds"] = unparsable[r];
  }
  if (const int64_t count = count_reward_errors(groups); count > 0) m["reward/errors"] = count;
  m["response_length/mean"] = length.mean();
  m["response_length/min"] = length.count ? length.low : 0,
  m["response_length/max"] = length.count ? length.high : 0;
  m["truncated_fraction"] = length.count ? double(truncated) / double(length.count) : 0;
  m["zero_signal_groups"] = zero_signal;
  m["tokens/sampled"] = int64_t(length.sum);
  return m;
}

Json update_metrics(const UpdateSums& sums, double learning_rate) {
  const UpdateStats& s = sums.total;
  const double tokens = double(std::max<int64_t>(1, s.tokens)),
               updates = double(std::max<int64_t>(1, sums.updates));
  Json m;
  m["loss"] = s.loss / updates, m["entropy"] = s.entropy / tokens;
  m["grad_norm"] = sums.grad_norm, m["learning_rate"] = learning_rate;
  m["moe/load_imbalance"] = s.load.imbalance();
  m["tokens/trained"] = s.tokens;
  return m;
}

Json grpo_metrics(const GrpoStep& step, const UpdateSums& sums, double learning_rate) {
  Json m = rollout_metrics(step.groups);
  m.update(update_metrics(sums, learning_rate));
  m["zero_signal_groups"] = std::count_if(step.advantages.begin(), step.advantages.end(), is_zero_signal);
  const double tokens = double(std::max<int64_t>(1, sums.total.tokens));
  m["kl"] = sums.total.kl / tokens;
  m["clip_ratio/low"] = double(sums.total.clipped_low) / tokens,
  m["clip_ratio/high"] = double(sums.total.clipped_high) / tokens;
  m["sampling/logp_difference/max"] = sums.logprob_difference;
  return m;
}

}  // namespace hone
