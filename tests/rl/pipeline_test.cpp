#include "rl/pipeline.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/files.h"
#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/parallel.h"
#include "rl/sampling.h"
#include "tests/core/temp_folder.h"
#include "tests/rl/run_hash.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;
using Hashes = std::map<std::string, std::string>;

const fs::path kRecipe = source_dir() / "tests/recipes/tiny_r1.json";

Recipe tiny_recipe(const std::vector<std::string>& sets = {}) {
  Document document = load_document(kRecipe);
  for (const std::string& s : sets) set_value(document, s);
  return parse_recipe(std::move(document), kRecipe.parent_path());
}

Hashes run(const fs::path& folder, const std::vector<std::string>& sets = {}) {
  const Recipe recipe = tiny_recipe(sets);
  run_recipe(recipe, {.folder = folder}, {});
  return run_hashes(folder);
}

/// The hashes of ten GRPO steps and the stages around them. A refactor leaves them; a numeric change comes with its derivation, and
/// then HONE_WRITE_GOLDEN=1 writes them anew.
TEST(GoldenRun, BitsAreThoseOfTheCommittedRun) {
  const fs::path golden = source_dir() / "tests/golden/tiny_r1.json";
  TempFolder folder;
  const Hashes hashes = run(folder.path() / "run");
  if (std::getenv("HONE_WRITE_GOLDEN")) write_file_atomic(golden, Json(hashes).dump(2) + "\n");
  EXPECT_EQ(hashes, Json::parse(read_file(golden)).get<Hashes>());
}

TEST(GoldenRun, ThreadsMicrobatchesAndInstructionSetsChangeNoBit) {
  const Hashes golden =
      Json::parse(read_file(source_dir() / "tests/golden/tiny_r1.json")).get<Hashes>();
  const int threads_before = num_threads();
  const cpu::Isa isa_before = cpu::isa();
  for (int threads : {1, 2}) {
    for (const char* micro : {"512", "16384"}) {
      for (cpu::Isa isa : {cpu::Isa::avx2, cpu::Isa::avx512}) {
        if (!cpu::isa_available(isa)) {
          std::cerr << "SKIPPED: this CPU has no " << cpu::to_string(isa) << "\n";
          continue;
        }
        set_num_threads(threads);
        cpu::force_isa(isa);
        TempFolder folder;
        const std::vector<std::string> sets{
            std::string("stages.zero.micro_batch_tokens=") + micro, "stages.warm-up.checkpoint_steps=9",
            "stages.zero.checkpoint_steps=9", "stages.sft.checkpoint_steps=99"};
        EXPECT_EQ(run(folder.path() / "run", sets), golden)
            << threads << " threads, micro_batch_tokens " << micro << ", " << cpu::to_string(isa);
      }
    }
  }
  set_num_threads(threads_before);
  cpu::force_isa(isa_before);
}

TEST(GoldenRun, AnotherSeedGivesOtherBits) {
  TempFolder folder;
  const Hashes golden =
      Json::parse(read_file(source_dir() / "tests/golden/tiny_r1.json")).get<Hashes>();
  const Hashes other = run(folder.path() / "run", {"seed=4"});
  for (const auto& [what, hash] : golden) EXPECT_NE(other.at(what), hash) << what;
}

TEST(GoldenRun, LogprobDifferenceIsZeroInEveryStep) {
  TempFolder folder;
  run(folder.path() / "run");
  int steps = 0;
  for_each_json_line(folder.path() / "run" / "metrics.jsonl", [&](const JsonLine& line) {
    if (!line.value.contains("sampling/logp_difference/max")) return;
    EXPECT_EQ(line.value["sampling/logp_difference/max"].get<double>(), 0.0);
    ++steps;
  });
  EXPECT_EQ(steps, 10);
}

/// Asks to stop after `events` steps, and resumes, until the run is through.
TEST(GoldenRun, StoppedAndResumedEndsWithTheSameBits) {
  const Hashes golden =
      Json::parse(read_file(source_dir() / "tests/golden/tiny_r1.json")).get<Hashes>();
  TempFolder folder;
  const Recipe recipe = tiny_recipe({"stages.zero.checkpoint_steps=3"});
  int stops = 0;
  for (bool done = false; !done;) {
    std::stop_source source;
    int left = 3 + stops % 4;
    RunEvents events;
    events.step = [&](const std::string&, int64_t, int64_t, const Json&) {
      if (--left == 0) source.request_stop();
    };
    try {
      run_recipe(recipe, {.folder = folder.path() / "run", .resume = stops > 0, .stop = source.get_token()},
                 events);
      done = true;
    } catch (const Interrupted&) {
      ASSERT_LT(++stops, 50);
    }
  }
  EXPECT_GT(stops, 4);
  EXPECT_EQ(run_hashes(folder.path() / "run"), golden);
}

TEST(GoldenRun, ATornCheckpointIsPassedOver) {
  const Hashes golden =
      Json::parse(read_file(source_dir() / "tests/golden/tiny_r1.json")).get<Hashes>();
  TempFolder folder;
  const Recipe recipe = tiny_recipe();
  std::stop_source source;
  RunEvents events;
  events.step = [&](const std::string& stage, int64_t step, int64_t, const Json&) {
    if (stage == "zero" && step == 6) source.request_stop();
  };
  EXPECT_THROW(run_recipe(recipe, {.folder = folder.path() / "run", .stop = source.get_token()}, events),
               Interrupted);
  const fs::path newest = folder.path() / "run/checkpoints/zero-6/model.safetensors";
  std::fstream file(newest, std::ios::in | std::ios::out | std::ios::binary);
  ASSERT_TRUE(file.is_open());
  file.seekp(100000);
  file.put(char(0x5A));
  file.close();
  std::vector<std::string> messages;
  events = {};
  events.message = [&](const std::string& line) { messages.push_back(line); };
  run_recipe(recipe, {.folder = folder.path() / "run", .resume = true}, events);
  ASSERT_GE(messages.size(), 2u);
  EXPECT_NE(messages[0].find("zero-6"), std::string::npos) << messages[0];
  EXPECT_NE(messages[1].find("after step 5"), std::string::npos) << messages[1];
  EXPECT_EQ(run_hashes(folder.path() / "run"), golden);
}

TEST(Pipeline, AFolderThatHoldsARunIsAnInputError) {
  TempFolder folder;
  const Recipe recipe = tiny_recipe({"stages.warm-up.steps=1"});
  const RunOptions options{.folder = folder.path() / "run", .stop_after = "warm-up"};
  run_recipe(recipe, options, {});
  EXPECT_THROW(run_recipe(recipe, options, {}), InputError);
}

}  // namespace
}  // namespace hone
