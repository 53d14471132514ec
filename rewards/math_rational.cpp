#include "rewards/math_rational.h"

#include <numeric>

namespace hone {
namespace {

RationalValue of(const std::optional<Rational>& value) {
  return value ? RationalValue{Outcome::kOk, *value} : RationalValue{Outcome::kOverflow, {}};
}
RationalValue fails(Outcome why) { return {why, {}}; }

Rational power_of_ten(int n) {
  Rational out{1, 1};
  for (int i = 0; i < n; ++i) out.numerator *= 10;
  return out;
}

RationalValue raise(Rational base, int64_t exponent) {
  if (exponent == 0 && base.numerator == 0) return fails(Outcome::kUndefined);
  if (exponent < 0) {
    if (base.numerator == 0) return fails(Outcome::kUndefined);
    base = {base.denominator, base.numerator};
    if (base.denominator < 0) base = {-base.numerator, -base.denominator};
    exponent = -exponent;
  }
  if (exponent > 127 && !(base.denominator == 1 && base.numerator >= -1 && base.numerator <= 1)) {
    return fails(Outcome::kOverflow);
  }
  std::optional<Rational> out = Rational{1, 1}, square = base;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) out = out && square ? product(*out, *square) : std::nullopt;
    if (exponent > 1) square = square ? product(*square, *square) : std::nullopt;
    if (!out) return fails(Outcome::kOverflow);
  }
  return of(out);
}

/// n (n - step) (n - 2 step) ...
RationalValue factorial(const Rational& n, int step) {
  if (n.denominator != 1 || n.numerator < 0) return fails(Outcome::kUndefined);
  if (n.numerator > 33) return fails(Outcome::kOverflow);
  Rational out{1, 1};
  for (int i = static_cast<int>(n.numerator); i > 1; i -= step) out.numerator *= i;
  return {Outcome::kOk, out};
}

RationalValue binomial(const Rational& n, const Rational& k) {
  if (n.denominator != 1 || k.denominator != 1 || n.numerator < 0) return fails(Outcome::kUndefined);
  if (k.numerator < 0 || k.numerator > n.numerator) return {Outcome::kOk, {0, 1}};
  const __int128 least = k.numerator < n.numerator - k.numerator ? k.numerator : n.numerator - k.numerator;
  if (least > 127) return fails(Outcome::kOverflow);
  std::optional<Rational> out = Rational{1, 1};
  for (__int128 i = 1; i <= least && out; ++i) {
    out = product(*out, {n.numerator - least + i, 1});
    if (out) out = quotient(*out, {i, 1});
  }
  return of(out);
}

/// Rounded down (or up) to a whole number.
RationalValue rounded(const Rational& value, bool up) {
  __int128 whole = value.numerator / value.denominator;
  const bool exact = whole * value.denominator == value.numerator;
  if (!exact && (value.numerator < 0) != up) whole += up ? 1 : -1;
  return {Outcome::kOk, {whole, 1}};
}

bool less(const Rational& a, const Rational& b, bool& known) {
  const auto gap = difference(a, b);
  known = known && gap.has_value();
  return gap && gap->numerator < 0;
}

class Evaluator {
 public:
  Evaluator(const Expression& expression, Signs signs) : expression_(expression), signs_(signs) {}

  RationalValue at(NodeId id) const {
    const Node& node = expression_[id];
    switch (node.op) {
      case Op::kInteger:
        return node.digits > 18 ? fails(Outcome::kOverflow) : RationalValue{Outcome::kOk, {node.value, 1}};
      case Op::kDecimal:
        return decimal(node);
      case Op::kSum:
      case Op::kProduct:
        return fold(id, node.op == Op::kSum);
      case Op::kQuotient: {
        const RationalValue top = at(expression_.child(id, 0));
        if (top.outcome != Outcome::kOk) return top;
        const RationalValue bottom = at(expression_.child(id, 1));
        if (bottom.outcome != Outcome::kOk) return bottom;
        if (bottom.value.numerator == 0) return fails(Outcome::kUndefined);
        return of(quotient(top.value, bottom.value));
      }
      case Op::kPower:
        return power(id);
      case Op::kFunction:
        return function(id);
      case Op::kBinomial: {
        const RationalValue n = at(expression_.child(id, 0)), k = at(expression_.child(id, 1));
        if (n.outcome != Outcome::kOk) return n;
        return k.outcome != Outcome::kOk ? k : binomial(n.value, k.value);
      }
      default:
        return node.count == 1 ? unary(node, id) : fails(Outcome::kNotRational);
    }
  }

