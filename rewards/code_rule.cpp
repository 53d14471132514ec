// The `code` rule: a program in the completion, run against the row's tests in a sandbox. docs/code_rule.md.
//   {"rule": "code"}                                                     1 if all tests pass, else 0
//   {"rule": "code", "score": "fraction", "language": "python", "time_limit": 4, "compare": "tokens",
//   "tolerance": 1e-6}
#include <algorithm>

#include "rewards/code_block.h"
#include "rewards/code_run.h"
#include "rewards/code_tests.h"
#include "rewards/rules.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kShown = 300;  // bytes of a program's output in the detail

struct CodeRuleOptions {
  std::string field = "tests";  // of the row
  bool fraction = false;        // "score": "fraction" pays passed / tests, "all" pays 1 if all pass
  double wrong = 0.0;           // paid by "all" for a program that fails
  JudgeOptions judge;
  ProgramOptions program;
};

/// The end of a program's messages, where the reason stands.
std::string tail(const std::string& text) {
  const std::string_view trimmed = trim(text);
  return excerpt(trimmed.substr(trimmed.size() > kShown ? trimmed.size() - kShown : 0), kShown);
}

Json describe_failure(const ProgramJudgement& judgement, const CodeTests& tests) {
  const TestFailure& failure = judgement.first_failure;
  const TestStatus status = judgement.statuses[failure.test];
  const CodeTest& test = tests.tests[failure.test];
  Json detail = {{"test", failure.test}, {"status", to_string(status)}};
  if (status == TestStatus::kRuntimeError) {
    detail[failure.exit_status < 0 ? "signal" : "exit_status"] = std::abs(failure.exit_status);
  }
  if (status == TestStatus::kWrong) {
    detail["output"] = excerpt(failure.output, kShown);
    detail["expected"] = excerpt(tests.function.empty() ? test.output : test.value.dump(), kShown);
  }
  if (!trim(failure.errors).empty()) detail["errors"] = tail(failure.errors);
  return detail;
}

class CodeRule : public Rule {
 public:
  CodeRule(CodeRuleOptions options, std::shared_ptr<Sandbox> sandbox)
      : options_(std::move(options)), sandbox_(std::move(sandbox)) {}

  Reward score(const RuleInput& input) const override {
    const CodeTests tests = read_tests(input.problem.row, options_.field);
    Reward reward{0.0, Json::object()};
    const FoundProgram program = find_program(input, options_.program);
    if (!program.missing.empty()) {
      reward.detail = {{"verdict", to_string(Verdict::kNoAnswer)}, {"missing", program.missing}};
      return reward;
    }
    const auto begin = static_cast<size_t>(program.text.data() - input.rollout.text.data());
    reward.detail = {{"language", to_string(program.language)}, {"at", {begin, begin + program.text.size()}}};
    try {
      pay(judge_program(*sandbox_, program.language, program.text, tests, options_.judge, input.stop), tests,
          reward);
    } catch (const SandboxError& e) {
      // Ours, not the program's: an error is no verdict, and is not 0.
      reward.error = e.what();
      reward.detail["verdict"] = "error";
    }
    return reward;
  }

  void check_row(const Json& row) const override { (void)read_tests(row, options_.field); }

 private:
  void pay(const ProgramJudgement& judgement, const CodeTests& tests, Reward& reward_) const {
    const size_t count = tests.tests.size();
    const bool all = judgement.passed == count;
    const auto share = static_cast<double>(judgement.passed) / static_cast<double>(count);
    reward_.value = all ? 1.0 : options_.fraction ? share : options_.wrong;
    reward_.detail["passed"] = judgement.passed;
    reward_.detail["tests"] = count;
    if (!judgement.compiled) {
      reward_.detail["verdict"] = "compile_error";
      reward_.detail["errors"] = excerpt(judgement.compile_errors, 2 * kShown);
      return;
    }
    reward_.detail["verdict"] = to_string(all ? Verdict::kCorrect : Verdict::kWrong);
    for (const TestStatus status : judgement.statuses) reward_.detail["status"].push_back(to_string(status));
    if (!all) reward_.detail["failure"] = describe_failure(judgement, tests);
  }

  CodeRuleOptions options_;
  std::shared_ptr<Sandbox> sandbox_;
};

void read_limits(Fields& fields, JudgeOptions& judge) {
  SandboxLimits& limits = judge.limits;
  limits.cpu_seconds = fields.get("time_limit", limits.cpu_seconds, between(0.01, 3600));
  limits.wall_seconds = fields.get("wall_limit", 3 * limits.cpu_seconds, between(0.01, 36000));
  if (limits.wall_seconds < limits.cpu_seconds)
    throw fields.error("wall_limit", concat("got ", limits.wall_seconds,
                                            ", expected at least the time_limit, ", limits.cpu_seconds));
  limits.memory_mb = fields.get("memory_mb", limits.memory_mb, between(64, 1 << 20));
  limits.output_mb = fields.get("output_mb", limits.output_mb, between(1, 1024));
  limits.disk_mb = fields.get("disk_mb", limits.disk_mb, between(1, 1 << 16));
  limits.processes = fields.get("processes", limits.processes, between(1, 256));
  judge.compile_seconds = fields.get("compile_limit", judge.compile_seconds, between(1, 600));
}

/// Isolation is there before the first completion is, or the recipe is refused with what is missing.
std::shared_ptr<Sandbox> prepare_sandbox(const Fields& fields, const std::optional<Language>& only) {
  std::shared_ptr<Sandbox> sandbox = Sandbox::shared();
  try {
    if (only != Language::kCpp) sandbox->require(SandboxKind::kPython);
    if (only != Language::kPython) sandbox->require_compiler();
  } catch (const SandboxError& e) {
    throw fields.error("rule", concat("code needs isolation, and there is none to be had here: ", e.what()));
  }
  return sandbox;
}

}  // namespace

std::unique_ptr<Rule> make_code_rule(Fields fields) {
  CodeRuleOptions options;
  JudgeOptions& judge = options.judge;
  options.field = fields.get("field", options.field);
  options.fraction = fields.one_of("score", "all", {"all", "fraction"}) == "fraction";
  options.wrong = fields.get("wrong", options.wrong);
  judge.stop_at_failure = !options.fraction;
  judge.max_timeouts = fields.get("max_timeouts", judge.max_timeouts, at_least(1));
  judge.cpp_standard =
      fields.one_of("cpp_standard", judge.cpp_standard,
                    {"gnu++11", "gnu++14", "gnu++17", "gnu++20", "c++11", "c++14", "c++17", "c++20"});
  judge.compare.tokens = fields.one_of("compare", "lines", {"lines", "tokens"}) == "tokens";
  judge.compare.tolerance = fields.get("tolerance", judge.compare.tolerance, between(0, 1));
  judge.compare.unwrap = fields.get("unwrap_outputs", judge.compare.unwrap);
  read_limits(fields, judge);
  options.program = ProgramOptions::read(fields);
  std::shared_ptr<Sandbox> sandbox = prepare_sandbox(fields, options.program.language);
  return std::make_unique<CodeRule>(std::move(options), std::move(sandbox));
}

}  // namespace hone
