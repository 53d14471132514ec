// Comparison by interval arithmetic of rising precision (Arb): disjoint enclosures prove that two values differ; values that are
// equal are recognised once the enclosures are smaller than the least difference that two such expressions can have.
//
// For algebraic numbers that least difference is a theorem (the separation bound of Burnikel, Funke, Mehlhorn, Schirra and Schmitt).
// For others (logarithms, functions of symbols at random rational points) it is a convention: 2^-(128 + twice the bits of all
// constants), as nobody knows a better one.
#pragma once

#include <optional>

#include "rewards/math_rational.h"

namespace hone {

enum class BallVerdict { kEqual, kDifferent, kUndecided };

struct Side {
  const Expression& expression;
  NodeId id;
  Signs signs = 0;
};

/// Nodes of the subtree.
int64_t count_nodes(const Expression& expression, NodeId id);

/// `seed` draws the symbols' values; with symbols, several points must agree. They are positive, so that \sqrt{x^2} is x; negative as
/// well where there are absolute values and `a` is real; whole numbers where (-1)^n or a gcd asks for it.
/// `spent` is raised by what it cost: nodes times bits of each evaluation.
BallVerdict compare_balls(const Side& a, const Side& b, bool symbols, uint64_t seed,
                          int64_t* spent = nullptr);

/// Whether `decimal` is `exact` correctly rounded, that is |exact - decimal| <= 10^-scale / 2; if `cut`, also whether it is cut off
/// there, |exact| - |decimal| < 10^-scale. `exact` has no symbols.
bool rounds_to(const Side& exact, const Side& decimal, int scale, bool cut);

/// The sign of a real value, at some point if there are symbols: -1, 1, or nothing if it is 0, not real or not known.
std::optional<int> sign_of(const Side& a);

/// A real constant as a double, for putting values in order.
std::optional<double> approximate(const Side& a);

/// Bits that every two values of these kinds that differ, differ within: log2 of 1 / least difference. Nothing if they are not
/// algebraic, or need more than 2^14.
std::optional<int> separation_bits(const Side& a, const Side& b);

}  // namespace hone
