// Completions (and golds) that have hung, crashed or exhausted graders: towers of powers, deep nests, megabytes of one character,
// bytes that are no text, long lists and sums. The test says that each gets its verdict, the bench how soon.
#pragma once

#include <string>
#include <vector>

#include "tests/golds/math_pairs.h"

namespace hone {

struct HostileInput {
  std::string name;
  std::string gold;
  std::string completion;
  Expected expected = Expected::kDifferent;  // kUnknown: either verdict will do
};

std::vector<HostileInput> hostile_inputs();

}  // namespace hone
