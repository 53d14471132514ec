// Asked to stop, rules give up at once: nothing that they have started is left, and they can be asked again.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <thread>

#include "core/files.h"
#include "core/interrupted.h"
#include "tests/core/temp_folder.h"
#include "tests/rewards/code_helper.h"
#include "tests/rewards/process_census.h"

namespace hone {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr double kAtOnce = 2;  // seconds that giving up may take on a busy machine

std::vector<RolloutGroup> groups_of(const std::string& text, const Json& row, size_t count) {
  RolloutGroup group;
  group.prompt.problem.row = row;
  group.rollouts.assign(count, rollout_of({text}));
  return {group};
}

/// Seconds from the request, made when `ready` says so, to Interrupted; -1 if the rules came to an end instead.
double seconds_to_stop(const RewardSet& rules, std::vector<RolloutGroup> groups,
                       const std::function<bool()>& ready) {
  std::stop_source source;
  steady_clock::time_point asked{};
  std::jthread stopper([&](std::stop_token ended) {
    while (!ready() && !ended.stop_requested()) std::this_thread::sleep_for(milliseconds(5));
    asked = steady_clock::now();
    source.request_stop();
  });
  try {
    rules.score(std::move(groups), source.get_token());
  } catch (const Interrupted&) {
    stopper.join();
    return std::chrono::duration<double>(steady_clock::now() - asked).count();
  }
  return -1;
}

/// True from `wait` on.
std::function<bool()> after(milliseconds wait) {
  return [end = steady_clock::now() + wait] { return steady_clock::now() >= end; };
}

class StoppedProcessRule : public testing::Test {
 protected:
  /// Judges that leave their ids, and are slow while the file "slow" is there.
  StoppedProcessRule() {
    write_file(folder_.path() / "judge.py",
               "import json, os, subprocess, sys, time\n"
               "open('pid%d' % os.getpid(), 'w')\n"
               "for line in sys.stdin:\n"
               "    if os.path.exists('slow'):\n"
               "        child = subprocess.Popen(['sleep', '600'])\n"
               "        open('pid%d' % child.pid, 'w')\n"
               "        time.sleep(600)\n"
               "    print(json.dumps({'id': json.loads(line)['id'], 'value': 0.5}), flush=True)\n");
  }

  RewardSet rules() const {
    const Document document = parse_document(
        (folder_.path() / "r.json").string(),
        R"({"rewards": [{"rule": "process", "command": ["python3", "judge.py"], "workers": 3, "log_lines": 0}]})");
    return RewardSet(Fields(document).children("rewards"));
  }

  std::vector<pid_t> started() const {
    std::vector<pid_t> pids;
    for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename();
      if (name.starts_with("pid")) pids.push_back(std::stoi(name.substr(3)));
    }
    return pids;
  }

  TempFolder folder_;
};

/// Whether it runs; a child of a process that is gone may be a zombie until the system reaps it.
bool runs(pid_t pid) {
  std::error_code none;
  if (!std::filesystem::exists("/proc/" + std::to_string(pid), none)) return false;
  try {
    const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
    return stat.substr(stat.rfind(')') + 2, 1) != "Z";
  } catch (const Error&) {
    return false;
  }
}

/// What has been killed is gone in a moment.
bool ends(pid_t pid) {
  const auto gone = after(milliseconds(2000));
  while (runs(pid) && !gone()) std::this_thread::sleep_for(milliseconds(5));
  return !runs(pid);
}

TEST_F(StoppedProcessRule, IsKilledWithItsChildrenAndCanBeAskedAgain) {
  const RewardSet rewards = rules();
  write_file(folder_.path() / "slow", "");
  const double seconds =
      seconds_to_stop(rewards, groups_of("x", {}, 8), [&] { return started().size() >= 6; });
  EXPECT_GE(seconds, 0) << "the judge is slow, so the stop comes first";
  EXPECT_LT(seconds, kAtOnce);
  for (const pid_t pid : started()) EXPECT_TRUE(ends(pid)) << pid;
  std::filesystem::remove(folder_.path() / "slow");
  const std::vector<ScoredGroup> scored = rewards.score(groups_of("x", {}, 8));
  for (const double reward : scored[0].rewards) EXPECT_EQ(reward, 0.5);
}

TEST(StoppedRules, AreNotAskedOnceStopIsRequested) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(reward_set(R"([{"rule": "format"}])").score(groups_of("x", {}, 4), source.get_token()),
               Interrupted);
  EXPECT_THROW(reward_set(R"([{"rule": "format"}])").score({}, source.get_token()), Interrupted);
}

TEST(StoppedRules, ATokenThatIsNotUsedChangesNothing) {
  std::stop_source source;
  const RewardSet rewards = reward_set(R"([{"rule": "reasoning_steps"}])");
  const auto with = rewards.score(groups_of("- a\n- b", {}, 3), source.get_token());
  const auto without = rewards.score(groups_of("- a\n- b", {}, 3));
  EXPECT_EQ(with[0].rewards, without[0].rewards);
  EXPECT_GT(with[0].rewards[0], 0);
}

TEST(StoppedCodeRule, LeavesNoProcessAndCanBeAskedAgain) {
  HONE_NEEDS_SANDBOX();
  const RewardSet rewards = reward_set(R"([{"rule": "code", "time_limit": 60, "processes": 8}])");
  const Json row = {{"tests", R"({"inputs": [""], "outputs": ["1\n"]})"}};
  const std::string busy = "import os\nfor i in range(3): os.fork()\nwhile True: pass";
  const size_t before = ProcessCensus::count();
  for (const std::string& slow : {busy, std::string("import time\ntime.sleep(100)")}) {
    // More than there are cores, so that some wait for a slot.
    const double seconds =
        seconds_to_stop(rewards, groups_of(fenced("python", slow), row, 12), after(milliseconds(700)));
    EXPECT_GE(seconds, 0);
    EXPECT_LT(seconds, kAtOnce);
    EXPECT_LE(ProcessCensus::count(), before) << "boxes at work are gone with all that was in them";
  }
  const std::string compiles = "#include <bits/stdc++.h>\n#include <regex>\nint main() { while (true) {} }";
  EXPECT_GE(seconds_to_stop(rewards, groups_of(fenced("cpp", compiles), row, 3), after(milliseconds(300))),
            0);
  const std::vector<ScoredGroup> scored = rewards.score(groups_of(fenced("python", "print(1)"), row, 3));
  for (size_t g = 0; g < 3; ++g) {
    EXPECT_EQ(scored[0].rewards[g], 1) << scored[0].by_rule[0][g].detail << scored[0].by_rule[0][g].error;
  }
}

}  // namespace
}  // namespace hone
