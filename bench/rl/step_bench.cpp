#include "bench/rl/step_bench.h"

#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <iomanip>

#include "bench/peak_memory.h"
#include "core/error.h"
#include "core/philox.h"
#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/cpu/peak_probe.h"
#include "cuda_ext/parallel.h"
#include "model/model_folder.h"
#include "model/tokenizer.h"
#include "model/weights.h"
#include "rl/advantage.h"
#include "rl/trainer.h"
#include "rollout/engine.h"

namespace hone {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Prompts of random ids, the same in every step but for the key of their draws.
std::vector<SampleRequest> requests(const StepBenchOptions& o, int64_t vocab_size, uint64_t step) {
  std::vector<SampleRequest> all;
  for (int64_t p = 0; p < o.prompts; ++p) {
    PhiloxStream stream(mix(1, uint64_t(p)));
    SampleRequest r{
        .options = {.max_new_tokens =
                        o.completion_tokens}};  // no stop ids: all completions have the full length
    for (int64_t i = 0; i < o.prompt_tokens; ++i)
      r.prompt.push_back(TokenId(stream.below(uint32_t(vocab_size))));
    for (int64_t g = 0; g < o.group; ++g) r.keys.push_back(mix(mix(mix(2, step), uint64_t(p)), uint64_t(g)));
    all.push_back(std::move(r));
  }
  return all;
}

std::vector<TrainingGroup> training_groups(const StepBenchOptions& o,
                                           const std::vector<SampleRequest>& requests,
                                           const std::vector<std::vector<Rollout>>& rollouts) {
  std::vector<TrainingGroup> groups;
  for (size_t p = 0; p < rollouts.size(); ++p) {
    std::vector<double> rewards;
    for (const Rollout& r : rollouts[p]) rewards.push_back(double(r.text.size() % 7));
    const std::vector<double> advantages = group_advantages(rewards, ScaleRewards::kGroup);
    TrainingGroup group{requests[p].prompt, {}};
    for (size_t g = 0; g < rollouts[p].size(); ++g)
      group.samples.push_back({.ids = rollouts[p][g].ids,
                               .sampler_logprobs = rollouts[p][g].logprobs,
                               .advantage = advantages[g],
                               .weight = 1.0 / double(o.prompts * o.group * o.completion_tokens)});
    groups.push_back(std::move(group));
  }
  return groups;
}

struct Times {
  std::vector<double> rollout, train, step;  // seconds of every timed step
};

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

/// Multiply-adds of the matrices per token: all weights but the embedding, of the experts only the chosen ones.
double active_parameters(const DecoderConfig& config) {
  double count = 0;
  for (const NamedTensor& t : list_tensors(config)) {
    const bool expert = t.name.find(".experts.") != std::string::npos;
    if (t.shape.size() < 2 || (t.name.find("embed_tokens") != std::string::npos && !config.tied_head))
      continue;
    count += double(t.size()) * (expert ? double(config.moe.top_k) / double(config.moe.num_experts) : 1.0);
  }
  return count;
}

struct Phase {
  const char* name;
  const std::vector<double>& seconds;
  double flop;    // of the matrices
  double tokens;  // sampled or trained
};

Json phase_line(const Phase& phase, double peak_gflops, std::ostream& table) {
  const double s = median(phase.seconds), gflops = phase.flop / s * 1e-9;
  const auto [low, high] = std::minmax_element(phase.seconds.begin(), phase.seconds.end());
  table << std::left << std::setw(8) << phase.name << std::right << std::fixed << std::setprecision(4)
        << " | " << s << " s (" << *low << "-" << *high << ") | " << std::setprecision(0) << phase.tokens / s
        << " tokens/s | " << std::setprecision(1) << gflops << " GFLOP/s | " << 100 * gflops / peak_gflops
        << " % of peak" << std::endl;
  return {{"seconds", s},         {"seconds_min", *low},
          {"seconds_max", *high}, {"tokens_per_s", phase.tokens / s},
          {"gflops", gflops},     {"share_of_peak", gflops / peak_gflops}};
}

Times time_steps(const StepBenchOptions& o, Trainer& trainer, Engine& engine, double& logp_difference_) {
  const auto loss = [](const TrainingSample& s, size_t token, double logprob) {
    return policy_token_loss(logprob, s.sampler_logprobs[token], 0.0, s.advantage, {});
  };
  Times times;
  for (int step = 0; step <= o.steps; ++step) {
    const std::vector<SampleRequest> wanted =
        requests(o, trainer.policy().config().vocab_size, uint64_t(step));
    const auto begin = Clock::now();
    const auto rollouts = engine.generate(wanted);
    const double rollout_s = seconds_since(begin);
    std::vector<TrainingGroup> groups = training_groups(o, wanted, rollouts);
    const UpdateStats stats =
        trainer.update(groups, loss, {.micro_batch_tokens = o.micro_batch_tokens}, {}, 1e-6);
    const double step_s = seconds_since(begin);
    logp_difference_ = std::max(logp_difference_, stats.max_logprob_difference);
    check(stats.tokens == o.prompts * o.group * o.completion_tokens, "trained tokens: got ", stats.tokens,
          ", expected ", o.prompts * o.group * o.completion_tokens);
    if (step == 0) continue;
    times.rollout.push_back(rollout_s), times.train.push_back(step_s - rollout_s),
        times.step.push_back(step_s);
  }
  return times;
}

}  // namespace

Json run_step_bench(const StepBenchOptions& o, std::ostream& table) {
  check_input(!o.model.empty(), "--model: the step benchmark needs a model folder");
  set_num_threads(o.threads > 0 ? o.threads : num_threads());
  const double peak = cpu::measure_peak_gflops(num_threads());
  Model model = load_model(o.model);
  const Tokenizer tokenizer = Tokenizer::load(o.model);
  const double active = active_parameters(model.config), parameters = double(model.flat.numel());
  Trainer trainer(Decoder(std::move(model.config), std::move(model.flat)));
  Engine engine(trainer.policy(), [&](std::span<const TokenId> ids) { return tokenizer.decode(ids, false); },
                {});
  double logp_difference = 0;
  const Times times = time_steps(o, trainer, engine, logp_difference);

  const double sampled = double(o.prompts * o.group * o.completion_tokens),
               rows = double(o.prompts * o.prompt_tokens) + sampled;
  const double forward = 2 * active * rows, backward = 3 * forward;
  const Json rollout = phase_line({"rollout", times.rollout, forward, sampled}, peak, table);
  const Json train = phase_line({"train", times.train, backward, sampled}, peak, table);
  const Json step = phase_line({"step", times.step, forward + backward, sampled}, peak, table);
  table << "memory " << std::setprecision(0) << peak_memory_mib()
        << " MiB at most; sampler and trainer differ by " << logp_difference << "; " << num_threads()
        << " threads, " << cpu::to_string(cpu::isa()) << ", peak " << peak << " GFLOP/s" << std::endl;
  return {{"bench", "step"},
          {"model", o.model.string()},
          {"parameters", parameters},
          {"prompts", o.prompts},
          {"group", o.group},
          {"prompt_tokens", o.prompt_tokens},
          {"completion_tokens", o.completion_tokens},
          {"threads", num_threads()},
          {"isa", cpu::to_string(cpu::isa())},
          {"torch", TORCH_VERSION},
          {"peak_gflops", peak},
          {"rollout", rollout},
          {"train", train},
          {"step", step},
          {"step_s", times.step},
          {"peak_memory_mib", peak_memory_mib()},
          {"logp_difference", logp_difference}};
}

}  // namespace hone
