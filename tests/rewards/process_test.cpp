// The `process` rule against a judge that dies, hangs, lies and floods (judge.py).
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <fstream>
#include <set>
#include <thread>

#include "rewards/process_pool.h"
#include "tests/core/temp_folder.h"
#include "tests/rewards/score_helper.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

const std::string kJudge = source_dir().string() + "/tests/rewards/judge.py";

std::string rule(const std::string& options = "", const std::string& argument = "") {
  return R"([{"rule": "process", "name": "judge", "log_lines": 0, "command": ["python3", ")" + kJudge + "\"" +
         (argument.empty() ? "" : ", \"" + argument + "\"") + "]" + (options.empty() ? "" : ", " + options) +
         "}]";
}

RolloutGroup group_of(const std::vector<std::string>& texts) {
  RolloutGroup group;
  group.prompt.problem = {3, "", {{"answer", 4}}};
  for (const std::string& text : texts) group.rollouts.push_back(rollout_of({text}));
  return group;
}

std::vector<Reward> judged(const std::string& rules, const std::vector<std::string>& texts) {
  return reward_set(rules).score(group_of(texts)).by_rule[0];
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

bool is_running(pid_t pid) { return ::kill(pid, 0) == 0; }

/// Members of a process group that have not ended; zombies that nobody reaps have.
int running_in_group(pid_t group) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream in(entry.path() / "stat");
    std::string text;
    std::getline(in, text);
    std::istringstream after_name(text.substr(std::min(text.size(), text.rfind(')') + 1)));
    char state = 0;
    pid_t parent = 0, of = 0;
    if (after_name >> state >> parent >> of && of == group && state != 'Z') ++count;
  }
  return count;
}

TEST(ProcessRule, AnswersComeBackInOrderFromAllWorkersAndBatches) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < 200; ++i) texts.push_back(std::string(i, 'x'));
  for (const char* options : {"", R"("workers": 3)", R"("workers": 2, "batch": 16)", R"("batch": 1000)"}) {
    const std::vector<Reward> rewards = judged(rule(options), texts);
    ASSERT_EQ(rewards.size(), texts.size());
    for (size_t i = 0; i < rewards.size(); ++i) {
      EXPECT_EQ(rewards[i].error, "");
      EXPECT_EQ(rewards[i].value, double(i));
      EXPECT_EQ(rewards[i].detail["row"]["answer"], 4);
    }
  }
}

TEST(ProcessRule, BatchesAreToldTheirLastRequestAndGroupsAreSeenIfAskedFor) {
  EXPECT_EQ(judged(rule(R"("batch": 3)"), {"left", "left", "left", "left"})[2].value, 0.0);
  const std::vector<Reward> rewards = judged(rule(R"("group": true)"), {"a", "group"});
  EXPECT_EQ(rewards[1].value, 1.0);
  EXPECT_EQ(rewards[1].detail, Json::parse(R"(["a", "group"])"));
}

TEST(ProcessRule, ACrashCostsOneVerdictAndNoOther) {
  for (const char* options : {"", R"("batch": 8)"}) {
    const ScoredGroup scored =
        reward_set(rule(options)).score(group_of({"a", "die", "bb", "segv", "ccc", "close", "dddd", "e"}));
    const std::vector<Reward>& rewards = scored.by_rule[0];
    for (size_t i : {1u, 3u, 5u}) {
      EXPECT_TRUE(has(rewards[i].error, "ended without an answer")) << rewards[i].error;
      EXPECT_FALSE(scored.has_reward(i));
      EXPECT_TRUE(has(scored.errors[i], "judge: the process ended")) << scored.errors[i];
    }
    const std::vector<std::pair<size_t, double>> others{{0, 1}, {2, 2}, {4, 3}, {6, 4}, {7, 1}};
    for (const auto& [i, value] : others) {
      EXPECT_EQ(rewards[i].error, "");
      EXPECT_EQ(rewards[i].value, value);
      EXPECT_TRUE(scored.has_reward(i));
    }
  }
}

TEST(ProcessRule, LateAnswersAreErrorsAndNeverTakenForOthers) {
  const std::vector<Reward> rewards =
      judged(rule(R"("timeout_s": 0.3, "startup_timeout_s": 20)"), {"a", "late", "bb", "hang", "ccc"});
  EXPECT_EQ(rewards[0].value, 1.0);
  EXPECT_EQ(rewards[1].error, "no answer within 0.3 s");
  EXPECT_EQ(rewards[2].value, 2.0) << rewards[2].error;
  EXPECT_EQ(rewards[3].error, "no answer within 0.3 s");
  EXPECT_EQ(rewards[4].value, 3.0) << rewards[4].error;
}

