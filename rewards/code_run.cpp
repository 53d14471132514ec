#include "rewards/code_run.h"

#include "core/document.h"
#include "rewards/code_call.h"
#include "rewards/memory_file.h"

namespace hone {
namespace {

constexpr int64_t kCompilerMemoryMb = 2048, kCompilerDiskMb = 256, kCompilerProcesses = 16;

struct Compiled {
  Descriptor program;  // a memory file; not open if it failed
  std::string errors;
};

Compiled compile(Sandbox& sandbox, std::string_view source, const JudgeOptions& options,
                 const std::stop_token& stop) {
  const Descriptor text = memory_file(source);
  const SandboxProgram compiler{.argv = {kCompiler, "-O2", "-w", "-std=" + options.cpp_standard, "-pipe",
                                         "-fmax-errors=5", "-o", "/tmp/program", "/tmp/solution.cpp"},
                                .file = text.get(),
                                .as_source = true,
                                .collect = true};
  SandboxResult result = sandbox.run(compiler, "",
                                     {.cpu_seconds = options.compile_seconds,
                                      .wall_seconds = 3 * options.compile_seconds,
                                      .memory_mb = kCompilerMemoryMb,
                                      .output_mb = kCompilerDiskMb / 4,
                                      .disk_mb = kCompilerDiskMb,
                                      .processes = kCompilerProcesses},
                                     stop);
  if (result.ok() && result.collected.is_open()) return {std::move(result.collected), ""};
  if (result.end == SandboxEnd::kCpuTime || result.end == SandboxEnd::kWallTime)
    return {Descriptor(), concat("the compiler was stopped after ", options.compile_seconds, " s")};
  return {Descriptor(),
          result.errors.empty() ? "the compiler failed without a message" : std::move(result.errors)};
}

/// Python and the C++ library say so before they end; there is no other sign of it.
bool out_of_memory(const SandboxResult& result) {
  constexpr size_t kTail = 400;
  const std::string_view errors = result.errors;
  const std::string_view tail = errors.substr(errors.size() > kTail ? errors.size() - kTail : 0);
  return tail.find("MemoryError") != std::string_view::npos ||
         tail.find("std::bad_alloc") != std::string_view::npos;
}

TestStatus judge(const SandboxResult& result, const CodeTest& test, bool call,
                 const CompareOptions& compare) {
  switch (result.end) {
    case SandboxEnd::kCpuTime:
    case SandboxEnd::kWallTime:
      return TestStatus::kTime;
    case SandboxEnd::kOutputLimit:
      return TestStatus::kOutputLimit;
    case SandboxEnd::kSignal:
      return out_of_memory(result) ? TestStatus::kMemory : TestStatus::kRuntimeError;
    case SandboxEnd::kExited:
      break;
  }
  if (result.status != 0) return out_of_memory(result) ? TestStatus::kMemory : TestStatus::kRuntimeError;
  if (!call)
    return same_output(result.output, test.output, compare) ? TestStatus::kPassed : TestStatus::kWrong;
  if (result.result.empty()) return TestStatus::kNoResult;
  const std::optional<Json> value = parse_value(result.result);
  return value && same_value(*value, test.value, compare) ? TestStatus::kPassed : TestStatus::kWrong;
}

}  // namespace

const char* to_string(TestStatus status) {
  switch (status) {
    case TestStatus::kPassed:
      return "passed";
    case TestStatus::kWrong:
      return "wrong";
    case TestStatus::kTime:
      return "time";
    case TestStatus::kMemory:
      return "memory";
    case TestStatus::kRuntimeError:
      return "runtime_error";
    case TestStatus::kOutputLimit:
      return "output_limit";
    case TestStatus::kNoResult:
      return "no_result";
    case TestStatus::kNotRun:
      return "not_run";
  }
  return "?";
}

ProgramJudgement judge_program(Sandbox& sandbox, Language language, std::string_view source,
                               const CodeTests& tests, const JudgeOptions& options,
                               const std::stop_token& stop) {
  ProgramJudgement judgement;
  const bool call = !tests.function.empty();
  SandboxProgram program{.kind = SandboxKind::kPython, .call = call};
  Descriptor file;
  if (language == Language::kCpp) {
    Compiled compiled = compile(
        sandbox, call ? cpp_call_program(source, tests.function) : std::string(source), options, stop);
    judgement.compiled = compiled.program.is_open();
    judgement.compile_errors = std::move(compiled.errors);
    program = {.argv = {""}, .call = call};
    file = std::move(compiled.program);
  } else {
    file = memory_file(source);
  }
  judgement.statuses.assign(tests.tests.size(), TestStatus::kNotRun);
  if (!judgement.compiled) return judgement;
  program.file = file.get();
  int64_t timeouts = 0;
  bool failed = false;
  for (size_t i = 0; i < tests.tests.size(); ++i) {
    SandboxResult result = sandbox.run(program, tests.tests[i].input, options.limits, stop);
    const TestStatus status = judge(result, tests.tests[i], call, options.compare);
    judgement.statuses[i] = status;
    if (status == TestStatus::kPassed) {
      ++judgement.passed;
      continue;
    }
    if (!failed) {
      const int exit_status = result.end == SandboxEnd::kSignal ? -result.status : result.status;
      judgement.first_failure = {i, exit_status, std::move(call ? result.result : result.output),
                                 std::move(result.errors)};
    }
    failed = true;
    if (options.stop_at_failure || (status == TestStatus::kTime && ++timeouts >= options.max_timeouts)) break;
  }
  return judgement;
}

}  // namespace hone
