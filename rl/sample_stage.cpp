// Rejection sampling: completions of the policy, of which those that pass the filter are kept as data for SFT. The data lie in the
// stage's checkpoints as data.jsonl, a line a kept completion.
#include <algorithm>
#include <chrono>

#include "core/json_lines.h"
#include "core/philox.h"
#include "datasets/dataset.h"
#include "rewards/repetition.h"
#include "rl/metrics.h"
#include "rl/rollout_log.h"
#include "rl/sampling.h"
#include "rl/stage.h"

namespace hone {
namespace {

/// Why a completion was not kept; each has a metric.
enum Verdict {
  kKept,
  kNoReward,
  kTruncated,
  kLowReward,
  kLowRule,
  kRepetitive,
  kDuplicate,
  kEnough,
  kNumVerdicts
};
constexpr const char* kVerdictNames[kNumVerdicts] = {"kept",     "no_reward",  "truncated", "low_reward",
                                                     "low_rule", "repetitive", "duplicate", "enough"};

class SampleStage : public Stage {
 public:
  SampleStage(const StageContext& context, Model initial)
      : context_(context),
        options_(std::get<SampleOptions>(context.options.options)),
        dataset_(Fields(context.recipe.document, options_.rollout.dataset_pointer)),
        prompts_(make_renderer(context_, options_.rollout.prompt_template)),
        rewards_(make_rewards(context.recipe.document, options_.rollout.rewards_pointer)),
        policy_(make_decoder(context, initial)),
        engine_(make_engine(policy_, context.tokenizer, options_.rollout)) {}

  int64_t num_steps() const override { return options_.steps; }

  Json step(int64_t step) override {
    const auto begin = std::chrono::steady_clock::now();
    const SamplingStage& o = options_.rollout;
    std::vector<Prompt> prompts;
    for (int64_t p = 0; p < o.prompts_per_step; ++p)
      prompts.push_back(
          prompts_.render(dataset_.draw(context_.key, uint64_t(step * o.prompts_per_step + p))));
    std::vector<ScoredGroup> groups =
        rewards_.score(sample_groups(engine_, std::move(prompts), o.num_generations, o.sampling,
                                     mix(context_.key, uint64_t(step)), context_.tokenizer, 0, context_.stop,
                                     context_.on_pass),
                       context_.stop);
    treat_reward_errors(groups, o.reward_errors);
    std::vector<int64_t> verdicts(kNumVerdicts, 0);
    std::string lines;
    for (const ScoredGroup& g : groups) {
      lines += rollout_lines(step + 1, g, std::vector<double>(g.rewards.size(), 0.0));
      keep_from(g, verdicts);
    }
    context_.folder.log_rollouts(context_.options.name, lines);
    Json m = rollout_metrics(groups);
    for (int v = 0; v < kNumVerdicts; ++v)
      if (v != kNoReward || verdicts[v] > 0) m[std::string("sample/") + kVerdictNames[v]] = verdicts[v];
    m["time/step_s"] = m["time/rollout_s"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return m;
  }

  Json save(CheckpointWriter& writer) override {
    writer.add("data.jsonl", std::as_bytes(std::span(data_)));
    save_model(writer.folder(), policy_.config(), policy_.flat(), {"float32", context_.tokenizer_folder});
    return Json::object();
  }
  void restore(const Checkpoint& checkpoint) override { data_ = read_file(checkpoint.folder / "data.jsonl"); }
  const Decoder& policy() const override { return policy_; }
  Engine& engine() override { return engine_; }

 private:
  Verdict judge(const ScoredGroup& g, size_t i) const {
    const Rollout& r = g.group.rollouts[i];
    if (!g.has_reward(i)) return kNoReward;
    if (r.finish_reason != FinishReason::kStop) return kTruncated;
    if (g.rewards[i] < options_.min_reward) return kLowReward;
    for (const auto& [name, least] : options_.min_rule) {
      const size_t rule = size_t(std::find(g.rules.begin(), g.rules.end(), name) - g.rules.begin());
      if (g.by_rule[rule][i].value < least) return kLowRule;
    }
    return repetition(r.text, 4) > options_.max_repetition ? kRepetitive : kKept;
  }

  /// Keeps up to per_prompt different completions of a group, in their order.
  void keep_from(const ScoredGroup& g, std::vector<int64_t>& verdicts) {
    std::vector<const Rollout*> kept;
    for (size_t i = 0; i < g.group.rollouts.size(); ++i) {
      const Rollout& r = g.group.rollouts[i];
      Verdict verdict = judge(g, i);
      if (verdict == kKept && int64_t(kept.size()) >= options_.per_prompt) verdict = kEnough;
      if (verdict == kKept &&
          std::any_of(kept.begin(), kept.end(), [&](const Rollout* k) { return k->ids == r.ids; }))
        verdict = kDuplicate;
      ++verdicts[verdict];
      if (verdict != kKept) continue;
      kept.push_back(&r);
      data_ += to_json_line({{"prompt", g.group.prompt.text},
                             {"completion", r.text},
                             {"problem", g.group.prompt.problem.row},
                             {"reward", g.rewards[i]},
                             {"prompt_ids", g.group.prompt.ids},
                             {"ids", r.ids}});
    }
  }

  StageContext context_;
  const SampleOptions& options_;
  Dataset dataset_;
  PromptRenderer prompts_;
  RewardSet rewards_;
  Decoder policy_;
  Engine engine_;
  std::string data_;  // JSON lines
};

/// Evaluates and changes nothing: the pipeline does the work.
class EvalStage : public Stage {
 public:
  EvalStage(const StageContext& context, Model initial)
      : context_(context),
        policy_(make_decoder(context, initial)),
        engine_(make_engine(policy_, context.tokenizer, {})) {}
  int64_t num_steps() const override { return 0; }
  Json step(int64_t) override { throw Error("an eval stage has no steps"); }
  Json save(CheckpointWriter& writer) override {
    save_model(writer.folder(), policy_.config(), policy_.flat(), {"float32", context_.tokenizer_folder});
    return Json::object();
  }
  void restore(const Checkpoint&) override {}
  const Decoder& policy() const override { return policy_; }
  Engine& engine() override { return engine_; }

 private:
  StageContext context_;
  Decoder policy_;
  Engine engine_;
};

}  // namespace

std::unique_ptr<Stage> make_sample_stage(const StageContext& context, Model initial) {
  return std::make_unique<SampleStage>(context, std::move(initial));
}

std::unique_ptr<Stage> make_eval_stage(const StageContext& context, Model initial) {
  return std::make_unique<EvalStage>(context, std::move(initial));
}

}  // namespace hone
