// A GRPO stage: grpo_step() again and again, with a reference that follows the policy every so many steps.
#include "core/philox.h"
#include "rl/grpo_step.h"
#include "rl/rollout_log.h"
#include "rl/sampling.h"
#include "rl/stage.h"

namespace hone {
namespace {

class GrpoStage : public Stage {
 public:
  GrpoStage(const StageContext& context, Model initial)
      : context_(context),
        options_(std::get<GrpoOptions>(context.options.options)),
        dataset_(Fields(context.recipe.document, options_.rollout.dataset_pointer)),
        prompts_(make_renderer(context_, options_.rollout.prompt_template)),
        rewards_(make_rewards(context.recipe.document, options_.rollout.rewards_pointer)),
        trainer_(make_decoder(context, initial)),
        engine_(make_engine(trainer_.policy(), context.tokenizer, options_.rollout)) {
    if (options_.loss.beta == 0) return;
    initial.flat = initial.flat.clone();
    reference_ = std::make_unique<Decoder>(make_decoder(context, initial));
  }

  int64_t num_steps() const override { return options_.steps; }

  Json step(int64_t step) override {
    if (reference_ && options_.reference_refresh_steps > 0 && step > 0 &&
        step % options_.reference_refresh_steps == 0) {
      reference_->flat().copy_(trainer_.policy().flat());
      reference_->weights_changed();
    }
    const GrpoParts parts{trainer_, reference_.get(), engine_, prompts_, dataset_, rewards_, context_.key};
    GrpoStep result;
    try {
      grpo_step(parts, options_, step, context_.stop, result, context_.on_pass);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& e) {
      save_failure(step, result, e.what());
      throw;
    }
    std::string lines;
    for (size_t p = 0; p < result.groups.size(); ++p)
      lines += rollout_lines(step + 1, result.groups[p], result.advantages[p]);
    context_.folder.log_rollouts(context_.options.name, lines);
    return result.metrics;
  }

  Json save(CheckpointWriter& writer) override {
    save_trainer(writer, trainer_, context_.tokenizer_folder);
    if (reference_) save_flat(writer, "reference.bin", reference_->flat());
    return {{"optimizer_steps", trainer_.optimizer().num_steps()}};
  }

  void restore(const Checkpoint& checkpoint) override {
    restore_trainer(checkpoint, trainer_);
    if (!reference_) return;
    restore_flat(checkpoint, "reference.bin", reference_->flat());
    reference_->weights_changed();
  }

  const Decoder& policy() const override { return trainer_.policy(); }
  Engine& engine() override { return engine_; }

 private:
  /// What led to the error, so that it can be looked at and replayed.
  void save_failure(int64_t step, const GrpoStep& result, const std::string& what) {
    std::string lines =
        Json{{"stage", context_.options.name}, {"step", step + 1}, {"error", what}, {"key", context_.key}}
            .dump() +
        "\n";
    for (const ScoredGroup& g : result.groups) {
      ScoredGroup padded = g;
      padded.rewards.resize(g.group.rollouts.size());
      lines += rollout_lines(step + 1, padded, std::vector<double>(g.group.rollouts.size(), 0.0));
    }
    create_folders(context_.folder.path() / "failures");
    write_file_atomic(
        context_.folder.path() / "failures" / concat(context_.options.name, "-", step + 1, ".jsonl"), lines);
  }

  StageContext context_;
  const GrpoOptions& options_;
  Dataset dataset_;
  PromptRenderer prompts_;
  RewardSet rewards_;
  Trainer trainer_;
  std::unique_ptr<Decoder> reference_;  // null without KL
  Engine engine_;
};

}  // namespace

std::unique_ptr<Stage> make_grpo_stage(const StageContext& context, Model initial) {
  return std::make_unique<GrpoStage>(context, std::move(initial));
}

}  // namespace hone
