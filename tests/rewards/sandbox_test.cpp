// The pool and its boxes: what is ours is an error, never a verdict; load and lost boxes change no result.
#include "rewards/sandbox.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "rewards/memory_file.h"
#include "tests/rewards/code_helper.h"
#include "tests/rewards/process_census.h"

namespace hone {
namespace {

class SandboxPool : public testing::Test {
 protected:
  void SetUp() override { HONE_NEEDS_SANDBOX(); }
};
class SlowSandboxPool : public SandboxPool {};

SandboxResult run_python(Sandbox& sandbox, const std::string& text, std::string_view input = "",
                         const SandboxLimits& limits = {}) {
  const Descriptor file = memory_file(text);
  return sandbox.run({.kind = SandboxKind::kPython, .file = file.get()}, input, limits);
}

TEST_F(SandboxPool, WhatCannotBeStartedIsAnErrorAndNoVerdict) {
  Sandbox sandbox(1);
  try {
    sandbox.run({.argv = {"/usr/bin/no-such-compiler"}}, "", {});
    FAIL() << "no error";
  } catch (const SandboxError& e) {
    EXPECT_EQ(std::string(e.what()), "the program could not be started: exec: No such file or directory");
  }
  const SandboxResult after = sandbox.run({.argv = {"/usr/bin/true"}}, "", {});
  EXPECT_TRUE(after.ok());
}

TEST_F(SandboxPool, SignalsThatAreBlockedOrIgnoredHereAreNeitherInABox) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&blocked, signal);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto old = ::signal(SIGUSR1, SIG_IGN);
  {
    Sandbox sandbox(1);  // its threads inherit what is blocked
    for (const int signal : {SIGTERM, SIGUSR1}) {
      const SandboxResult result = run_python(
          sandbox, "import os\nos.kill(os.getpid(), " + std::to_string(signal) + ")\nprint('alive')");
      EXPECT_EQ(result.end, SandboxEnd::kSignal) << result.output;
      EXPECT_EQ(result.status, signal);
    }
  }
  ::signal(SIGUSR1, old);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_F(SandboxPool, MoreCallersThanSlotsWaitForTheirTurn) {
  Sandbox sandbox(2);
  std::atomic<int> right = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 12; ++caller) {
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 4; ++i) {
        const std::string text = std::to_string(100 * caller + i);
        right += run_python(sandbox, "print(input())", text).output == text + "\n";
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 48);
}

TEST_F(SandboxPool, ABoxThatIsKilledIsReplacedAndTheProgramTriedAgain) {
  const std::set<pid_t> others = ProcessCensus::children();
  Sandbox sandbox(1);
  sandbox.require(SandboxKind::kPython);
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    for (const pid_t child : ProcessCensus::children())
      if (others.count(child) == 0) ::kill(child, SIGKILL);  // the box that runs the program by now
  });
  const SandboxResult result = run_python(sandbox, "import time\ntime.sleep(1)\nprint('done')");
  killer.join();
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.output, "done\n");
}

TEST_F(SandboxPool, NothingIsLeftOfABox) {
  const size_t before = ProcessCensus::count();
  {
    Sandbox sandbox(2);
    sandbox.require(SandboxKind::kPython);
    sandbox.require(SandboxKind::kNative);
    EXPECT_GT(ProcessCensus::count(), before);
  }
  EXPECT_EQ(ProcessCensus::count(), before);
}

TEST_F(SlowSandboxPool, ALoadedMachineTurnsNoRightProgramIntoAWrongOne) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> load;
  for (unsigned i = 0; i < 4 * std::thread::hardware_concurrency(); ++i) {
    load.emplace_back([&] {
      while (!stop) {
      }
    });
  }
  Sandbox sandbox(1);
  // Needs 0.8 s of a core and gets a fifth of one: 4 s by the clock, with a wall limit of 1.5 s.
  const SandboxResult works =
      run_python(sandbox, "import time\nwhile time.process_time() < 0.8: pass\nprint('done')", "",
                 {.cpu_seconds = 1, .wall_seconds = 1.5});
  const SandboxResult sleeps =
      run_python(sandbox, "import time\ntime.sleep(60)", "", {.cpu_seconds = 1, .wall_seconds = 1.5});
  stop = true;
  for (std::thread& thread : load) thread.join();
  EXPECT_TRUE(works.ok());
  EXPECT_EQ(works.output, "done\n");
  EXPECT_EQ(sleeps.end, SandboxEnd::kWallTime);
}

}  // namespace
}  // namespace hone