 private:
  static RationalValue decimal(const Node& node) {
    if (node.digits > 18 || node.scale > 36 || node.scale < -18) return fails(Outcome::kOverflow);
    if (node.scale <= 0) return of(product({node.value, 1}, power_of_ten(-node.scale)));
    return of(quotient({node.value, 1}, power_of_ten(node.scale)));
  }

  RationalValue fold(NodeId id, bool add) const {
    RationalValue out{Outcome::kOk, {add ? 0 : 1, 1}};
    for (const NodeId child : expression_.children(id)) {
      const RationalValue next = at(child);
      if (next.outcome != Outcome::kOk) return next;
      out = of(add ? sum(out.value, next.value) : product(out.value, next.value));
      if (out.outcome != Outcome::kOk) return out;
    }
    return out;
  }

  RationalValue power(NodeId id) const {
    const RationalValue base = at(expression_.child(id, 0));
    if (base.outcome != Outcome::kOk) return base;
    const RationalValue exponent = at(expression_.child(id, 1));
    if (exponent.outcome != Outcome::kOk) return exponent;
    if (exponent.value.denominator != 1) return fails(Outcome::kNotRational);
    if (exponent.value.numerator > INT32_MAX || exponent.value.numerator < INT32_MIN)
      return fails(Outcome::kOverflow);
    return raise(base.value, static_cast<int64_t>(exponent.value.numerator));
  }

  RationalValue unary(const Node& node, NodeId id) const {
    const RationalValue inner = at(expression_.child(id));
    if (inner.outcome != Outcome::kOk) return inner;
    const Rational& x = inner.value;
    switch (node.op) {
      case Op::kNegate:
        return {Outcome::kOk, {-x.numerator, x.denominator}};
      case Op::kPlusMinus:
        return takes_minus(node, signs_) ? RationalValue{Outcome::kOk, {-x.numerator, x.denominator}} : inner;
      case Op::kPercent:
        return of(quotient(x, {100, 1}));
      case Op::kDegree:
        return inner;
      case Op::kFactorial:
        return factorial(x, 1);
      case Op::kDoubleFactorial:
        return factorial(x, 2);
      case Op::kAbsolute:
        return {Outcome::kOk, {x.numerator < 0 ? -x.numerator : x.numerator, x.denominator}};
      case Op::kFloor:
        return rounded(x, false);
      case Op::kCeiling:
        return rounded(x, true);
      default:
        return fails(Outcome::kNotRational);
    }
  }

  /// gcd, lcm, max, min.
  RationalValue function(NodeId id) const {
    const auto f = static_cast<Function>(expression_[id].aux);
    if (f < Function::kGcd) return fails(Outcome::kNotRational);
    RationalValue out = at(expression_.child(id));
    for (int i = 1; i < expression_[id].count && out.outcome == Outcome::kOk; ++i) {
      const RationalValue next = at(expression_.child(id, i));
      if (next.outcome != Outcome::kOk) return next;
      bool known = true;
      if (f == Function::kMax ? less(out.value, next.value, known)
                              : f == Function::kMin && less(next.value, out.value, known)) {
        out = next;
      }
      if (!known) return fails(Outcome::kOverflow);
      if (f == Function::kGcd || f == Function::kLcm)
        out = combine(out.value, next.value, f == Function::kLcm);
    }
    return out;
  }

  static RationalValue combine(const Rational& a, const Rational& b, bool lcm) {
    if (a.denominator != 1 || b.denominator != 1) return fails(Outcome::kUndefined);
    if (a.numerator > INT32_MAX || b.numerator > INT32_MAX || a.numerator < 0 || b.numerator < 0) {
      return fails(Outcome::kOverflow);
    }
    const auto x = static_cast<int64_t>(a.numerator), y = static_cast<int64_t>(b.numerator);
    return {Outcome::kOk, {lcm ? std::lcm(x, y) : std::gcd(x, y), 1}};
  }

  const Expression& expression_;
  Signs signs_;
};

}  // namespace

RationalValue to_rational(const Expression& expression, NodeId id, Signs signs) {
  return Evaluator(expression, signs).at(id);
}

}  // namespace hone
