// recipes/gsm8k_r1_zero.json on a random folder with Qwen2.5's tokenizer: two steps, and the same bits when it was stopped in between.
#include <gtest/gtest.h>

#include <fstream>

#include "core/files.h"
#include "core/json_lines.h"
#include "model/model_folder.h"
#include "rl/pipeline.h"
#include "rl/rollout_log.h"
#include "rl/sampling.h"
#include "tests/core/temp_folder.h"
#include "tests/rl/run_hash.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// A folder as a user would bring it: an architecture's config and weights, and the files of Qwen2.5's tokenizer (151,936 rows).
void write_folder(const fs::path& folder, const std::string& config, const fs::path& tokenizer) {
  fs::create_directories(folder);
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "generation_config.json"})
    fs::copy_file(tokenizer / name, folder / name);
  const Document document = parse_document("config.json", config);
  const Model model = create_model(document, "", 5);
  save_model(folder, model.config, model.flat, {"bfloat16", folder});
}

constexpr const char* kDense =
    R"({"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 64, "num_hidden_layers": 2,
  "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 128, "max_position_embeddings": 1024,
  "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": true})";
constexpr const char* kMixture =
    R"({"model_type": "qwen3_moe", "vocab_size": 151936, "hidden_size": 64, "num_hidden_layers": 2,
  "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 32, "intermediate_size": 128, "moe_intermediate_size": 32,
  "num_experts": 8, "num_experts_per_tok": 2, "norm_topk_prob": true, "decoder_sparse_step": 1, "mlp_only_layers": [],
  "max_position_embeddings": 1024, "rms_norm_eps": 1e-6, "rope_theta": 10000.0, "tie_word_embeddings": true})";

Recipe recipe_for(const fs::path& folder) {
  const fs::path path = source_dir() / "recipes/gsm8k_r1_zero.json";
  Document document = load_document(path);
  for (const std::string& change :
       {"policy.checkpoint=" + folder.string(), std::string("stages.zero.steps=2"),
        std::string("stages.zero.prompts_per_step=2"), std::string("stages.zero.num_generations=2"),
        std::string("stages.zero.max_completion_length=12"), std::string("stages.zero.checkpoint_steps=1"),
        std::string("stages.zero.eval.num_problems=2")})
    set_value(document, change);
  return parse_recipe(std::move(document), path.parent_path());
}

double peak_gigabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) * 1e-6;  // kB
  return 0;
}

void train_stop_and_resume(const char* config) {
  const fs::path shared = source_dir() / "../shared", tokenizer = shared / "tokenizers/qwen2.5";
  if (!fs::exists(shared / "data/gsm8k/train.jsonl") || !fs::exists(tokenizer / "tokenizer.json"))
    GTEST_SKIP() << "no ../shared/data/gsm8k and ../shared/tokenizers/qwen2.5";
  TempFolder temp;
  write_folder(temp / "base", config, tokenizer);
  const Recipe recipe = recipe_for(temp / "base");
  run_recipe(recipe, {.folder = temp / "whole"}, {});

  std::stop_source stop;
  RunEvents events;
  events.step = [&](const std::string&, int64_t step, int64_t, const Json&) {
    if (step == 1) stop.request_stop();
  };
  EXPECT_THROW(run_recipe(recipe, {.folder = temp / "stopped", .stop = stop.get_token()}, events),
               Interrupted);
  run_recipe(recipe, {.folder = temp / "stopped", .resume = true}, {});
  EXPECT_EQ(run_hashes(temp / "stopped"), run_hashes(temp / "whole"));

  std::vector<Json> steps;
  for_each_json_line(temp / "whole/metrics.jsonl", [&](const JsonLine& line) {
    if (line.value.contains("loss")) steps.push_back(line.value);
  });
  ASSERT_EQ(steps.size(), 2u);
  for (const Json& step : steps) {
    EXPECT_EQ(step["sampling/logp_difference/max"], 0.0);
    EXPECT_TRUE(step.contains("reward/accuracy/mean") && step.contains("reward/format/mean")) << step;
  }
  for_each_rollout(temp / "whole/rollouts/zero.jsonl.zst", [&](const Json& row) {
    const std::string prompt = row["prompt"];
    EXPECT_NE(prompt.find("User: "), std::string::npos);
    EXPECT_TRUE(prompt.ends_with(". Assistant:")) << prompt;
  });
  EXPECT_EQ(read_file(temp / "whole/model/tokenizer.json"), read_file(tokenizer / "tokenizer.json"));
  EXPECT_EQ(read_file(temp / "whole/model/generation_config.json"),
            read_file(tokenizer / "generation_config.json"));
  EXPECT_LT(peak_gigabytes(), 10.0);
}

TEST(SlowGsm8kRecipe, TakesADenseFolderAndGoesOnWhereItStopped) { train_stop_and_resume(kDense); }

TEST(SlowGsm8kRecipe, TakesAMixtureOfExpertsAndGoesOnWhereItStopped) { train_stop_and_resume(kMixture); }

}  // namespace
}  // namespace hone
