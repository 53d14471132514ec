#include "rl/check_inputs.h"

#include <algorithm>
#include <set>

#include "core/philox.h"
#include "datasets/dataset.h"
#include "rewards/check_rows.h"
#include "rl/sft_sample.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// Prompts of a stage that samples must leave room for its completions. Files are looked at whole, task families by a sample.
void check_prompts(const Recipe& recipe, const StageOptions& stage, const SamplingStage& sampling,
                   const PromptRenderer& prompts, const DecoderConfig& config) {
  constexpr uint64_t kTaskSample = 256;
  const Fields fields(recipe.document, sampling.dataset_pointer);
  const Dataset dataset(fields);
  const uint64_t count =
      fields.json().contains("file") ? dataset.size() : std::min(dataset.size(), kTaskSample);
  for (uint64_t i = 0; i < count; ++i) {
    const Prompt prompt = prompts.render(dataset.problem(i));
    const int64_t length = int64_t(prompt.ids.size());
    check_input(length + sampling.sampling.max_new_tokens <= config.max_positions,
                recipe.document.where(sampling.dataset_pointer), ": stage ", stage.name, ", problem ", i,
                ": a prompt of ", length, " tokens and max_completion_length ",
                sampling.sampling.max_new_tokens, " exceed the model's context of ", config.max_positions,
                " tokens");
  }
}

/// What has been looked through: data set, rewards and number of rows, as the recipe writes them.
using CheckedGolds = std::set<std::string>;

std::string written_at(const Recipe& recipe, const std::string& pointer) {
  const size_t slash = pointer.rfind('/');
  return Fields(recipe.document, pointer.substr(0, slash)).json().at(pointer.substr(slash + 1)).dump();
}

/// Rows that a rule can't use are errors; gold answers that it can't understand are counted and told.
void check_golds(const Recipe& recipe, const std::string& used_by, const std::string& dataset_pointer,
                 const std::string& rewards_pointer, int64_t most, const Say& say, CheckedGolds& checked) {
  const Fields fields(recipe.document, dataset_pointer);
  if (fields.json().contains("task")) return;  // right by construction
  if (!checked.insert(concat(fields.json().dump(), written_at(recipe, rewards_pointer), most)).second) return;
  const Dataset dataset{fields};
  const RewardSet rewards = make_rewards(recipe.document, rewards_pointer);
  const uint64_t count = most > 0 ? std::min(uint64_t(most), dataset.size()) : dataset.size();
  const RowSource rows{count, [&](uint64_t i) { return dataset.problem(i); },
                       [&](uint64_t i) { return dataset.where(i); }};
  for (const GoldReport& report : check_rows(rewards, rows))
    if (say) say(concat(used_by, ": ", to_text(report, count)));
}

void check_golds(const Recipe& recipe, const StageOptions& stage, const Say& say, CheckedGolds& checked) {
  if (const auto* grpo = std::get_if<GrpoOptions>(&stage.options))
    check_golds(recipe, "stage " + stage.name, grpo->rollout.dataset_pointer, grpo->rollout.rewards_pointer,
                0, say, checked);
  if (const auto* sample = std::get_if<SampleOptions>(&stage.options))
    check_golds(recipe, "stage " + stage.name, sample->rollout.dataset_pointer,
                sample->rollout.rewards_pointer, 0, say, checked);
  for (const EvalOptions& e : stage.evals)
    check_golds(recipe, concat("stage ", stage.name, ", evaluation ", e.name), e.dataset_pointer,
                e.rewards_pointer, e.num_problems, say, checked);
}

/// Conversations are rendered, so that a template that refuses them, or in which no turn of the assistant can be told, is found.
void check_conversations(const Recipe& recipe, const StageOptions& stage, const SftOptions& sft,
                         const PromptRenderer& prompts, const DecoderConfig& config) {
  constexpr uint64_t kSample = 256;
  if (sft.dataset_pointer.empty()) return;
  const Dataset dataset{Fields(recipe.document, sft.dataset_pointer)};
  SampleCounts counts;
  int64_t conversations = 0, trained = 0;
  for (uint64_t i = 0; i < std::min(dataset.size(), kSample); ++i) {
    const Example example = dataset.trace(recipe.seed, i);
    if (example.messages.is_null()) continue;
    ++conversations;
    trained += sft_sample(example, prompts, sft, sft_max_length(sft, config), counts).num_trained();
  }
  check_input(
      conversations == 0 || trained > 0, recipe.document.where(sft.dataset_pointer), ": stage ", stage.name,
      ": no token of ", conversations, " conversations counts: ", counts.unplaced_turns,
      " turns of the assistant have no certain place in the chat template's text, ", counts.truncated,
      " samples were cut; {% generation %} in the template marks the assistant's turns, assistant_only_loss: "
      "false trains on everything");
}

}  // namespace

fs::path tokenizer_folder_of(const Recipe& recipe) {
  return recipe.find(recipe.policy.tokenizer.empty() ? recipe.policy.checkpoint : recipe.policy.tokenizer);
}

Model base_model(const Recipe& recipe) {
  if (!recipe.policy.checkpoint.empty()) return load_model(recipe.find(recipe.policy.checkpoint));
  return create_model(recipe.document, recipe.policy.config_pointer, mix(recipe.seed, 0x696e6974));
}

DecoderConfig base_config(const Recipe& recipe) {
  if (!recipe.policy.checkpoint.empty()) return check_model_files(recipe.find(recipe.policy.checkpoint));
  return parse_decoder_config(recipe.document, recipe.policy.config_pointer);
}

void check_inputs(const Recipe& recipe, TimePoint date, const Say& say) {
  const DecoderConfig config = base_config(recipe);
  const fs::path folder = tokenizer_folder_of(recipe);
  const Tokenizer tokenizer = Tokenizer::load(folder);
  check_input(tokenizer.vocab_size() <= config.vocab_size, folder.string(), ": the tokenizer has ids up to ",
              tokenizer.vocab_size() - 1, ", the model's vocabulary is ", config.vocab_size);
  CheckedGolds checked;
  for (const StageOptions& stage : recipe.stages) {
    const PromptRenderer prompts(stage.prompt_template, tokenizer, folder, date);
    if (const auto* grpo = std::get_if<GrpoOptions>(&stage.options))
      check_prompts(recipe, stage, grpo->rollout, prompts, config);
    if (const auto* sample = std::get_if<SampleOptions>(&stage.options))
      check_prompts(recipe, stage, sample->rollout, prompts, config);
    if (const auto* sft = std::get_if<SftOptions>(&stage.options))
      check_conversations(recipe, stage, *sft, prompts, config);
    check_golds(recipe, stage, say, checked);
    check_input(!std::holds_alternative<SftOptions>(stage.options) || tokenizer.eos_id(), folder.string(),
                ": the tokenizer names no eos token, which the sft stage ", stage.name,
                " ends its samples with");
  }
}

}  // namespace hone
