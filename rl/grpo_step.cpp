// One step of GRPO (arXiv 2402.03300), top to bottom. What differs from the textbook: the old
// log-probabilities are the sampler's own, bit for bit, so there is no pass to recompute them and the first
// minibatch's ratios are exactly 1; a group's prompt is computed once; denominators are fixed over the whole
// batch before the first forward pass.
#include "rl/grpo_step.h"

#include <algorithm>
#include <chrono>

#include "core/philox.h"
#include "rl/metrics.h"
#include "rl/sampling.h"

namespace hone {
namespace {

/// Plain lists for the trainer. Completions without a reward are left out, and so are groups without an
/// advantage, which teach nothing without a KL term.
std::vector<TrainingGroup> training_groups(const GrpoStep& step, bool keep_zero_signal) {
  std::vector<TrainingGroup> groups;
  for (size_t p = 0; p < step.groups.size(); ++p) {
    const ScoredGroup& scored = step.groups[p];
    if (!keep_zero_signal && is_zero_signal(step.advantages[p])) continue;
    TrainingGroup group{scored.group.prompt.ids, {}};
    for (size_t g = 0; g < scored.group.rollouts.size(); ++g) {
      if (!scored.has_reward(g)) continue;
      const Rollout& r = scored.group.rollouts[g];
      group.samples.push_back({.ids = r.ids,
                               .trained = {},
                               .sampler_logprobs = r.logprobs,
                               .reference_logprobs = {},
                               .advantage = step.advantages[p][g]});
    }
    if (!group.samples.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

/// Token weights of one minibatch: B counts all its samples that have a reward, those of left-out groups too.
void set_weights(std::span<TrainingGroup> groups, LossType type, int64_t num_samples, int64_t num_tokens,
                 int64_t max_length) {
  for (TrainingGroup& group : groups)
    for (TrainingSample& s : group.samples) switch (type) {
        case LossType::kGrpo:
          s.weight = 1.0 / (double(num_samples) * double(s.ids.size()));
          break;
        case LossType::kDapo:
          s.weight = 1.0 / double(num_tokens);
          break;
        case LossType::kDrGrpo:
          s.weight = 1.0 / (double(num_samples) * double(max_length));
          break;
      }
}

/// Part m of `count` dealt to M minibatches; the parts add up to it.
int64_t share(int64_t count, int64_t m, int64_t M) { return count * (m + 1) / M - count * m / M; }

int64_t num_samples(std::span<const TrainingGroup> groups) {
  int64_t count = 0;
  for (const TrainingGroup& group : groups) count += int64_t(group.samples.size());
  return count;
}

double seconds_since(std::chrono::steady_clock::time_point& last) {
  const auto now = std::chrono::steady_clock::now();
  const double seconds = std::chrono::duration<double>(now - last).count();
  last = now;
  return seconds;
}

}  // namespace

void grpo_step(const GrpoParts& parts, const GrpoOptions& options, int64_t step, std::stop_token stop,
               GrpoStep& result, const Engine::OnFinished& on_pass) {
  const SamplingStage& rollout = options.rollout;
  auto clock = std::chrono::steady_clock::now();

  // 1. Prompts and their completions, from the weights as they are.
  std::vector<Prompt> prompts;
  for (int64_t p = 0; p < rollout.prompts_per_step; ++p)
    prompts.push_back(
        parts.prompts.render(parts.dataset.draw(parts.key, uint64_t(step * rollout.prompts_per_step + p))));
  std::vector<RolloutGroup> rollouts =
      sample_groups(parts.engine, std::move(prompts), rollout.num_generations, rollout.sampling,
                    mix(parts.key, uint64_t(step)), parts.prompts.tokenizer(), parts.trainer.policy_version(),
                    stop, on_pass);
  for (const RolloutGroup& g : rollouts)
    result.groups.push_back({g, {}, {}, {}});  // kept should a rule throw
  const double rollout_s = seconds_since(clock);

  // 2. Rewards and advantages.
  result.groups = parts.rewards.score(std::move(rollouts), stop);
  treat_reward_errors(result.groups, rollout.reward_errors);
  result.advantages = step_advantages(result.groups, parts.rewards.weights(), options.advantages);
  const double reward_s = seconds_since(clock);

  // 3. The reference's log-probabilities, for the KL term.
  std::vector<TrainingGroup> groups = training_groups(result, options.loss.beta > 0);
  if (options.loss.beta > 0) Trainer::score_reference(*parts.reference, groups, options.train);

  // 4. One update a minibatch of whole groups.
  const auto loss = [&](const TrainingSample& s, size_t token, double logprob) {
    const double reference = s.reference_logprobs.empty() ? 0.0 : s.reference_logprobs[token];
    return policy_token_loss(logprob, s.sampler_logprobs[token], reference, s.advantage, options.loss);
  };
  UpdateSums sums;
  const int64_t M = options.num_minibatches, P = int64_t(groups.size()),
                dropped = count_without_reward(result.groups);
  for (int64_t m = 0; m < M; ++m) {
    const std::span<TrainingGroup> part(groups.data() + P * m / M, groups.data() + P * (m + 1) / M);
    if (part.empty()) continue;  // no group of it had a signal
    int64_t tokens = 0;
    for (const TrainingGroup& g : part) tokens += g.num_trained();
    const int64_t samples =
        share(rollout.prompts_per_step, m, M) * rollout.num_generations - share(dropped, m, M);
    set_weights(part, options.loss_type, std::max(samples, num_samples(part)), tokens,
                rollout.sampling.max_new_tokens);
    const double rate = learning_rate_at(options.optimizer, step, options.steps);
    const UpdateStats stats = parts.trainer.update(part, loss, options.train, options.optimizer, rate);
    sums.add(stats, m == 0);
  }
  const double train_s = seconds_since(clock);

  // 5. What happened.
  result.metrics = grpo_metrics(result, sums, learning_rate_at(options.optimizer, step, options.steps));
  result.metrics["policy_version"] = parts.trainer.policy_version();
  result.metrics["time/rollout_s"] = rollout_s, result.metrics["time/reward_s"] = reward_s,
  result.metrics["time/train_s"] = train_s;
  result.metrics["time/step_s"] = rollout_s + reward_s + train_s;
}

}  // namespace hone
