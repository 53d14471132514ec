// A recipe: the policy, and stages that follow each other. The only place where keys become Options.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/document.h"
#include "core/fields.h"
#include "rewards/reward_set.h"
#include "rl/advantage.h"
#include "rl/loss.h"
#include "rl/optimizer.h"
#include "rl/prompt_renderer.h"
#include "rl/reward_errors.h"
#include "rl/trainer.h"
#include "rollout/sampling_options.h"

namespace hone {

/// Where the first weights come from: a folder, or a config to make new ones from.
struct PolicyOptions {
  std::string checkpoint;  // Hugging Face folder; relative paths are tried beside the recipe, then from here
  std::string config_pointer;     // JSON pointer of "config" in the recipe: random weights, with "tokenizer"
  std::string tokenizer;          // folder of tokenizer.json; default: the checkpoint's
  std::string dtype = "float32";  // what matrices are multiplied in; bfloat16 (float32 sums) on a GPU only
  std::string save_dtype =
      "bfloat16";  // of the last stage's exported weights; those that are trained are float32
  uint64_t max_shard_bytes = 5'000'000'000;  // of a file of those
};

/// An evaluation during or after training. Dataset and rewards default to the stage's own.
struct EvalOptions {
  std::string name = "held_out";
  std::string dataset_pointer;  // JSON pointer of the dataset's spec
  std::string rewards_pointer;  // of the list of rules
  int64_t num_problems = 0;     // 0 = all
  int64_t samples = 1;          // completions a problem: avg@k, pass@k, cons@k
  double temperature = 1.0;
  double top_p = 1.0;
  int64_t max_completion_length = 0;  // 0 = the stage's
  int64_t every_steps = 0;            // 0 = only before the first step and after the last
  bool before = true;                 // also before the first step
};

/// What grpo, sample and eval stages share: where prompts come from and how they are completed and judged.
struct SamplingStage {
  std::string dataset_pointer, rewards_pointer;
  TemplateOptions prompt_template;
  int64_t num_generations = 8;  // completions a prompt
  int64_t prompts_per_step = 32;
  SamplingOptions sampling;           // max_new_tokens is "max_completion_length"
  RewardErrorOptions reward_errors;   // completions that a rule has no verdict on
  int64_t kv_cache_mb = 0;            // upper bound of the KV cache; 0: EngineOptions::kv_cache_bytes
  int64_t max_batched_tokens = 4096;  // rows of a forward pass while sampling
};

struct GrpoOptions {
  SamplingStage rollout;
  int64_t steps = 100;
  LossType loss_type = LossType::kGrpo;
  PolicyLossOptions loss;
  AdvantageOptions advantages;
  int64_t reference_refresh_steps = 400;  // reference := policy every so many steps; 0 = never
  int64_t num_minibatches = 1;            // updates a step
  OptimizerOptions optimizer;
  TrainOptions train;
};

struct SftOptions {
  std::string data;             // a sample stage's name, or
  std::string dataset_pointer;  // a dataset with demonstrations (task traces), drawn online
  TemplateOptions prompt_template;
  int64_t epochs = 1;               // passes over the data; with a dataset: `steps` counts
  int64_t steps = 0;                // 0 = epochs decide
  int64_t batch_size = 32;          // samples an update
  bool completion_only = true;      // no loss on prompts
  bool assistant_only_loss = true;  // of conversations: loss on what the assistant wrote alone
  int64_t max_length = 0;           // tokens of a sample, which loses its end beyond; 0 = the model's context
  OptimizerOptions optimizer;
  TrainOptions train;
};

struct SampleOptions {
  SamplingStage rollout;
  int64_t steps = 1;
  int64_t per_prompt = 1;                                // at most so many kept of one prompt
  double min_reward = -INFINITY;                         // of the weighted sum
  std::vector<std::pair<std::string, double>> min_rule;  // rule name -> least value
  double max_repetition = 1.0;                           // share of repeated 4-grams in the text
};

struct StageOptions {
  std::string name, type, from;  // from: "base" or an earlier stage
  std::variant<GrpoOptions, SftOptions, SampleOptions, std::monostate> options;
  TemplateOptions prompt_template;        // of its evaluations
  std::vector<std::string> stop_strings;  // likewise
  std::vector<EvalOptions> evals;
  int64_t checkpoint_steps = 1;  // steps between checkpoints: what a kill -9 may cost
  Json resolved;                 // the stage with every default written out
};

struct Recipe {
  Document document;
  std::filesystem::path folder;  // of the recipe's file: relative paths in it are tried here first
  std::string name;
  uint64_t seed = 1;
  std::string
      date;  // "2026-11-30": what a chat template takes for today; "" = the day on which the run began
  PolicyOptions policy;
  int64_t keep_checkpoints = 2;  // of a running stage; the last of every finished stage is kept
  std::vector<StageOptions> stages;
  Json resolved;

  /// A path of the recipe: beside its file if it exists there, else as it is.
  std::filesystem::path find(const std::string& path) const;
};

/// Checks everything that can be checked without loading a model: keys, types, ranges, stage names, datasets, rules, templates.
Recipe parse_recipe(Document document, const std::filesystem::path& folder);

/// The rules of the list at `pointer` ("/stages/0/rewards").
RewardSet make_rewards(const Document& document, const std::string& pointer);

}  // namespace hone
