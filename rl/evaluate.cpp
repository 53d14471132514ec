#include "rl/evaluate.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/philox.h"
#include "rl/reward_errors.h"
#include "rl/sampling.h"

namespace hone {
namespace {

/// Mean over problems and its standard error.
struct Mean {
  double sum = 0, squares = 0;
  int64_t count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double value() const { return count ? sum / double(count) : 0; }
  double value_or_none() const { return count ? value() : std::nan(""); }
  double error() const {
    if (count < 2) return 0;
    const double variance = std::max(0.0, (squares - sum * value()) / double(count - 1));
    return std::sqrt(variance / double(count));
  }
};

bool is_correct(const Reward& r) { return r.value >= 1.0; }

/// Share of correctness of the most frequent answer; ties give the mean over the tied answers.
double consensus(const std::vector<Reward>& rewards) {
  std::map<std::string, std::pair<int64_t, bool>> votes;  // answer -> (count, correct)
  int64_t most = 0;
  for (const Reward& r : rewards) {
    if (!r.error.empty() || !r.detail.contains("answer") || !r.detail["answer"].is_string()) continue;
    auto& vote = votes[r.detail["answer"].get<std::string>()];
    most = std::max(most, ++vote.first);
    vote.second = vote.second || is_correct(r);
  }
  double right = 0, tied = 0;
  for (const auto& [answer, vote] : votes)
    if (vote.first == most) right += vote.second, tied += 1;
  return tied ? right / tied : 0;
}

std::vector<int64_t> pass_points(int64_t k) {
  std::vector<int64_t> points;
  for (int64_t j = 1; j < k; j *= 2) points.push_back(j);
  points.push_back(k);
  return points;
}

/// Adds up what the groups say.
void summarize(Evaluation& e) {
  Mean average, pass, cons;
  std::vector<Mean> passes(e.pass_at.size()), rules;
  std::vector<int64_t> errors, unparsable;  // of each rule
  int64_t truncated = 0;
  for (const ScoredGroup& g : e.groups) {
    Mean own;
    int64_t correct = 0;
    rules.resize(g.rules.size()), errors.resize(g.rules.size()), unparsable.resize(g.rules.size());
    for (size_t r = 0; r < g.gold_problems.size(); ++r) unparsable[r] += !g.gold_problems[r].empty();
    for (size_t i = 0; i < g.rewards.size(); ++i) {
      if (g.by_rule[0][i].error.empty())
        own.add(g.by_rule[0][i].value), correct += is_correct(g.by_rule[0][i]);
      for (size_t r = 0; r < g.rules.size(); ++r) {
        if (g.by_rule[r][i].error.empty())
          rules[r].add(g.by_rule[r][i].value);
        else
          ++errors[r];
      }
      e.tokens += int64_t(g.group.rollouts[i].ids.size());
      truncated += g.group.rollouts[i].finish_reason == FinishReason::kLength;
    }
    if (own.count == 0 && !g.rewards.empty()) continue;  // nothing is known about this problem
    average.add(own.value()), cons.add(consensus(g.by_rule[0]));
    for (size_t j = 0; j < passes.size(); ++j)
      if (own.count >= e.pass_at[j].first) passes[j].add(pass_at_k(own.count, correct, e.pass_at[j].first));
  }
  const double total = double(std::max<int64_t>(1, e.num_problems * e.samples));
  e.errors = count_reward_errors(e.groups);
  const auto value = [&](const Mean& mean) { return e.errors > 0 ? mean.value_or_none() : mean.value(); };
  e.avg_at_k = value(average), e.avg_se = average.error(), e.cons_at_k = value(cons),
  e.cons_se = cons.error();
  for (size_t j = 0; j < passes.size(); ++j) e.pass_at[j].second = value(passes[j]);
  e.pass_se = passes.back().error();
  e.mean_length = double(e.tokens) / total, e.truncated_fraction = double(truncated) / total;
  for (size_t r = 0; r < rules.size(); ++r)
    e.rules.push_back({e.groups[0].rules[r], value(rules[r]), errors[r], unparsable[r]});
}

}  // namespace

double pass_at_k(int64_t n, int64_t c, int64_t k) {
  if (n - c < k) return 1.0;
  double miss = 1.0;
  for (int64_t j = n - c + 1; j <= n; ++j) miss *= 1.0 - double(k) / double(j);
  return 1.0 - miss;
}

Json Evaluation::metrics(const std::string& prefix) const {
  const std::string k = std::to_string(samples);
  Json m;
  const auto put = [&](const std::string& name, double value) {
    if (!std::isnan(value)) m[prefix + name] = value;
  };
  m[prefix + "num_problems"] = num_problems;
  put("avg@" + k, avg_at_k), put("avg@" + k + "/se", avg_se);
  for (const auto& [j, value] : pass_at) put("pass@" + std::to_string(j), value);
  put("pass@" + k + "/se", pass_se);
  put("cons@" + k, cons_at_k), put("cons@" + k + "/se", cons_se);
  put("response_length/mean", mean_length), put("truncated_fraction", truncated_fraction);
  for (const RuleMean& rule : rules) {
    put("reward/" + rule.name + "/mean", rule.mean);
    if (rule.errors > 0) m[prefix + "reward/" + rule.name + "/errors"] = rule.errors;
    if (rule.unparsable_golds > 0)
      m[prefix + "reward/" + rule.name + "/unparsable_golds"] = rule.unparsable_golds;
  }
  if (errors > 0) m[prefix + "reward/errors"] = errors;
  return m;
}

Evaluation evaluate(Engine& engine, const PromptRenderer& renderer, const Dataset& dataset,
                    const RewardSet& rewards, const EvaluationPlan& plan, std::stop_token stop,
                    const Engine::OnFinished& on_pass) {
  Evaluation e;
  e.samples = plan.samples;
  for (int64_t j : pass_points(plan.samples)) e.pass_at.push_back({j, 0.0});
  const uint64_t total =
      plan.num_problems ? std::min<uint64_t>(uint64_t(plan.num_problems), dataset.size()) : dataset.size();
  for (uint64_t begin = 0; begin < total; begin += uint64_t(plan.problems_per_batch)) {
    std::vector<Prompt> prompts;
    for (uint64_t i = begin; i < std::min(total, begin + uint64_t(plan.problems_per_batch)); ++i)
      prompts.push_back(renderer.render(dataset.problem(i)));
    std::vector<ScoredGroup> scored =
        rewards.score(sample_groups(engine, std::move(prompts), plan.samples, plan.sampling,
                                    mix(plan.key, begin), renderer.tokenizer(), 0, stop, on_pass),
                      stop);
    for (ScoredGroup& g : scored) e.groups.push_back(std::move(g));
  }
  e.num_problems = int64_t(e.groups.size());
  summarize(e);
  return e;
}

}  // namespace hone
