// The `process` rule: a judge in any language, as processes that read JSON lines and answer JSON lines
// (process_protocol.h says which; docs/reward_rules.md has an example).
//   {"rule": "process", "command": ["python3", "judge.py"], "workers": 2, "batch": 16, "timeout_s": 30}
// Late, lost and malformed answers are rewards with an `error`: the recipe says what becomes of them.
#include <cstdio>
#include <mutex>

#include "rewards/process_pool.h"
#include "rewards/rules.h"

namespace hone {
namespace {

void to_stderr(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

class ProcessRule : public Rule {
 public:
  ProcessRule(std::string name, ProcessPoolOptions options, bool with_group)
      : pool_(std::move(name), std::move(options), to_stderr), with_group_(with_group) {}

  /// Answers take their time, so the whole step is asked at once: the calling thread alone waits for all
  /// processes, and the threads of the pool that other rules share are not spent on it.
  bool batched() const override { return true; }

  std::vector<Reward> score_all(std::span<const RuleInput> inputs) const override {
    return pool_.ask(
        inputs.size(),
        [&](size_t i, uint64_t id, size_t left) { return request_line(id, inputs[i], left, with_group_); },
        inputs.empty() ? std::stop_token() : inputs[0].stop);
  }

  Reward score(const RuleInput& input) const override { return std::move(score_all({&input, 1}).front()); }

 private:
  mutable ProcessPool pool_;  // its calls are serialised
  bool with_group_;
};

}  // namespace

std::unique_ptr<Rule> make_process_rule(Fields fields) {
  ProcessPoolOptions options;
  options.command = fields.require<std::vector<std::string>>("command");
  options.folder = fields.folder();
  if (options.command.empty() || options.command[0].empty())
    throw fields.error("command", "is empty, expected a program and its arguments");
  if (find_program(options.command[0], options.folder).empty())
    throw fields.error("command", "no program \"" + options.command[0] + "\" " +
                                      (options.command[0].find('/') == std::string::npos
                                           ? "in PATH"
                                           : "beside the file that names it (it runs in that folder)"));
  options.workers = fields.get("workers", options.workers, between(1, 256));
  options.batch = fields.get("batch", options.batch, between(1, 65536));
  options.timeout_s = fields.get("timeout_s", options.timeout_s, Range{0, 86400, true});
  options.startup_timeout_s = fields.get("startup_timeout_s", options.startup_timeout_s, between(0, 86400));
  options.max_failed_starts = fields.get("max_failed_starts", options.max_failed_starts, between(1, 100));
  options.max_answer_bytes = fields.get("max_answer_bytes", options.max_answer_bytes, between(64, 1 << 30));
  options.log_lines = fields.get("log_lines", options.log_lines, at_least(0));
  const bool with_group = fields.get("group", false);
  const std::string name = fields.get<std::string>("name", "process");
  return std::make_unique<ProcessRule>(name, std::move(options), with_group);
}

}  // namespace hone
