#include "rewards/math_power_product.h"

#include <flint/ulong_extras.h>

#include <algorithm>

namespace hone {

bool PowerProduct::multiply(uint64_t prime, const Rational& exponent) {
  const auto at = std::lower_bound(factors_.begin(), factors_.end(), prime,
                                   [](const Factor& factor, uint64_t p) { return factor.prime < p; });
  if (at == factors_.end() || at->prime != prime) {
    factors_.insert(at, {prime, exponent});
    return true;
  }
  const auto total = sum(at->exponent, exponent);
  if (!total) return false;
  at->exponent = *total;
  if (total->numerator == 0) factors_.erase(at);
  return true;
}

bool PowerProduct::multiply(const PowerProduct& other) {
  negative_ = negative_ != other.negative_;
  return std::all_of(other.factors_.begin(), other.factors_.end(),
                     [&](const Factor& factor) { return multiply(factor.prime, factor.exponent); });
}

bool PowerProduct::raise(const Rational& exponent) {
  if (negative_ && exponent.denominator % 2 == 0) return false;
  negative_ = negative_ && exponent.numerator % 2 != 0;  // an odd root of a negative number is negative
  if (exponent.numerator == 0) factors_.clear();
  for (Factor& factor : factors_) {
    const auto raised = product(factor.exponent, exponent);
    if (!raised) return false;
    factor.exponent = *raised;
  }
  return true;
}

class PowerEvaluator {
 public:
  PowerEvaluator(const Expression& expression, Signs signs) : expression_(expression), signs_(signs) {}

  std::optional<PowerProduct> at(NodeId id) const {
    const Node& node = expression_[id];
    switch (node.op) {
      case Op::kProduct: {
        PowerProduct out;
        for (const NodeId child : expression_.children(id)) {
          const auto next = at(child);
          if (!next || !out.multiply(*next)) return std::nullopt;
        }
        return out;
      }
      case Op::kQuotient: {
        auto top = at(expression_.child(id, 0)), bottom = at(expression_.child(id, 1));
        if (!top || !bottom || !bottom->raise({-1, 1}) || !top->multiply(*bottom)) return std::nullopt;
        return top;
      }
      case Op::kPower:
        return raised(expression_.child(id, 0), to_rational(expression_, expression_.child(id, 1), signs_));
      case Op::kRoot: {
        RationalValue index = to_rational(expression_, expression_.child(id, 0), signs_);
        const auto exponent = index.outcome == Outcome::kOk ? quotient({1, 1}, index.value) : std::nullopt;
        if (!exponent) return std::nullopt;
        return raised(expression_.child(id, 1), {Outcome::kOk, *exponent});
      }
      case Op::kNegate: {
        auto out = at(expression_.child(id));
        if (out) out->negative_ = !out->negative_;
        return out;
      }
      default:
        return fraction(to_rational(expression_, id, signs_));
    }
  }

 private:
  std::optional<PowerProduct> raised(NodeId base, const RationalValue& exponent) const {
    auto out = exponent.outcome == Outcome::kOk ? at(base) : std::nullopt;
    if (!out || !out->raise(exponent.value)) return std::nullopt;
    return out;
  }

  static std::optional<PowerProduct> fraction(const RationalValue& value) {
    PowerProduct out;
    if (value.outcome != Outcome::kOk || !factor(value.value.numerator, 1, out) ||
        !factor(value.value.denominator, -1, out))
      return std::nullopt;
    return out;
  }

  static bool factor(__int128 n, int exponent, PowerProduct& out) {
    if (n < 0) out.negative_ = !out.negative_, n = -n;
    if (n == 0 || n >> 63 != 0) return false;
    n_factor_t factors;
    n_factor_init(&factors);
    n_factor(&factors, static_cast<ulong>(n), 1);
    for (int i = 0; i < factors.num; ++i) {
      if (!out.multiply(factors.p[i], {exponent * static_cast<__int128>(factors.exp[i]), 1})) return false;
    }
    return true;
  }

  const Expression& expression_;
  Signs signs_;
};

std::optional<PowerProduct> PowerProduct::evaluate(const Expression& expression, NodeId id, Signs signs) {
  return PowerEvaluator(expression, signs).at(id);
}

}  // namespace hone
