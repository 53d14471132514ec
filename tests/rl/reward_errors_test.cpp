// Completions without a verdict: what a step, a run, rejection sampling and an evaluation make of them. The
// judge of the runs says "error" to what it is told to, so that with and without can be compared bit for bit.
#include "rl/reward_errors.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "core/files.h"
#include "rl/metrics.h"
#include "rl/pipeline.h"
#include "rl/rollout_log.h"
#include "tests/core/temp_folder.h"
#include "tests/rl/run_hash.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// One rule "judge"; a reward that is NaN stands for an error.
ScoredGroup group_of(const std::vector<double>& rewards) {
  ScoredGroup group;
  group.group.prompt.problem.id = 17;
  group.rules = {"judge"};
  group.by_rule.resize(1);
  for (const double reward : rewards) {
    const bool missing = std::isnan(reward);
    group.group.rollouts.push_back({.ids = {1, 2}, .text = "x"});
    group.by_rule[0].push_back({missing ? 0 : reward, {}, missing ? "too late" : ""});
    group.rewards.push_back(missing ? 0 : reward);
    group.errors.push_back(missing ? "judge: too late" : "");
  }
  return group;
}

std::string failure(std::vector<ScoredGroup> groups, const RewardErrorOptions& options) {
  try {
    treat_reward_errors(groups, options);
    return "";
  } catch (const InputError& e) {
    return "an InputError";
  } catch (const Error& e) {
    return e.what();
  }
}

TEST(RewardErrors, TooManyStopTheRunAndTheFirstIsNamed) {
  std::vector<double> rewards(40, 1.0);
  rewards[3] = rewards[9] = NAN;
  EXPECT_EQ(failure({group_of(rewards)}, {}), "") << "5 % are allowed";
  rewards[10] = NAN;
  EXPECT_EQ(failure({group_of(std::vector<double>(0)), group_of(rewards)}, {}),
            "3 of 40 completions have no reward, more than max_reward_error_fraction 0.05 allows; the first: "
            "problem 17, "
            "rollout 3: judge: too late");
  EXPECT_NE(failure({group_of(rewards)}, {OnRewardError::kZero, 0.05}), "");
  EXPECT_EQ(failure({group_of(rewards)}, {OnRewardError::kDrop, 1.0}), "");
  EXPECT_NE(failure({group_of({1, 1, NAN})}, {OnRewardError::kStop, 1.0}), "");
  EXPECT_EQ(failure({group_of({1, 1, 0})}, {OnRewardError::kStop, 0.0}), "");
}

TEST(RewardErrors, DropLeavesOutAndZeroCountsAsZero) {
  std::vector<ScoredGroup> groups{group_of({1, NAN, 3})};
  treat_reward_errors(groups, {OnRewardError::kDrop, 1.0});
  EXPECT_FALSE(groups[0].has_reward(1));
  Json metrics = rollout_metrics(groups);
  EXPECT_EQ(metrics["reward/mean"], 2.0);
  EXPECT_EQ(metrics["reward/judge/mean"], 2.0);
  EXPECT_EQ(metrics["reward/errors"], 1);
  EXPECT_EQ(metrics["reward/judge/errors"], 1);
  EXPECT_EQ(metrics["tokens/sampled"], 6);
  treat_reward_errors(groups, {OnRewardError::kZero, 1.0});
  EXPECT_TRUE(groups[0].has_reward(1));
  metrics = rollout_metrics(groups);
  EXPECT_EQ(metrics["reward/mean"], 4.0 / 3);
  EXPECT_EQ(metrics["reward/judge/mean"], 2.0) << "the mean of the verdicts that there are";
  EXPECT_EQ(metrics["reward/errors"], 1);
  EXPECT_FALSE(rollout_metrics({group_of({1, 2})}).contains("reward/errors"));
}

TEST(RewardErrors, TheRolloutLogSaysWhy) {
  const std::string lines = rollout_lines(3, group_of({1, NAN}), std::vector<double>{0.5, 0});
  const Json line = Json::parse(lines.substr(lines.find('\n') + 1));
  EXPECT_EQ(line["rewards"], Json::parse(R"({"judge": null})"));
  EXPECT_TRUE(line["reward"].is_null());
  EXPECT_TRUE(line["advantage"].is_null());
  EXPECT_EQ(line["dropped"], "judge: too late");
  EXPECT_EQ(line["detail"]["judge"]["error"], "too late");
}

