#include "rl/run_folder.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/philox.h"
#include "rl/checkpoint_files.h"
#include "rl/rollout_log.h"
#include "tests/core/disk_limits.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const Json kRecipe =
    Json::parse(R"({"name": "x", "keep_checkpoints": 2, "stages": [{"name": "zero", "steps": 60}]})");

template <class Use>
std::string error_of(const Use& use) {
  try {
    use();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

void log(RunFolder& run, const std::string& stage, int64_t step) {
  run.log_step({{"stage", stage}, {"step", step}, {"reward/mean", 0.5 * double(step)}}, 1.0);
  run.log_rollouts(stage, "{\"step\":" + std::to_string(step) + "}\n");
}

TEST(RunFolder, HoldsTheRecipeAndTheLogs) {
  const TempFolder temp;
  RunFolder run = RunFolder::create(temp / "runs/x", kRecipe);
  EXPECT_EQ(Json::parse(read_file(temp / "runs/x/recipe.json")), kRecipe);
  log(run, "zero", 1);
  EXPECT_EQ(read_file(temp / "runs/x/metrics.jsonl"),
            "{\"reward/mean\":0.5,\"stage\":\"zero\",\"step\":1}\n");
  std::vector<Json> rollouts;
  for_each_rollout(run.rollouts("zero"), [&](const Json& line) { rollouts.push_back(line); });
  EXPECT_EQ(rollouts, (std::vector<Json>{{{"step", 1}}}));
  EXPECT_NE(read_file(temp / "runs/x/events.out.tfevents.hone").find("zero/reward/mean"), std::string::npos);
  EXPECT_EQ(run.positions().metrics, fs::file_size(temp / "runs/x/metrics.jsonl"));
}

TEST(RunFolder, AFolderThatHoldsARunIsNotTouched) {
  const TempFolder temp;
  { RunFolder::create(temp / "x", kRecipe); }
  const Json other = {{"name", "y"}};
  EXPECT_EQ(
      error_of([&] { RunFolder::create(temp / "x", other); }),
      (temp / "x").string() +
          ": holds a run already (recipe.json): --resume goes on with it, --run-dir names another folder");
  EXPECT_EQ(Json::parse(read_file(temp / "x/recipe.json")), kRecipe);
  fs::create_directories(temp / "y/checkpoints");
  EXPECT_THROW(RunFolder::create(temp / "y", kRecipe), InputError);
  EXPECT_EQ(listing(temp / "y"), "checkpoints");
}

TEST(RunFolder, ResumesOnlyTheSameRecipe) {
  const TempFolder temp;
  EXPECT_EQ(error_of([&] { RunFolder::resume(temp / "x", kRecipe); }),
            (temp / "x").string() + ": holds no run to resume (no recipe.json)");
  { RunFolder::create(temp / "x", kRecipe); }
  Json other = kRecipe;
  other["stages"][0]["steps"] = 80;
  EXPECT_EQ(error_of([&] { RunFolder::resume(temp / "x", other); }),
            (temp / "x/recipe.json").string() +
                ":7: stages[0].steps: the run was started with 60, the recipe says 80");
  other = kRecipe;
  other["keep_checkpoints"] = 5;
  EXPECT_THROW(RunFolder::resume(temp / "x", other), InputError);
  RunFolder::resume(temp / "x", other, {"/keep_checkpoints"});
  EXPECT_EQ(Json::parse(read_file(temp / "x/recipe.json")), other);
  other["extra"] = 1;
  EXPECT_NE(
      error_of([&] { RunFolder::resume(temp / "x", other); }).find("extra: the run was started with nothing"),
      std::string::npos);
}

TEST(RunFolder, TwoProcessesCannotWriteOne) {
  const TempFolder temp;
  const std::string message = (temp / "x").string() + ": another process is writing this run";
  {
    const RunFolder run = RunFolder::create(temp / "x", kRecipe);
    EXPECT_EQ(error_of([&] { RunFolder::resume(temp / "x", kRecipe); }), message);
  }
  EXPECT_EQ(error_of([&] { RunFolder::resume(temp / "x", kRecipe); }), "no error")
      << "the lock goes with its holder";
  run_and_kill(
      [&](const auto& started) {
        const RunFolder run = RunFolder::resume(temp / "x", kRecipe);
        started();
        for (;;) ::pause();
      },
      1000);
  EXPECT_EQ(error_of([&] { RunFolder::resume(temp / "x", kRecipe); }), "no error")
      << "also when it is killed";
}

TEST(RunFolder, LogsAreCutWhereTheCheckpointSaysAndGoOn) {
  const TempFolder temp;
  LogPositions at_two;
  const auto files = [&] {
    return read_file(temp / "x/metrics.jsonl") + read_file(temp / "x/events.out.tfevents.hone") +
           read_file(temp / "x/rollouts/zero.jsonl.zst");
  };
  std::string whole;
  {
    RunFolder run = RunFolder::create(temp / "x", kRecipe);
    log(run, "zero", 1);
    log(run, "zero", 2);
    at_two = run.positions();
    log(run, "zero", 3);
    log(run, "later", 1);
    whole = files();
  }
  EXPECT_EQ(log_positions_from(Json::parse(to_json(at_two).dump())), at_two);
  RunFolder run = RunFolder::resume(temp / "x", kRecipe);
  run.cut_logs(at_two);
  EXPECT_EQ(listing(temp / "x/rollouts"), "zero.jsonl.zst") << "the later stage had not begun";
  EXPECT_EQ(run.positions(), at_two);
  log(run, "zero", 3);
  log(run, "later", 1);
  // The later stage's point of the curves is in metrics and events of both.
  EXPECT_EQ(files(), whole);
}

TEST(RunFolder, LogsThatAreTooShortAreBadInput) {
  const TempFolder temp;
  { RunFolder::create(temp / "x", kRecipe); }
  RunFolder run = RunFolder::resume(temp / "x", kRecipe);
  EXPECT_THROW(run.cut_logs({.metrics = 10}), InputError);
  EXPECT_THROW(run.cut_logs({.rollouts = {{"zero", 1}}}), InputError);
}

TEST(RunFolder, ClosedLogsAndNamelessStepsAreErrors) {
  const TempFolder temp;
  RunFolder run = RunFolder::create(temp / "x", kRecipe);
  EXPECT_THROW(run.log_step({{"step", 1}}, 0), Error);
  RunFolder moved = std::move(run);
  log(moved, "zero", 1);
}

TEST(LogPositions, OtherJsonIsBadInput) {
  for (const char* text :
       {"null", "{}", R"({"metrics": -1, "events": 0, "rollouts": {}})", R"({"metrics": 1, "events": 0})",
        R"({"metrics": 1, "events": 0, "rollouts": {"a": "x"}})"}) {
    EXPECT_THROW(log_positions_from(Json::parse(text)), InputError) << text;
  }
}

/// Twelve steps of two stages, a checkpoint every third: goes on from the newest one if the folder holds a run.
void run_or_resume(const fs::path& path, const std::function<void()>& started) {
  const bool resumed = fs::exists(path / "recipe.json");
  RunFolder run = resumed ? RunFolder::resume(path, kRecipe) : RunFolder::create(path, kRecipe);
  started();
  int64_t done = 0;
  if (resumed) {
    const auto latest = latest_good(run.checkpoints());
    if (latest.checkpoint) {
      done = latest.checkpoint->state.at("done");
      prune_checkpoints(run.checkpoints(), 2, latest.checkpoint->id);  // the kill may have come before it
    }
    run.cut_logs(latest.checkpoint ? log_positions_from(latest.checkpoint->state.at("logs"))
                                   : LogPositions{});
  }
  while (done < 12) {
    log(run, done < 6 ? "zero" : "sft", done % 6 + 1);
    ++done;
    if (done % 3 > 0) continue;
    const CheckpointId id{.stage_index = 0, .step = done, .stage = "zero"};
    CheckpointWriter writer(run.checkpoints(), id);
    writer.add("weights", std::as_bytes(std::span(&done, 1)));
    writer.commit({{"done", done}, {"logs", to_json(run.positions())}});
    prune_checkpoints(run.checkpoints(), 2, id);
  }
}

TEST(RunFolder, KillsAndResumesEndWithTheSameLogs) {
  const TempFolder temp;
  run_or_resume(temp / "whole", [] {});
  PhiloxStream random(mix(7, 8));
  for (int round = 0; round < 8; ++round) {
    const fs::path path = temp / ("killed" + std::to_string(round));
    for (int kill = 0; kill < 4; ++kill) {
      run_and_kill([&](const auto& started) { run_or_resume(path, started); }, random.below(12000));
    }
    run_or_resume(path, [] {});
    for (const char* name :
         {"metrics.jsonl", "events.out.tfevents.hone", "rollouts/zero.jsonl.zst", "rollouts/sft.jsonl.zst"}) {
      ASSERT_EQ(read_file(path / name), read_file(temp / "whole" / name)) << name;
    }
    ASSERT_EQ(listing(path), listing(temp / "whole"));
    ASSERT_EQ(listing(path / "checkpoints"), "zero-12 zero-9");
  }
}

}  // namespace
}  // namespace hone
