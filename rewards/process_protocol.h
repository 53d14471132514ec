// What hone and a judging process say to each other: a JSON line for every completion on the process's
// standard input, a JSON line for every verdict on its standard output, in any order.
//   request: {"id": 7, "prompt": "...", "completion": "...", "row": {...}, "problem": 12,
//             "finish_reason": "stop", "num_tokens": 81, "earlier": {"format": 1.0}, "left": 3,
//             "group": ["...", ...], "index": 2}
//            "left": requests of this batch that are still to come; "group" (all completions of the prompt)
//            and "index" (which of them this is) only if the rule asks for them
//   answer:  {"id": 7, "value": 0.5, "detail": ...}      a verdict; "detail" may be any JSON, or absent
//            {"id": 7, "error": "the service is down"}   no verdict
// Functions over bytes: what a process sends is never trusted, and nothing here waits, throws or grows
// without bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/types.h"
#include "rewards/rule.h"

namespace hone {

/// A request with its newline. Bytes that are not UTF-8 become U+FFFD.
std::string request_line(uint64_t id, const RuleInput& input, size_t left, bool with_group);

/// What one line of a process's output says.
struct ProcessAnswer {
  std::optional<uint64_t> id;  // nothing: it can't be told which request the line is about
  Reward reward;               // with `error` if the line is malformed or says so itself
  bool malformed = false;
};
ProcessAnswer parse_answer(std::string_view line);

/// Cuts a stream of bytes into answers, wherever its pieces are cut.
class AnswerReader {
 public:
  /// A longer line is a malformed answer; what follows up to its end is skipped, not kept.
  explicit AnswerReader(size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  /// The answers that these bytes complete; blank lines are none.
  std::vector<ProcessAnswer> feed(std::string_view bytes);
  size_t kept_bytes() const { return line_.size(); }  // of a line that is not complete

 private:
  size_t max_line_bytes_;
  std::string line_;
  bool skipping_ = false;
};

}  // namespace hone
