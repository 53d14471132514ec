// The core of `hone score`: JSON lines in, the same lines with "rewards", "reward" and "detail" out, in input order.
//   in:  {"completion": "...", "answer": ..., "prompt"?, "finish_reason"?, "ids"?, "group"?, ...}
//   out: the same with "rewards": {name: value}, "reward": weighted sum, "detail": {name: {...}}
// Where a rule came to no verdict, its value and "reward" are null and its detail says why in "error".
// The line is the row that the rules see. Neighbouring lines with the same "group" are one group, else a line is its own.
#pragma once

#include <functional>
#include <iosfwd>
#include <stop_token>
#include <string>

#include "rewards/check_rows.h"

namespace hone {

struct ScoreOptions {
  std::string file = "<stdin>";  // for messages
  int threads = 0;               // 0: all cores. The output does not depend on it
  size_t batch_lines = 4096;     // lines scored at a time; a group is never split
  std::stop_token stop = {};     // Interrupted when asked to stop; the batches before are written
  std::function<void(bool)> waiting = [](bool) {
  };  // told when reading begins, which nothing can stop, and when it ends
};

struct ScoreSummary {
  size_t lines = 0;
  double reward_sum = 0;          // over the lines that have a reward
  size_t errors = 0;              // lines without one: a rule could not come to a verdict
  std::string first_error;        // the first of them: file, line, rule and reason
  std::vector<GoldReport> golds;  // of the rules that can't understand some gold answers
};

/// Blank lines are dropped. A bad line is an InputError with its number, after the lines before it have been written.
ScoreSummary score_lines(std::istream& in, std::ostream& out, const RewardSet& rewards,
                         const ScoreOptions& options);

/// SPEC of the command line: a rule's name ("math"), a JSON text or file with {"rewards": [...]}, one rule or a list of rules,
/// or a recipe (`stage` says whose rewards; default: the last stage that has some).
RewardSet load_reward_spec(const std::string& spec, const std::string& stage = "");

}  // namespace hone