/// A run of one grpo stage on countdown with the small base, judged by a process that has no verdict on
/// completions for which the Python expression `error` is true, and else goes by a sum over the text that
/// differs within groups.
class SlowRewardErrorsRun : public testing::Test {
 protected:
  Recipe recipe(const std::string& error, int generations, const Json& stage = Json::object()) {
    const fs::path judge = folder_.path() / "judge.py";
    write_file(judge,
               "import json, os, sys\nfor line in sys.stdin:\n    r = json.loads(line)\n    i = r['index']\n"
               "    if " +
                   error +
                   ":\n        answer = {'id': r['id'], 'error': 'not this one'}\n    else:\n"
                   "        answer = {'id': r['id'], 'value': len(r['completion']) % 3}\n"
                   "    print(json.dumps(answer), flush=True)\n");
    Json whole = {{"name", "errors"},
                  {"seed", 5},
                  {"policy", {{"checkpoint", source_dir().string() + "/recipes/base"}}}};
    Json grpo = {{"name", "zero"},
                 {"type", "grpo"},
                 {"dataset", {{"task", "countdown"}, {"split", "train"}}},
                 {"rewards", Json::array({{{"rule", "process"},
                                           {"name", "judge"},
                                           {"command", {"python3", "judge.py"}},
                                           {"group", true}}})},
                 {"num_generations", generations},
                 {"prompts_per_step", 4},
                 {"max_completion_length", 24},
                 {"steps", 3},
                 {"num_minibatches", 2},
                 {"learning_rate", 1e-3},
                 {"beta", 0.02}};
    grpo.update(stage);
    whole["stages"] = Json::array({grpo});
    return parse_recipe(parse_document((folder_.path() / "recipe.json").string(), whole.dump()),
                        folder_.path());
  }

  std::vector<Json> metrics(const std::string& run) {
    std::vector<Json> lines;
    for_each_json_line(folder_.path() / run / "metrics.jsonl",
                       [&](const JsonLine& line) { lines.push_back(line.value); });
    return lines;
  }

  std::string weights(const std::string& run) { return run_hashes(folder_.path() / run)["weights"]; }

  TempFolder folder_;
};

TEST_F(SlowRewardErrorsRun, ADroppedCompletionIsAsIfItHadNotBeenSampled) {
  for (const char* loss : {"grpo", "dapo", "dr_grpo"}) {
    for (const char* aggregation : {"sum_then_normalize", "normalize_then_sum"}) {
      const Json stage = {{"loss_type", loss},
                          {"multi_objective_aggregation", aggregation},
                          {"max_reward_error_fraction", 0.25}};
      const std::string name = concat(loss, "-", aggregation);
      run_recipe(recipe("i == 3", 4, stage), {.folder = folder_.path() / (name + "-four")}, {});
      run_recipe(recipe("False", 3, stage), {.folder = folder_.path() / (name + "-three")}, {});
      EXPECT_EQ(weights(name + "-four"), weights(name + "-three")) << name;
      run_recipe(recipe("False", 4, stage), {.folder = folder_.path() / (name + "-all")}, {});
      EXPECT_NE(weights(name + "-all"), weights(name + "-three")) << name << ": the comparison can fail";
      const std::vector<Json> four = metrics(name + "-four"), three = metrics(name + "-three");
      ASSERT_EQ(four.size(), 3u);
      for (size_t i = 0; i < four.size(); ++i) {
        for (const char* same :
             {"loss", "kl", "reward/mean", "reward/std", "tokens/trained", "grad_norm", "zero_signal_groups"})
          EXPECT_EQ(four[i][same], three[i][same]) << name << " " << same;
        EXPECT_EQ(four[i]["reward/errors"], 4);
        EXPECT_EQ(four[i]["reward/judge/errors"], 4);
        EXPECT_FALSE(three[i].contains("reward/errors"));
      }
    }
  }
}

