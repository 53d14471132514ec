// `hone train` as a user sees it: run folder, refusals that write nothing, Ctrl-C and --resume. The program itself is run.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/hash.h"
#include "tests/cli/cli_case.h"
#include "tests/cli/tiny_model.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRecipe = R"({
  "name": "tiny", "seed": 3,
  "policy": { "checkpoint": "model" },
  "stages": [
    { "name": "zero", "type": "grpo", "dataset": { "task": "countdown" }, "template": "{prompt}",
      "rewards": [ { "rule": "pattern", "name": "letters", "pattern": "[a-z]", "per_match": 0.1 } ],
      "num_generations": 4, "prompts_per_step": 4, "max_completion_length": 12, "steps": 8, "learning_rate": 1e-3,
      "beta": 0.01, "checkpoint_steps": 2 },
    { "name": "keep", "type": "sample", "from": "zero", "dataset": { "task": "countdown" }, "template": "{prompt}",
      "rewards": [ { "rule": "pattern", "name": "letters", "pattern": "[a-z]", "per_match": 0.1 } ],
      "num_generations": 4, "prompts_per_step": 4, "max_completion_length": 12 } ] }
)";

std::string contents(const fs::path& file);

/// Short enough to be read in a failure.
std::string hash_of_weights(const fs::path& run) {
  return to_hex(xxh64(contents(run / "model/model.safetensors")));
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// metrics.jsonl without the fields that are allowed to differ.
std::vector<Json> timeless_metrics(const fs::path& run) {
  std::vector<Json> lines;
  std::ifstream in(run / "metrics.jsonl");
  for (std::string text; std::getline(in, text);) {
    Json line = Json::object();
    const Json whole = Json::parse(text);
    for (const auto& [key, value] : whole.items())
      if (key.rfind("time/", 0) != 0) line[key] = value;
    lines.push_back(line);
  }
  return lines;
}

class SlowTrain : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              (std::string("hone_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    write_tiny_model(folder_ / "model");
    std::ofstream(folder_ / "recipe.json") << kRecipe;
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// Starts the program in the folder; its output goes to files there.
  pid_t start(std::vector<std::string> arguments) const {
    const pid_t child = fork();
    if (child != 0) return child;
    if (chdir(folder_.c_str()) != 0) _exit(99);
    dup2(open("out.txt", O_CREAT | O_WRONLY | O_TRUNC, 0644), STDOUT_FILENO);
    dup2(open("err.txt", O_CREAT | O_WRONLY | O_TRUNC, 0644), STDERR_FILENO);
    arguments.insert(arguments.begin(), HONE_BINARY);
    std::vector<char*> argv;
    for (std::string& a : arguments) argv.push_back(a.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(99);
  }
  static int wait(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  int call(const std::vector<std::string>& arguments) const { return wait(start(arguments)); }
  std::string err() const { return contents(folder_ / "err.txt"); }

  fs::path folder_;
};

TEST_F(SlowTrain, LeavesAWholeRunFolder) {
  ASSERT_EQ(call({"train", "recipe.json"}), kExitDone) << err();
  const fs::path run = folder_ / "runs" / "tiny";
  for (const char* name : {"recipe.json", "metrics.jsonl", "report.html", "rollouts/zero.jsonl.zst",
                           "model/model.safetensors", "model/config.json"})
    EXPECT_TRUE(fs::exists(run / name)) << name;
  const std::vector<Json> metrics = timeless_metrics(run);
  ASSERT_GE(metrics.size(), 8u);
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(metrics[i]["step"], i + 1);
    EXPECT_EQ(metrics[i]["sampling/logp_difference/max"], 0.0) << "sampler and trainer are one program";
  }
  EXPECT_TRUE(contains(err(), "zero")) << "progress goes to standard error";
  EXPECT_EQ(contents(folder_ / "out.txt"), "");

  EXPECT_EQ(call({"train", "recipe.json"}), kExitBadInput) << "a folder that holds a run is not written over";
  EXPECT_EQ(call({"inspect", "runs/tiny"}), kExitDone);
  EXPECT_EQ(Json::parse(contents(folder_ / "out.txt"))["run"]["stages"], Json({"zero", "keep"}));
  EXPECT_EQ(call({"report", "runs/tiny"}), kExitDone);
  EXPECT_EQ(call({"sample", "runs/tiny/model", "--prompt", "a", "--max-new-tokens", "3"}), kExitDone)
      << err();
}

TEST_F(SlowTrain, ThreadsAndMicroBatchesDoNotShow) {
  ASSERT_EQ(call({"train", "recipe.json", "--run-dir", "a", "--threads", "1", "--stop-after", "zero"}),
            kExitDone)
      << err();
  ASSERT_EQ(call({"train", "recipe.json", "--run-dir", "b", "--threads", "3", "--stop-after", "zero", "--set",
                  "stages.zero.micro_batch_tokens=40"}),
            kExitDone)
      << err();
  EXPECT_EQ(hash_of_weights(folder_ / "a"), hash_of_weights(folder_ / "b"));
  EXPECT_EQ(timeless_metrics(folder_ / "a"), timeless_metrics(folder_ / "b"));
  ASSERT_EQ(call({"train", "recipe.json", "--run-dir", "c", "--stop-after", "zero", "--set", "seed=4"}),
            kExitDone)
      << err();
  EXPECT_NE(hash_of_weights(folder_ / "a"), hash_of_weights(folder_ / "c")) << "the comparison can fail";
}

TEST_F(SlowTrain, CtrlCCheckpointsAndResumeEndsWithTheSameBits) {
  ASSERT_EQ(call({"train", "recipe.json", "--run-dir", "whole"}), kExitDone) << err();
  // Long enough to be caught: the first run is stopped as soon as a step is in its log.
  const pid_t child = start({"train", "recipe.json", "--run-dir", "stopped"});
  while (contents(folder_ / "stopped/metrics.jsonl").empty() && waitpid(child, nullptr, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  kill(child, SIGINT);
  const int status = wait(child);
  EXPECT_EQ(status, kExitStopped) << err();
  EXPECT_TRUE(contains(err(), "--resume")) << err();
  EXPECT_LT(timeless_metrics(folder_ / "stopped").size(), timeless_metrics(folder_ / "whole").size());
  ASSERT_EQ(call({"train", "recipe.json", "--run-dir", "stopped", "--resume"}), kExitDone) << err();
  EXPECT_EQ(hash_of_weights(folder_ / "stopped"), hash_of_weights(folder_ / "whole"));
  EXPECT_EQ(timeless_metrics(folder_ / "stopped"), timeless_metrics(folder_ / "whole"));
}

TEST_F(SlowTrain, BadRecipesWriteNothing) {
  const auto refused = [&](const std::vector<std::string>& more, const std::string& message) {
    std::vector<std::string> arguments = {"train", "recipe.json", "--run-dir", "run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(call(arguments), kExitBadInput) << more.back();
    EXPECT_TRUE(contains(err(), message)) << more.back() << ": " << err();
    EXPECT_FALSE(fs::exists(folder_ / "run")) << more.back();
  };
  refused({"--set", "stages.zero.num_generations=1"}, "num_generations");
  refused({"--set", "stages.zero.stepz=1"}, "did you mean steps?");
  refused({"--set", "stages.zero.steps=many"}, "steps");
  refused({"--set", "stages.keep.from=zerro"}, "did you mean zero?");
  refused({"--set", "policy.checkpoint=nowhere"}, "nowhere");
  refused({"--stop-after", "zerro"}, "did you mean zero?");
  refused({"--resume"}, "run");
  std::ofstream(folder_ / "recipe.json") << "{\n  \"name\": \"x\",\n  \"polcy\": }";
  refused({"--threads", "1"}, "recipe.json:3");
}

TEST_F(SlowTrain, CtrlCDuringTheRewardsDropsTheStepAndItIsDoneAgainOnResume) {
  // Slow from the third step on while the file "slow" is there; leaves its id.
  std::ofstream(folder_ / "judge.py") << R"(import json, os, sys, time
open('pid', 'w').write(str(os.getpid()))
for n, line in enumerate(sys.stdin):
    if n >= 32 and os.path.exists('slow'):
        open('reached', 'w')
        time.sleep(600)
    r = json.loads(line)
    print(json.dumps({'id': r['id'], 'value': sum(map(ord, r['completion'])) % 7}), flush=True)
)";
  const auto arguments = [](const std::string& run, const std::vector<std::string>& more = {}) {
    std::vector<std::string> all = {
        "train",        "recipe.json",
        "--run-dir",    run,
        "--stop-after", "zero",
        "--set",        "stages.zero.steps=4",
        "--set",        R"(stages.zero.rewards=[{"rule": "process", "command": ["python3", "judge.py"]}])"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  ASSERT_EQ(call(arguments("whole")), kExitDone) << err();
  std::ofstream(folder_ / "slow") << "";
  for (const int signal : {SIGINT, SIGTERM}) {
    const std::string run = signal == SIGINT ? "stopped" : "terminated";
    fs::remove(folder_ / "reached");
    const pid_t child = start(arguments(run));
    while (!fs::exists(folder_ / "reached") && waitpid(child, nullptr, WNOHANG) == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const pid_t judge = std::stoi(contents(folder_ / "pid"));
    EXPECT_EQ(kill(judge, 0), 0);
    const auto asked = std::chrono::steady_clock::now();
    kill(child, signal);
    EXPECT_EQ(wait(child), kExitStopped) << err();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(3))
        << "the judge would take 10 minutes";
    EXPECT_NE(kill(judge, 0), 0) << "the judge is gone";
    EXPECT_EQ(timeless_metrics(folder_ / run).size(), 2u) << "the step under way is not in the log";
    EXPECT_TRUE(fs::exists(folder_ / run / "checkpoints/zero-2")) << "the last whole step is on disk";
    EXPECT_FALSE(fs::exists(folder_ / run / "failures")) << "it is no failure";
  }
  fs::remove(folder_ / "slow");
  for (const char* run : {"stopped", "terminated"}) {
    ASSERT_EQ(call(arguments(run, {"--resume"})), kExitDone) << err();
    EXPECT_EQ(hash_of_weights(folder_ / run), hash_of_weights(folder_ / "whole"));
    EXPECT_EQ(timeless_metrics(folder_ / run), timeless_metrics(folder_ / "whole"));
  }
}

TEST_F(SlowTrain, GoldsThatCannotBeParsedAreToldAtTheStartAndCountedInEveryStep) {
  std::ofstream(folder_ / "rows.jsonl") << R"({"prompt": "one", "answer": "1"})"
                                           "\n\n"
                                           R"({"prompt": "half", "answer": "\\int_0^1 x dx"})"
                                           "\n";
  const std::string start_at_zero = "stages.zero.";
  const std::vector<std::string> settings = {
      R"(dataset={"file": "rows.jsonl", "prompt_field": "prompt", "answer_field": "answer"})",
      R"(rewards=[{"rule": "math", "name": "accuracy"}])",
      R"(eval={"name": "same", "dataset": {"file": "rows.jsonl", "prompt_field": "prompt", "answer_field": "answer"}})",
      "steps=2", "prompts_per_step=2"};
  std::vector<std::string> arguments = {"train", "recipe.json", "--run-dir", "run", "--stop-after", "zero"};
  for (const std::string& setting : settings)
    arguments.insert(arguments.end(), {"--set", start_at_zero + setting});
  ASSERT_EQ(call(arguments), kExitDone) << err();
  EXPECT_TRUE(contains(err(), "stage zero: reward accuracy: 1 of 2 gold answers can't be parsed")) << err();
  EXPECT_TRUE(contains(err(), R"(rows.jsonl:3: "\int_0^1 x dx": )")) << err();
  EXPECT_FALSE(contains(err(), "evaluation same")) << "the same rows are told of once: " << err();
  for (const Json& line : timeless_metrics(folder_ / "run")) {
    if (!line.contains("loss")) continue;  // an evaluation's
    EXPECT_EQ(line["reward/accuracy/unparsable_golds"], 1) << line.dump();
  }

  std::ofstream(folder_ / "rows.jsonl", std::ios::app) << R"({"prompt": "none"})"
                                                          "\n";
  for (std::string& argument : arguments)
    if (argument == "run") argument = "refused";
  arguments[arguments.size() - 9] = start_at_zero + R"(dataset={"file": "rows.jsonl"})";
  arguments[arguments.size() - 5] =
      start_at_zero + R"(eval={"name": "same", "dataset": {"file": "rows.jsonl"}})";
  EXPECT_EQ(call(arguments), kExitBadInput);
  EXPECT_TRUE(contains(err(), "rows.jsonl:4: reward rule \"accuracy\": math: the row has no \"answer\""))
      << err();
  EXPECT_FALSE(fs::exists(folder_ / "refused")) << "nothing is written";
}

TEST_F(SlowTrain, DryRunPrintsDefaultsAndWritesNothing) {
  ASSERT_EQ(call({"train", "recipe.json", "--dry-run", "--set", "stages.zero.steps=5"}), kExitDone) << err();
  const Json resolved = Json::parse(contents(folder_ / "out.txt"));
  EXPECT_EQ(resolved["stages"][0]["steps"], 5);
  EXPECT_EQ(resolved["stages"][0]["epsilon"], 0.2) << "a default is written out";
  EXPECT_FALSE(fs::exists(folder_ / "runs"));
}

}  // namespace
}  // namespace hone