TEST(ProcessRule, MalformedAnswersAreErrorsAtOnce) {
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<Reward> rewards =
      judged(rule(R"("max_answer_bytes": 50000)"),
             {"a", "garbage", "nan", "huge", "error", "twice", "\xFF\xC0 \xED\xA0\x80"});
  EXPECT_EQ(rewards[0].value, 1.0);
  EXPECT_TRUE(has(rewards[1].error, "malformed answer: not JSON: Traceback")) << rewards[1].error;
  EXPECT_TRUE(has(rewards[2].error, "malformed answer: not JSON")) << rewards[2].error;
  EXPECT_TRUE(has(rewards[3].error, "longer than 50000 bytes")) << rewards[3].error;
  EXPECT_EQ(rewards[4].error, "the service is down");
  EXPECT_EQ(rewards[5].value, 2.0) << "the first answer counts";
  EXPECT_EQ(rewards[6].error, "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20))
      << "no time limit was waited for";
}

TEST(ProcessRule, ACommandThatOnlyDiesIsGivenUpWithItsLastWords) {
  const std::vector<Reward> rewards = judged(
      R"([{"rule": "process", "command": ["sh", "-c", "echo no such model >&2; exit 3"], "log_lines": 0,
                  "max_failed_starts": 3, "workers": 2}])",
      std::vector<std::string>(50, "a"));
  size_t given_up = 0;
  for (const Reward& reward : rewards) {
    EXPECT_NE(reward.error, "");
    given_up += has(reward.error, "ended 3 times in a row without an answer: exit status 3") &&
                has(reward.error, "no such model");
  }
  EXPECT_GT(given_up, 40u);
}

TEST(ProcessRule, FloodsOnStandardErrorDoNotBlock) {
  std::vector<std::string> log;
  ProcessPoolOptions options;
  options.command = {"python3", kJudge};
  options.log_lines = 10;
  ProcessPool pool("judge", options, [&](const std::string& line) { log.push_back(line); });
  const Problem problem;
  const Rollout rollout = rollout_of({"noise"});
  const RuleInput input{problem, "", rollout, {&rollout, 1}};
  const auto make = [&](size_t, uint64_t id, size_t left) { return request_line(id, input, left, false); };
  EXPECT_EQ(pool.ask(1, make)[0].value, 5.0);
  ASSERT_EQ(log.size(), 11u);
  EXPECT_TRUE(has(log[0], "reward judge, process 0: line 0 x"));
  EXPECT_TRUE(has(log[10], "more than 10 lines"));
}

TEST(ProcessRule, RequestsLargerThanAPipeDoNotDeadlock) {
  std::vector<std::string> texts(64, std::string(50000, 'x'));
  for (const Reward& reward : judged(rule(R"("batch": 64)"), texts)) EXPECT_EQ(reward.value, 50000.0);
}

TEST(ProcessRule, ProcessesLiveFromStepToStepAndEndWithTheRule) {
  TempFolder folder;
  const std::string starts = (folder.path() / "starts").string();
  std::set<double> pids;
  {
    const RewardSet set = reward_set(rule(R"("workers": 2)", starts));
    for (int step = 0; step < 3; ++step) {
      const ScoredGroup scored = set.score(group_of({"pid", "pid", "pid", "pid"}));
      for (const Reward& r : scored.by_rule[0]) pids.insert(r.value);
    }
    EXPECT_EQ(pids.size(), 2u);
    for (const double pid : pids) EXPECT_TRUE(is_running(pid_t(pid)));
  }
  for (const double pid : pids) EXPECT_FALSE(is_running(pid_t(pid))) << "reaped: not even a zombie is left";
}

TEST(ProcessRule, AHungProcessIsKilledWithItsChildren) {
  TempFolder folder;
  const std::string starts = (folder.path() / "starts").string();
  EXPECT_NE(judged(rule(R"("timeout_s": 0.5, "startup_timeout_s": 1)", starts), {"fork and hang"})[0].error,
            "");
  std::ifstream in(starts);
  for (pid_t pid; in >> pid;) {
    EXPECT_FALSE(is_running(pid));
    for (int i = 0; i < 500 && running_in_group(pid) > 0; ++i)  // the signal was sent; it takes its time
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(running_in_group(pid), 0) << "its `sleep 1000` runs on";
  }
}

TEST(ProcessRule, AGateOnAMissingVerdictHasNone) {
  const std::string rules = rule();
  const RewardSet set = reward_set(rules.substr(0, rules.size() - 1) +
                                   R"(, {"rule": "pattern", "pattern": "e", "gate": "judge"}])");
  const ScoredGroup scored = set.score(group_of({"error", "e"}));
  EXPECT_EQ(scored.by_rule[1][0].error, "its gate \"judge\" has no verdict");
  EXPECT_EQ(scored.rewards[1], 2.0);
  EXPECT_EQ(scored.errors, (std::vector<std::string>{"judge: the service is down", ""}));
}

TEST(ProcessRule, OptionsAreChecked) {
  EXPECT_THROW(reward_set(R"([{"rule": "process"}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "process", "command": []}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "process", "command": "python3 judge.py"}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "process", "command": ["no-such-program-here"]}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "process", "command": ["cat"], "workers": 0}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "process", "command": ["cat"], "timeout_s": 0}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "process", "command": ["cat"], "timeout": 3}])"), InputError);
}

}  // namespace
}  // namespace hone
