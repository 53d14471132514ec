// Is an arithmetic expression a solution of a countdown problem? Exact, own grammar, bounded; nothing is ever evaluated by an
// interpreter.
//
//   answer := sum [ '=' ['-'] number ]             the part after '=' must be the target
//   sum    := product (('+' | '-') product)*
//   product:= factor (('*' | '/') factor)*         also U+00D7, U+00B7, U+00F7, U+2212, x, \times, \cdot, \div
//   factor := '-' factor | number | '(' sum ')' | '[' sum ']' | \frac{sum}{sum}
//   number := digits                               no point, no leading zero, at most 18
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rewards/rational.h"
#include "rewards/rule.h"

namespace hone {

struct CountdownProblem {
  std::vector<int64_t> numbers;
  int64_t target = 0;
  std::string operators = "+-*/";  // those that may be used; a unary minus is a '-'
  bool use_all = true;             // every number exactly once; false: at most once
};

struct CountdownVerdict {
  Verdict verdict = Verdict::kWrong;
  std::string reason;  // "3 is used 2 times, given 1", "the value is 23, the target 24"; empty if correct
};

inline constexpr size_t kMaxCountdownAnswer = 1024;  // bytes
inline constexpr int kMaxCountdownDepth = 64;        // brackets and signs within each other

CountdownVerdict judge_countdown(std::string_view answer, const CountdownProblem& problem);

}  // namespace hone
