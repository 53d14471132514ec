// Memory of a GPU: the cache keeps to half of what is free, and a run that has none left says what it holds and which
// keys to lower, and can be resumed.
#include <gtest/gtest.h>

#include "core/files.h"
#include "cuda_ext/device.h"
#include "rl/out_of_memory.h"
#include "rl/pipeline.h"
#include "rollout/engine.h"
#include "tests/core/temp_folder.h"
#include "tests/gpu/test_gpu.h"
#include "tests/model/small_models.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

constexpr int64_t kPlenty = int64_t{1} << 30;

class GpuMemory : public OnGpu<> {
 protected:
  void SetUp() override {
    OnGpu<>::SetUp();
    if (!IsSkipped() && !played()) GTEST_SKIP() << "a real GPU's memory is what it is";
  }
  void TearDown() override { play_memory(kPlenty, int64_t{1} << 40); }
};

std::string no_text(std::span<const TokenId>) { return {}; }

TEST_F(GpuMemory, TheCacheKeepsToHalfOfWhatIsFree) {
  const Model model = small_model("qwen2");
  const Decoder decoder(model.config, model.flat.to(gpu()));
  std::vector<SampleRequest> requests(8);
  for (size_t i = 0; i < requests.size(); ++i) {
    requests[i].prompt = {2, 3, TokenId(4 + i)};
    requests[i].keys = {i + 1, i + 100};
    requests[i].options.max_new_tokens = 40;
  }
  const auto run = [&](int64_t pages_free) {
    play_memory(pages_free * decoder.page_bytes(), int64_t{1} << 40);
    Engine engine(decoder, no_text, {});
    const auto rollouts = engine.generate(requests);
    return std::pair(engine.cache_bytes() / decoder.page_bytes(), rollouts);
  };
  const auto [all, wanted] = run(10000);
  const auto [few, got] = run(24);
  EXPECT_GT(all, 12);
  EXPECT_EQ(few, 12);
  for (size_t p = 0; p < wanted.size(); ++p)
    for (size_t g = 0; g < wanted[p].size(); ++g) EXPECT_EQ(got[p][g].logprobs, wanted[p][g].logprobs);
}

TEST_F(GpuMemory, ARunWithoutMemorySaysWhatItHolds) {
  const std::filesystem::path path = source_dir() / "tests/recipes/tiny_r1.json";
  const Recipe recipe = parse_recipe(load_document(path), path.parent_path());
  TempFolder folder;
  const auto run = [&] {
    try {
      run_recipe(recipe, {.folder = folder.path() / "run", .stop_after = "warm-up", .device = gpu()}, {});
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  play_memory(kPlenty, 1000);
  const std::string message = run();
  for (const char* part : {"stage warm-up: the GPU has no memory left", "weights ", "gradients ", "moments ",
                           "micro_batch_tokens (", "--resume goes on from the last checkpoint"})
    EXPECT_NE(message.find(part), std::string::npos) << part << " is not in: " << message;
}

TEST(OutOfMemory, NamesEveryPartAndTheKeysThatBoundTheRest) {
  const std::filesystem::path path = source_dir() / "tests/recipes/tiny_r1.json";
  Recipe recipe = parse_recipe(load_document(path), path.parent_path());
  recipe.policy.dtype = "bfloat16";
  const DecoderConfig config = small_model("qwen2").config;
  EXPECT_EQ(out_of_memory(recipe.stages[1], recipe.policy, config, 3 << 20),
            "stage zero: the GPU has no memory left. It holds weights 0 MiB, matrices in bfloat16 0 MiB, "
            "gradients 0 MiB, "
            "moments 0 MiB, reference 0 MiB, KV cache 3 MiB; the rest was for the rows of one pass. Lower "
            "micro_batch_tokens (512), max_batched_tokens (4096), kv_cache_mb (0); then --resume goes on "
            "from the last "
            "checkpoint");
}

TEST(FreeMemory, ACpuDoesNotSay) { EXPECT_EQ(free_memory(at::kCPU), std::nullopt); }

}  // namespace
}  // namespace hone