TEST_F(SlowRewardErrorsRun, WholeGroupsAndStepsMayBeWithoutAVerdict) {
  const Json stage = {{"max_reward_error_fraction", 1.0}};
  run_recipe(recipe("True", 4, stage), {.folder = folder_.path() / "none"}, {});
  for (const Json& line : metrics("none")) {
    EXPECT_EQ(line["tokens/trained"], 0);
    EXPECT_EQ(line["reward/errors"], 16);
    EXPECT_FALSE(line.contains("reward/judge/mean")) << "a mean of nothing";
  }
  run_recipe(recipe("r['problem'] % 2 == 0 or i > 0", 4, stage), {.folder = folder_.path() / "few"}, {});
  for (const Json& line : metrics("few")) EXPECT_TRUE(line["loss"].is_number());
}

TEST_F(SlowRewardErrorsRun, TooManyStopItAndItResumesWithTheSameBits) {
  const std::string down = (folder_.path() / "down").string(), error = "os.path.exists('" + down + "')";
  run_recipe(recipe(error, 4), {.folder = folder_.path() / "whole"}, {});
  RunEvents events;
  events.step = [&](const std::string&, int64_t step, int64_t, const Json&) {
    if (step == 2) write_file(down, "");
  };
  try {
    run_recipe(recipe(error, 4), {.folder = folder_.path() / "stopped"}, events);
    FAIL() << "expected an Error";
  } catch (const InputError& e) {
    FAIL() << e.what();
  } catch (const Error& e) {
    const std::string what = e.what();
    EXPECT_NE(what.find("16 of 16 completions have no reward, more than max_reward_error_fraction 0.05 "
                        "allows; the first: problem "),
              std::string::npos)
        << what;
    EXPECT_NE(what.find(", rollout 0: judge: not this one"), std::string::npos) << what;
  }
  EXPECT_NE(read_file(folder_.path() / "stopped/failures/zero-3.jsonl").find("not this one"),
            std::string::npos);
  fs::remove(down);
  run_recipe(recipe(error, 4), {.folder = folder_.path() / "stopped", .resume = true}, {});
  EXPECT_EQ(run_hashes(folder_.path() / "stopped"), run_hashes(folder_.path() / "whole"));
}

TEST_F(SlowRewardErrorsRun, SamplingKeepsNoneOfThemAndEvaluationCallsThemNeitherRightNorWrong) {
  const Json sample = {{"name", "data"},  {"type", "sample"}, {"max_reward_error_fraction", 1.0},
                       {"per_prompt", 4}, {"steps", 1},       {"keep", {{"min_reward", -1}}}};
  Recipe made = recipe("i == 1", 4);
  Json whole = made.document.root;
  Json stage = whole["stages"][0];
  for (const char* key : {"num_minibatches", "learning_rate", "beta"}) stage.erase(key);
  stage.update(sample);
  whole["stages"] =
      Json::array({stage,
                   {{"name", "check"},
                    {"type", "eval"},
                    {"dataset", stage["dataset"]},
                    {"rewards", stage["rewards"]},
                    {"eval", {{"num_problems", 4}, {"samples", 2}, {"max_completion_length", 24}}}}});
  run_recipe(
      parse_recipe(parse_document((folder_.path() / "recipe.json").string(), whole.dump()), folder_.path()),
      {.folder = folder_.path() / "run"}, {});
  const std::vector<Json> lines = metrics("run");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["sample/no_reward"], 4);
  EXPECT_EQ(lines[0]["reward/errors"], 4);
  EXPECT_EQ(lines[1]["eval/held_out/reward/errors"], 4);
  EXPECT_EQ(lines[1]["eval/held_out/reward/judge/errors"], 4);
  EXPECT_TRUE(lines[1].contains("eval/held_out/avg@2"));
  EXPECT_FALSE(lines[1].contains("eval/held_out/pass@2")) << "no problem has two verdicts";
  EXPECT_GE(lines[1]["eval/held_out/pass@1"].get<double>(), 0.0);
}

}  // namespace
}  // namespace hone
