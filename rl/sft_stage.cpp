// Supervised fine-tuning: maximum likelihood of demonstrations, from a dataset's traces or from what a sample stage kept. A loss
// mask says which tokens count; samples never see each other. Pretraining is this stage from random weights.
#include <algorithm>
#include <chrono>

#include "core/json_lines.h"
#include "core/philox.h"
#include "datasets/dataset.h"
#include "datasets/permutation.h"
#include "rl/metrics.h"
#include "rl/sampling.h"
#include "rl/sft_sample.h"
#include "rl/stage.h"

namespace hone {
namespace {

class SftStage : public Stage {
 public:
  SftStage(const StageContext& context, Model initial)
      : context_(context),
        options_(std::get<SftOptions>(context.options.options)),
        prompts_(make_renderer(context_, options_.prompt_template)),
        trainer_(make_decoder(context, initial)),
        engine_(make_engine(trainer_.policy(), context.tokenizer, {})),
        max_length_(sft_max_length(options_, trainer_.policy().config())) {
    if (options_.data.empty()) {
      dataset_.emplace(Fields(context.recipe.document, options_.dataset_pointer));
    } else {
      load_samples();
    }
  }

  int64_t num_steps() const override {
    if (options_.steps > 0) return options_.steps;
    return options_.epochs * steps_per_epoch();
  }

  Json step(int64_t step) override {
    if (context_.stop.stop_requested()) throw Interrupted();
    const auto begin = std::chrono::steady_clock::now();
    SampleCounts counts;
    std::vector<TrainingGroup> groups = batch(step, counts);
    int64_t tokens = 0;
    for (const TrainingGroup& g : groups) tokens += g.num_trained();
    for (TrainingGroup& g : groups) g.samples[0].weight = 1.0 / double(std::max<int64_t>(1, tokens));
    const auto loss = [](const TrainingSample&, size_t, double logprob) {
      TokenLoss l;
      l.value = -logprob, l.dlogprob = -1;
      return l;
    };
    const double rate = learning_rate_at(options_.optimizer, step, num_steps());
    UpdateSums sums;
    if (!groups.empty())
      sums.add(trainer_.update(groups, loss, options_.train, options_.optimizer, rate), true);
    Json m = update_metrics(sums, rate);
    counts.write(m);
    m["policy_version"] = trainer_.policy_version();
    m["time/step_s"] = m["time/train_s"] =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return m;
  }

  Json save(CheckpointWriter& writer) override {
    save_trainer(writer, trainer_, context_.tokenizer_folder);
    return {{"optimizer_steps", trainer_.optimizer().num_steps()}};
  }
  void restore(const Checkpoint& checkpoint) override { restore_trainer(checkpoint, trainer_); }
  const Decoder& policy() const override { return trainer_.policy(); }
  Engine& engine() override { return engine_; }

 private:
  int64_t steps_per_epoch() const {
    return (int64_t(samples_.size()) + options_.batch_size - 1) /
           options_.batch_size;  // the last one may be smaller
  }

  /// Rows of a sample stage: {"prompt_ids": [...], "ids": [...]}.
  void load_samples() {
    const std::filesystem::path file = context_.data_folder / "data.jsonl";
    for_each_json_line(file, [&](const JsonLine& row) {
      TrainingSample sample;
      sample.ids = row.value.at("ids").get<std::vector<TokenId>>();
      samples_.push_back({row.value.at("prompt_ids").get<std::vector<TokenId>>(), {std::move(sample)}});
    });
    check_input(!samples_.empty(), "stage ", context_.options.name, ": stage ", options_.data,
                " kept no sample to learn from");
  }

  std::vector<TrainingGroup> batch(int64_t step, SampleCounts& counts_) const {
    std::vector<TrainingGroup> groups;
    if (dataset_) {
      for (int64_t i = 0; i < options_.batch_size; ++i) {
        const Example example = dataset_->trace(context_.key, uint64_t(step * options_.batch_size + i));
        groups.push_back(sft_sample(example, prompts_, options_, max_length_, counts_));
      }
    } else {
      const int64_t epoch = step / steps_per_epoch(), first = step % steps_per_epoch() * options_.batch_size;
      const int64_t n = int64_t(samples_.size());
      const Permutation order(uint64_t(n), mix(context_.key, uint64_t(epoch)));
      for (int64_t i = first; i < std::min(n, first + options_.batch_size); ++i)
        groups.push_back(samples_[order(uint64_t(i))]);
    }
    std::erase_if(groups, [](const TrainingGroup& group) { return group.num_trained() == 0; });
    return groups;
  }

  StageContext context_;
  const SftOptions& options_;
  PromptRenderer prompts_;
  std::optional<Dataset> dataset_;
  std::vector<TrainingGroup> samples_;  // of a sample stage
  Trainer trainer_;
  Engine engine_;
  int64_t max_length_;  // tokens of a sample
};

}  // namespace

std::unique_ptr<Stage> make_sft_stage(const StageContext& context, Model initial) {
  return std::make_unique<SftStage>(context, std::move(initial));
}

}  // namespace hone
