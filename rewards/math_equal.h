// Is an answer equal to the gold answer? Lists in any order, tuples in theirs, intervals with their ends, equations up to a factor,
// words as words; scalars by math_scalar.h. Deliberate strictness and leniency: docs/rewards.md.
#pragma once

#include <string>
#include <string_view>

#include "rewards/math_scalar.h"
#include "rewards/rule.h"

namespace hone {

enum class UnitPolicy {
  kCompatible,  // may be missing; known ones of one quantity must not differ (cm and inches)
  kIgnore,      // not looked at
  kRequire,     // the gold's unit must be there
};

struct MathOptions {
  ScalarOptions scalar;
  UnitPolicy units = UnitPolicy::kCompatible;
  bool percent_is_fraction = true;  // 27 % is 0.27; false: the sign is a unit, 27 % is 27
  bool unordered_tuples = false;    // (1, 2) is (2, 1)
  bool base_required = true;        // 204_5 is not 204
};

struct MathVerdict {
  Verdict verdict = Verdict::kWrong;
  std::string reason;  // "the answer is not mathematics: ...", "equal as text", ...
};

/// Compares two texts. An unparsable gold pays only if the texts are the same letter for letter, spacing aside.
MathVerdict compare_math(std::string_view gold, std::string_view answer, const MathOptions& options);

/// "" if the gold can be parsed, else why not; for data sets when they are loaded.
std::string gold_problem(std::string_view gold);

}  // namespace hone
