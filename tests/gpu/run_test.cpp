// Whole runs on a GPU: a small one has the hashes of the same run on the CPU (weights, metrics, rollouts), and the
// golden one those that are committed.
#include <gtest/gtest.h>

#include "core/files.h"
#include "rl/pipeline.h"
#include "tests/core/temp_folder.h"
#include "tests/gpu/test_gpu.h"
#include "tests/rl/run_hash.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using Hashes = std::map<std::string, std::string>;

class SlowGpuRun : public OnGpu<> {
 protected:
  static Hashes run(at::Device device, const std::vector<std::string>& sets) {
    const fs::path path = source_dir() / "tests/recipes/tiny_r1.json";
    Document document = load_document(path);
    for (const std::string& s : sets) set_value(document, s);
    TempFolder folder;
    run_recipe(parse_recipe(std::move(document), path.parent_path()),
               {.folder = folder.path() / "run", .device = device}, {});
    return run_hashes(folder.path() / "run");
  }
};

/// Every stage type, for a policy with latent attention and experts.
TEST_F(SlowGpuRun, BitsAreThoseOfTheCpu) {
  const std::vector<std::string> small{
      R"(policy={"tokenizer": "../../recipes/base", "config": {"model_type": "deepseek_v3", "vocab_size": 416,
          "hidden_size": 24, "num_hidden_layers": 2, "first_k_dense_replace": 1, "intermediate_size": 32,
          "num_attention_heads": 2, "kv_lora_rank": 12, "qk_nope_head_dim": 6, "qk_rope_head_dim": 4, "v_head_dim": 6,
          "n_routed_experts": 4, "num_experts_per_tok": 2, "n_shared_experts": 1, "moe_intermediate_size": 8,
          "n_group": 1, "topk_group": 1, "max_position_embeddings": 256}})",
      "stages.warm-up.steps=1",
      "stages.warm-up.batch_size=2",
      "stages.zero.steps=2",
      "stages.zero.prompts_per_step=2",
      "stages.zero.num_generations=2",
      "stages.zero.max_completion_length=5",
      "stages.zero.eval.num_problems=1",
      "stages.zero.eval.samples=1",
      "stages.data.steps=1",
      "stages.data.prompts_per_step=1",
      "stages.data.num_generations=2",
      "stages.data.max_completion_length=40",
      R"(stages.data.stop=["a", "e", "i", "0", "1", " "])",
      "stages.data.keep={}",
      "stages.sft.epochs=1",
      "stages.check.eval.num_problems=1",
      "stages.check.eval.max_completion_length=4"};
  EXPECT_EQ(run(gpu(), small), run(at::kCPU, small));
}

TEST_F(SlowGpuRun, GoldenBitsAreThoseOfTheCommittedRun) {
  if (played()) GTEST_SKIP() << "takes hours where a CPU plays the GPU";
  EXPECT_EQ(run(gpu(), {}), Json::parse(read_file(source_dir() / "tests/golden/tiny_r1.json")).get<Hashes>());
}

}  // namespace
}  // namespace hone
