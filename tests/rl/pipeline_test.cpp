#include "rl/pipeline.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/files.h"
#include "core/json_lines.h"
#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/parallel.h"
#include "rl/rollout_log.h"
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

TEST(Pipeline, KeysThatARunDidNotKnowYetTakeTheirDefaultsWhenItIsResumed) {
  TempFolder folder;
  const Recipe recipe = tiny_recipe({"stages.warm-up.steps=1"});
  RunOptions options{.folder = folder.path() / "run", .stop_after = "warm-up"};
  run_recipe(recipe, options, {});
  options.resume = true;
  const fs::path stored = options.folder / "recipe.json";
  Json old = Json::parse(read_file(stored));
  old.erase("date"), old["stages"][0].erase("max_length");
  write_file_atomic(stored, old.dump(2));
  run_recipe(recipe, options, {});
  EXPECT_EQ(Json::parse(read_file(stored)), recipe.resolved) << "written out from now on";

  const auto complaint = [&](const Json& started) -> std::string {
    write_file_atomic(stored, started.dump(2));
    try {
      run_recipe(recipe, options, {});
      return "";
    } catch (const InputError& e) {
      return e.what();
    }
  };
  old["stages"][0]["batch_size"] = 7;
  EXPECT_NE(complaint(old).find("stages[0].batch_size: the run was started with 7, the recipe says"),
            std::string::npos)
      << complaint(old);
  old["stages"][0].erase("batch_size"), old["stages"][0]["batches"] = 7;
  EXPECT_NE(complaint(old).find("is none to this version"), std::string::npos) << complaint(old);
  EXPECT_NE(complaint(old).find("batches"), std::string::npos);
}

TEST(Pipeline, ConversationsAreRenderedByTheFoldersTemplateAndLearntFrom) {
  TempFolder folder;
  const fs::path base = folder.path() / "base", rows = folder.path() / "rows.jsonl";
  fs::copy(source_dir() / "recipes/base", base);
  std::ofstream(base / "chat_template.jinja")
      << "{% for m in messages %}{{ m.content }}{% if m.role == 'assistant' %}{{ eos_token }}{% else %} : {% "
         "endif %}{% endfor %}";
  std::ofstream(rows)
      << R"({"messages": [{"role": "user", "content": "make 24 from 3 8"}, {"role": "assistant", "content": "3 * 8"}]})"
      << "\n";
  const Json text = {{"policy", {{"checkpoint", base.string()}}},
                     {"stages",
                      {{{"name", "learn"},
                        {"type", "sft"},
                        {"dataset", {{"file", rows.string()}}},
                        {"steps", 1},
                        {"batch_size", 2}},
                       {{"name", "try"},
                        {"type", "grpo"},
                        {"dataset", {{"file", rows.string()}}},
                        {"template", "chat"},
                        {"rewards", Json::array({{{"rule", "format"}}})},
                        {"steps", 1},
                        {"prompts_per_step", 1},
                        {"num_generations", 2},
                        {"max_completion_length", 8}}}}};
  run_recipe(parse_recipe(parse_document("test.json", text.dump()), folder.path()),
             {.folder = folder.path() / "run"}, {});
  std::vector<Json> metrics;
  for_each_json_line(folder.path() / "run/metrics.jsonl",
                     [&](const JsonLine& line) { metrics.push_back(line.value); });
  ASSERT_EQ(metrics.size(), 2u);
  const Tokenizer tokenizer = Tokenizer::load(base);
  const std::string eos(tokenizer.token_of(*tokenizer.eos_id()));
  EXPECT_EQ(metrics[0]["tokens/trained"], 2 * tokenizer.encode("3 * 8" + eos, false).size());
  std::vector<std::string> prompts;
  for_each_rollout(folder.path() / "run/rollouts/try.jsonl.zst",
                   [&](const Json& row) { prompts.push_back(row["prompt"]); });
  EXPECT_EQ(prompts, (std::vector<std::string>{"make 24 from 3 8 : ", "make 24 from 3 8 : "}));
  EXPECT_TRUE(fs::exists(folder.path() / "run/model/chat_template.jinja"))
      << "the folder stays a chat model's";
}

}  // namespace
}  // namespace hone
