// Compiles a program and puts it to its tests in the sandbox. What is expected never enters the sandbox.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rewards/code_block.h"
#include "rewards/code_tests.h"
#include "rewards/sandbox.h"

namespace hone {

enum class TestStatus {
  kPassed,
  kWrong,         // ended well with another output or value
  kTime,          // processor time, or asleep for too long
  kMemory,        // said that it could not have more
  kRuntimeError,  // exit status other than 0, or a signal
  kOutputLimit,
  kNoResult,  // a call: ended well, but without a value
  kNotRun,    // after the failure that decided
};
const char* to_string(TestStatus status);  // "passed", "wrong", "time", ...

struct JudgeOptions {
  SandboxLimits limits;
  double compile_seconds = 30;  // of processor time, for the compiler
  std::string cpp_standard = "gnu++17";
  bool stop_at_failure = true;  // the tests after the first failure are not run
  int64_t max_timeouts = 3;     // as many tests that run out of time end the judging
  CompareOptions compare;
};

struct TestFailure {
  size_t test = 0;             // index
  int exit_status = 0;         // of a runtime error, negative: the signal
  std::string output, errors;  // what it wrote, or the call's value as it came
};

struct ProgramJudgement {
  bool compiled = true;
  std::string compile_errors;        // if not
  std::vector<TestStatus> statuses;  // [tests]
  size_t passed = 0;
  TestFailure first_failure;  // if passed < tests
};

/// SandboxError if something other than the program is to blame that there is no judgement, Interrupted when asked to stop.
ProgramJudgement judge_program(Sandbox& sandbox, Language language, std::string_view source,
                               const CodeTests& tests, const JudgeOptions& options,
                               const std::stop_token& stop = {});

}  // namespace hone
