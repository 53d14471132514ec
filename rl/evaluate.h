// Measures a policy on problems: avg@k, pass@k, cons@k (docs: arXiv 2107.03374 for pass@k), rewards by rule,
// length, truncation.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "core/types.h"
#include "datasets/dataset.h"
#include "rewards/reward_set.h"
#include "rl/prompt_renderer.h"
#include "rollout/engine.h"
#include "rollout/sampling_options.h"

namespace hone {

struct EvaluationPlan {
  int64_t num_problems = 0;  // the first so many; 0 = all
  int64_t samples = 1;       // k
  SamplingOptions sampling;
  uint64_t key = 0;  // of the random draws
  int64_t problems_per_batch = 256;
};

/// Of one rule, over the completions that it has a verdict on.
struct RuleMean {
  std::string name;
  double mean = 0;
  int64_t errors = 0;            // completions that it has no verdict on
  int64_t unparsable_golds = 0;  // problems whose gold answer it can't understand
};

/// Correct means that the first rule gives at least 1; its mean is avg@k. Standard errors are over problems.
/// A completion without a verdict is neither right nor wrong: a problem's numbers are over those with one,
/// pass@j is over the problems that have j of them, and `errors` counts the others. A number over nothing is
/// NaN, and no metric.
struct Evaluation {
  int64_t num_problems = 0, samples = 0, tokens = 0;
  int64_t errors = 0;  // completions that some rule has no verdict on
  double avg_at_k = 0, avg_se = 0;
  std::vector<std::pair<int64_t, double>> pass_at;  // (j, pass@j) for j = 1, 2, 4, ... and k
  double pass_se = 0;                               // of pass@k
  double cons_at_k = 0,
         cons_se = 0;  // most frequent answer, ties shared; completions without an answer don't vote
  double mean_length = 0, truncated_fraction = 0;
  std::vector<RuleMean> rules;
  std::vector<ScoredGroup> groups;

  /// "<prefix>avg@4", "<prefix>response_length/mean", ...
  Json metrics(const std::string& prefix) const;
};

/// pass@k from n samples of which c are correct (unbiased): 1 - C(n-c, k) / C(n, k).
double pass_at_k(int64_t n, int64_t c, int64_t k);

Evaluation evaluate(Engine& engine, const PromptRenderer& renderer, const Dataset& dataset,
                    const RewardSet& rewards, const EvaluationPlan& plan, std::stop_token stop = {},
                    const Engine::OnFinished& on_pass = {});

}  // namespace hone
