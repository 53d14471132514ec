// The search that countdown's demonstrations write down, in one canonical order, so that a policy can learn
// where it stands: first choices are the pairs of numbers in the order of the prompt, each with the operators
// in order; under each, the result with the numbers that are left, again in order. `try 3 * 5 = 15 15 + 9 =
// 24 yes`.
#pragma once

#include <string>

#include "core/types.h"
#include "datasets/countdown_problems.h"
#include "datasets/trace_writer.h"

namespace hone {

struct SearchProblem {
  std::vector<int> numbers;  // in the order of the prompt
  int target = 0;
  std::string operators;
};

/// Writes the search until a hit or until the writer gives up; then the answer. With `unchecked_blocks` > 0
/// no verdict is written, and the last leaf of that many blocks is the answer, whatever it is.
std::string write_search(const SearchProblem& problem, int unchecked_blocks, TraceWriter& writer);

/// The complete search in the prompt's language; its answer is right. `problem` is one of countdown's.
std::string ideal_trace(const Problem& problem);

}  // namespace hone
