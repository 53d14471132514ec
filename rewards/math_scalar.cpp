#include "rewards/math_scalar.h"

#include "core/philox.h"
#include "rewards/math_modular.h"
#include "rewards/math_power_product.h"
#include "rewards/math_surd.h"

namespace hone {
namespace {

constexpr uint64_t kSeed = 0x686f6e65;
/// What a node costs the tiers before interval arithmetic, in bits of that.
constexpr int64_t kExactWork = 32;
constexpr int64_t kNodeWork = 8;    // as a fraction
constexpr int64_t kDigitWork = 8;   // for a digit of their constants
constexpr int64_t kBigWork = 2048;  // for products of powers and numbers of any size

/// The decimal below signs and percent signs, if the scalar is one.
struct DecimalForm {
  const Node* node = nullptr;
  int scale = 0;
};
DecimalForm decimal_form(const Expression& expression, NodeId id) {
  int shift = 0;
  for (int i = 0; i < 4; ++i) {
    const Node& node = expression[id];
    if (node.op == Op::kDecimal) return {&node, node.scale + shift};
    if (node.op == Op::kPercent) shift += 2;
    if (node.op != Op::kPercent && node.op != Op::kNegate && node.op != Op::kDegree) return {};
    id = expression.child(id);
  }
  return {};
}

/// Digits that count: leading zeros do not.
int significant_digits(const Node& decimal) { return decimal.digits; }

/// "0.999...": the nines go on, so that it is the next decimal.
bool ends_in_nines(const Node& decimal) { return decimal.text.ends_with("99"); }

bool is_rounded(const Side& exact, const Side& decimal, const DecimalForm& form,
                const ScalarOptions& options) {
  if (options.rounded_digits == 0 || significant_digits(*form.node) < options.rounded_digits ||
      form.scale <= 0 || form.scale > 30) {
    return false;
  }
  const bool dots = form.node->flags & kInexact;
  const RationalValue x = to_rational(exact.expression, exact.id, exact.signs);
  const RationalValue d = to_rational(decimal.expression, decimal.id, decimal.signs);
  if (x.outcome != Outcome::kOk || d.outcome != Outcome::kOk)
    return rounds_to(exact, decimal, form.scale, dots);
  auto gap = difference(x.value, d.value);
  for (int i = 0; i < form.scale && gap; ++i) gap = product(*gap, {10, 1});
  if (!gap) return rounds_to(exact, decimal, form.scale, dots);
  const __int128 size = gap->numerator < 0 ? -gap->numerator : gap->numerator;
  const bool beyond = (gap->numerator < 0) == (d.value.numerator < 0);  // |exact| >= |decimal|
  if (dots && beyond && (size < gap->denominator || (size == gap->denominator && ends_in_nines(*form.node))))
    return true;
  return size <= gap->denominator - size;  // |gap| <= 1/2; a tie may be rounded either way
}

Equality compare_constants(const Side& a, const Side& b, const Traits& x, const Traits& y, int64_t* spent) {
  const auto left = SurdSum::evaluate(a.expression, a.id, a.signs);
  const auto right = left ? SurdSum::evaluate(b.expression, b.id, b.signs) : std::nullopt;
  if (left && right) return *left == *right ? Equality::kEqual : Equality::kDifferent;
  if (spent) *spent += kBigWork;
  const auto power = PowerProduct::evaluate(a.expression, a.id, a.signs);
  const auto other_power = power ? PowerProduct::evaluate(b.expression, b.id, b.signs) : std::nullopt;
  if (power && other_power) return *power == *other_power ? Equality::kEqual : Equality::kDifferent;
  bool over_budget = false;
  if (!x.transcendental && !y.transcendental) {
    const auto big = BigRational::evaluate(a.expression, a.id, a.signs, &over_budget);
    const auto other = big ? BigRational::evaluate(b.expression, b.id, b.signs, &over_budget) : std::nullopt;
    if (big && other) return *big == *other ? Equality::kEqual : Equality::kDifferent;
  }
  switch (compare_balls(a, b, /*symbols=*/false, kSeed, spent)) {
    case BallVerdict::kEqual:
      return Equality::kEqual;
    case BallVerdict::kDifferent:
      return Equality::kDifferent;
    case BallVerdict::kUndecided:
      return over_budget ? Equality::kOverBudget : Equality::kUndecided;
  }
  return Equality::kUndecided;
}

Equality compare_functions(const Side& a, const Side& b, int64_t* spent) {
  const auto left = fingerprint(a.expression, a.id, a.signs, kSeed);
  const auto right = left ? fingerprint(b.expression, b.id, b.signs, kSeed) : std::nullopt;
  if (left && right) {
    if (*left != *right) return Equality::kDifferent;
    // Coefficients below the product of the primes: no multiple of it but 0.
    if (coefficient_bits(a.expression, a.id, a.signs) + coefficient_bits(b.expression, b.id, b.signs) < 120)
      return Equality::kEqual;
  }
  switch (compare_balls(a, b, /*symbols=*/true, kSeed, spent)) {
    case BallVerdict::kEqual:
      return Equality::kEqual;
    case BallVerdict::kDifferent:
      return Equality::kDifferent;
    case BallVerdict::kUndecided:
      return Equality::kUndecided;
  }
  return Equality::kUndecided;
}

}  // namespace

Equality compare_scalars(const Side& a, const Side& b, const ScalarOptions& options, int64_t* spent) {
  const int64_t nodes = count_nodes(a.expression, a.id) + count_nodes(b.expression, b.id);
  if (spent) *spent += kNodeWork * nodes;
  const RationalValue left = to_rational(a.expression, a.id, a.signs);
  const RationalValue right = to_rational(b.expression, b.id, b.signs);
  const bool fractions = left.outcome == Outcome::kOk && right.outcome == Outcome::kOk;
  if (fractions && left.value == right.value) return Equality::kEqual;
  const Traits x = fractions ? Traits{} : traits_of(a.expression, a.id);
  const Traits y = fractions ? Traits{} : traits_of(b.expression, b.id);
  if (!x.scalar || !y.scalar) return Equality::kUndecided;
  Equality out = Equality::kDifferent;
  if (!fractions) {
    if (a.signs == b.signs && same_tree(a.expression, a.id, b.expression, b.id)) return Equality::kEqual;
    if (left.outcome == Outcome::kUndefined || right.outcome == Outcome::kUndefined)
      return Equality::kUndecided;
    if (spent) *spent += kExactWork * nodes + kDigitWork * (x.digits + y.digits);
    out = x.symbols || y.symbols ? compare_functions(a, b, spent) : compare_constants(a, b, x, y, spent);
  }
  if (out == Equality::kEqual || x.symbols || y.symbols) return out;
  const DecimalForm first = decimal_form(a.expression, a.id), second = decimal_form(b.expression, b.id);
  const bool first_goes_on = first.node && (first.node->flags & kInexact),
             second_goes_on = second.node && (second.node->flags & kInexact);
  // Two decimals are compared exactly, unless dots say that one of them goes on.
  if ((first.node == nullptr) == (second.node == nullptr) && first_goes_on == second_goes_on) return out;
  const bool rounded = first_goes_on || (first.node && !second.node) ? is_rounded(b, a, first, options)
                                                                     : is_rounded(a, b, second, options);
  return rounded ? Equality::kEqual : out;
}

}  // namespace hone
