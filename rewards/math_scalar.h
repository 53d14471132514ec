// Are two scalars the same number, or the same function of their symbols? Tiers from cheap to dear: fractions, sums of surds, fractions
// of any size, values in prime fields, interval arithmetic.
#pragma once

#include "rewards/math_ball.h"
#include "rewards/math_expr.h"

namespace hone {

enum class Equality { kEqual, kDifferent, kUndecided, kOverBudget };

struct ScalarOptions {
  /// A decimal equals an exact value if it is that value correctly rounded and has at least this many significant digits; 0: never.
  int rounded_digits = 3;
};

/// Neither may hold lists, text or relations. `spent` is raised by what interval arithmetic cost, as in compare_balls().
Equality compare_scalars(const Side& a, const Side& b, const ScalarOptions& options,
                         int64_t* spent = nullptr);

}  // namespace hone
