// Evaluation of a scalar to an exact fraction: in 128 bits, which nearly every answer fits, or of any size with FLINT.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "rewards/math_expr.h"
#include "rewards/rational.h"

namespace hone {

/// Which of its two values each plus-minus sign of an answer takes: bit k is set for the lower sign of the k-th.
using Signs = uint32_t;

enum class Outcome { kOk, kNotRational, kOverflow, kUndefined };  // kUndefined: division by zero and the like

struct RationalValue {
  Outcome outcome = Outcome::kOk;
  Rational value;
};
RationalValue to_rational(const Expression& expression, NodeId id, Signs signs = 0);

/// Whether the plus-minus sign counts as minus.
inline bool takes_minus(const Node& node, Signs signs) {
  return ((signs >> node.value & 1) != 0) != (node.aux == 1);
}

/// A fraction of any size, within a budget of kMaxBits; owns FLINT memory.
class BigRational {
 public:
  static constexpr int64_t kMaxBits = 1 << 16;
  static constexpr int kMaxDigits = 10000;

  /// Nothing if it is not rational, not defined, or over the budget; `over_budget` tells the last.
  static std::optional<BigRational> evaluate(const Expression& expression, NodeId id, Signs signs,
                                             bool* over_budget);

  BigRational();
  BigRational(BigRational&&) noexcept;
  BigRational& operator=(BigRational&&) noexcept;
  ~BigRational();

  friend bool operator==(const BigRational& a, const BigRational& b);

 private:
  friend class BigEvaluator;
  struct Value;
  std::unique_ptr<Value> value_;
};

}  // namespace hone
