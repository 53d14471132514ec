// The same evaluation with FLINT's integers, every size checked before it is computed.
#include <flint/arith.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "rewards/math_rational.h"

namespace hone {

struct BigRational::Value {
  Value() { fmpq_init(q); }
  ~Value() { fmpq_clear(q); }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
  fmpq_t q;
};

BigRational::BigRational() : value_(std::make_unique<Value>()) {}
BigRational::BigRational(BigRational&&) noexcept = default;
BigRational& BigRational::operator=(BigRational&&) noexcept = default;
BigRational::~BigRational() = default;

bool operator==(const BigRational& a, const BigRational& b) {
  return fmpq_equal(a.value_->q, b.value_->q) != 0;
}

class BigEvaluator {
 public:
  BigEvaluator(const Expression& expression, Signs signs) : expression_(expression), signs_(signs) {}

  std::optional<BigRational> at(NodeId id) {
    const Node& node = expression_[id];
    BigRational out;
    switch (node.op) {
      case Op::kInteger:
      case Op::kDecimal:
        return number(node);
      case Op::kSum:
      case Op::kProduct: {
        fmpq_set_si(out.value_->q, node.op == Op::kSum ? 0 : 1, 1);
        for (const NodeId child : expression_.children(id)) {
          const auto next = at(child);
          if (!next || !fits(bits(out) + bits(*next) + 1)) return std::nullopt;
          (node.op == Op::kSum ? fmpq_add : fmpq_mul)(out.value_->q, out.value_->q, next->value_->q);
        }
        return out;
      }
      case Op::kQuotient: {
        auto top = at(expression_.child(id, 0)), bottom = at(expression_.child(id, 1));
        if (!top || !bottom || fmpq_is_zero(bottom->value_->q) || !fits(bits(*top) + bits(*bottom)))
          return std::nullopt;
        fmpq_div(out.value_->q, top->value_->q, bottom->value_->q);
        return out;
      }
      case Op::kPower:
        return power(id);
      case Op::kBinomial:
        return binomial(id);
      default:
        return node.count == 1 ? unary(node, id) : std::nullopt;
    }
  }

  bool over_budget = false;

 private:
  static int64_t bits(const BigRational& value) {
    return static_cast<int64_t>(fmpz_bits(fmpq_numref(value.value_->q)) +
                                fmpz_bits(fmpq_denref(value.value_->q)));
  }
  bool fits(int64_t bits) {
    over_budget = over_budget || bits > BigRational::kMaxBits;
    return bits <= BigRational::kMaxBits;
  }

  std::optional<BigRational> number(const Node& node) {
    if (node.digits > BigRational::kMaxDigits || std::abs(node.scale) > BigRational::kMaxDigits) {
      over_budget = true;
      return std::nullopt;
    }
    BigRational out;
    if (node.digits <= 18) {
      fmpz_set_si(fmpq_numref(out.value_->q), node.value);
    } else {
      std::string digits;
      for (const char c : node.text) {
        if (c == 'e' || c == 'E') break;
        if (c >= '0' && c <= '9') digits += c;
      }
      fmpz_set_str(fmpq_numref(out.value_->q), digits.c_str(), 10);
    }
    if (node.op == Op::kDecimal && node.scale != 0) {
      fmpz_t ten;
      fmpz_init_set_ui(ten, 10);
      fmpz_pow_ui(ten, ten, static_cast<ulong>(std::abs(node.scale)));
      (node.scale > 0 ? fmpq_div_fmpz : fmpq_mul_fmpz)(out.value_->q, out.value_->q, ten);
      fmpz_clear(ten);
    }
    return out;
  }

  /// A whole number that fits 32 bits.
  std::optional<int64_t> small(NodeId id) {
    const auto value = at(id);
    if (!value || !fmpz_is_one(fmpq_denref(value->value_->q))) return std::nullopt;
    if (fmpz_bits(fmpq_numref(value->value_->q)) > 31) {
      over_budget = true;
      return std::nullopt;
    }
    return fmpz_get_si(fmpq_numref(value->value_->q));
  }

  std::optional<BigRational> power(NodeId id) {
    auto base = at(expression_.child(id, 0));
    const auto exponent = small(expression_.child(id, 1));
    if (!base || !exponent) return std::nullopt;
    if (*exponent < 0 && fmpq_is_zero(base->value_->q)) return std::nullopt;
    const bool unit = fmpz_is_pm1(fmpq_numref(base->value_->q)) && fmpz_is_one(fmpq_denref(base->value_->q));
    if (!unit && !fmpq_is_zero(base->value_->q) && !fits(bits(*base) * std::abs(*exponent)))
      return std::nullopt;
    fmpq_pow_si(base->value_->q, base->value_->q, *exponent);
    return base;
  }

  std::optional<BigRational> binomial(NodeId id) {
    const auto n = small(expression_.child(id, 0)), k = small(expression_.child(id, 1));
    if (!n || !k || *n < 0) return std::nullopt;
    BigRational out;
    if (*k < 0 || *k > *n) return out;
    const int64_t least = std::min(*k, *n - *k);
    if (!fits(std::min(*n, least * 32))) return std::nullopt;
    fmpz_bin_uiui(fmpq_numref(out.value_->q), static_cast<ulong>(*n), static_cast<ulong>(*k));
    return out;
  }

  std::optional<BigRational> unary(const Node& node, NodeId id) {
    if (node.op == Op::kFactorial) {
      const auto n = small(expression_.child(id));
      if (!n || *n < 0 || !fits(*n * static_cast<int64_t>(std::log2(static_cast<double>(*n) + 2) + 1)))
        return std::nullopt;
      BigRational out;
      fmpz_fac_ui(fmpq_numref(out.value_->q), static_cast<ulong>(*n));
      return out;
    }
    auto out = at(expression_.child(id));
    if (!out) return std::nullopt;
    fmpq* q = out->value_->q;
    switch (node.op) {
      case Op::kNegate:
        fmpq_neg(q, q);
        return out;
      case Op::kPlusMinus:
        if (takes_minus(node, signs_)) fmpq_neg(q, q);
        return out;
      case Op::kPercent: {
        fmpz_t hundred;
        fmpz_init_set_ui(hundred, 100);
        fmpq_div_fmpz(q, q, hundred);
        fmpz_clear(hundred);
        return out;
      }
      case Op::kDegree:
        return out;
      case Op::kAbsolute:
        fmpq_abs(q, q);
        return out;
      default:
        return std::nullopt;
    }
  }

  const Expression& expression_;
  Signs signs_;
};

std::optional<BigRational> BigRational::evaluate(const Expression& expression, NodeId id, Signs signs,
                                                 bool* over_budget) {
  BigEvaluator evaluator(expression, signs);
  auto value = evaluator.at(id);
  *over_budget = *over_budget || evaluator.over_budget;
  return value;
}

}  // namespace hone
