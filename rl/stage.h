// What the pipeline sees of a stage: a number of steps, each leaving metrics, and a state that a checkpoint can hold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "core/types.h"
#include "model/model_folder.h"
#include "model/tokenizer.h"
#include "rl/checkpoint_files.h"
#include "rl/prompt_renderer.h"
#include "rl/recipe.h"
#include "rl/run_date.h"
#include "rl/run_folder.h"
#include "rl/trainer.h"
#include "rollout/engine.h"

namespace hone {

/// What stages borrow from the run.
struct StageContext {
  const Recipe& recipe;
  const StageOptions& options;
  const Tokenizer& tokenizer;
  RunFolder& folder;
  uint64_t key;                            // mix(run seed, index of the stage)
  std::filesystem::path tokenizer_folder;  // its files go into every checkpoint
  std::filesystem::path data_folder;       // of an sft stage's sample stage: its last checkpoint
  TimePoint now;                           // what chat templates take for today
  std::stop_token stop;
  Engine::OnFinished on_pass;  // progress within a step
};

class Stage {
 public:
  virtual ~Stage() = default;
  virtual int64_t num_steps() const = 0;
  /// Runs step `step` (from 0) and returns its metrics. Throws Interrupted with the state as it was before the step.
  virtual Json step(int64_t step) = 0;
  /// Files of a checkpoint after `steps_done` steps, and what goes into its manifest.
  virtual Json save(CheckpointWriter& writer) = 0;
  virtual void restore(const Checkpoint& checkpoint) = 0;
  /// The policy as it stands, to be evaluated.
  virtual const Decoder& policy() const = 0;
  virtual Engine& engine() = 0;
};

/// `initial` is the model that the stage starts from.
std::unique_ptr<Stage> make_grpo_stage(const StageContext& context, Model initial);
std::unique_ptr<Stage> make_sft_stage(const StageContext& context, Model initial);
std::unique_ptr<Stage> make_sample_stage(const StageContext& context, Model initial);
std::unique_ptr<Stage> make_eval_stage(const StageContext& context, Model initial);

/// A decoder over the model's weights, where they are, with the recipe's dtype.
Decoder make_decoder(const StageContext& context, const Model& model);

/// The stage's prompts; borrows from the context.
PromptRenderer make_renderer(const StageContext& context, const TemplateOptions& options);

/// An engine over `decoder` with the options of a sampling stage.
Engine make_engine(const Decoder& decoder, const Tokenizer& tokenizer, const SamplingStage& options);

/// model.safetensors and its companions, plus optimizer.bin: both moments, float32.
void save_trainer(CheckpointWriter& writer, Trainer& trainer, const std::filesystem::path& tokenizer_folder);
void restore_trainer(const Checkpoint& checkpoint, Trainer& trainer);
/// One flat tensor as a file of a checkpoint, and back; the size must fit.
void save_flat(CheckpointWriter& writer, const std::string& name, const at::Tensor& flat);
void restore_flat(const Checkpoint& checkpoint, const std::string& name, at::Tensor flat);

}  // namespace hone
