#include "rewards/math_ball.h"

#include <algorithm>
#include <cmath>

#include "rewards/math_ball_evaluator.h"

namespace hone {
namespace {

constexpr slong kFirstPrecision = 128;
constexpr slong kLastPrecision = 1 << 14;
constexpr int kNumPoints = 3;
/// Nodes times bits: beyond it a comparison is given up, whatever the precision that it would need.
constexpr int64_t kMaxWork = 1 << 19;

/// Bits of the constants below a node; a power counts its base as often as it is multiplied.
double constant_bits(const Side& side, NodeId id) {
  const Node& node = side.expression[id];
  double bits = 2;
  if (node.op == Op::kInteger || node.op == Op::kDecimal) bits += 4.0 * (node.digits + std::abs(node.scale));
  if (node.op == Op::kPower) {
    const RationalValue exponent = to_rational(side.expression, side.expression.child(id, 1), side.signs);
    if (exponent.outcome == Outcome::kOk) {
      const double n = std::abs(static_cast<double>(exponent.value.numerator) /
                                static_cast<double>(exponent.value.denominator));
      return bits + constant_bits(side, side.expression.child(id, 0)) * std::max(1.0, n);
    }
  }
  for (const NodeId child : side.expression.children(id)) bits += constant_bits(side, child);
  return bits;
}

/// Whether |z| < 2^-bits * max(1, |scale|): two values so near to each other are equal.
bool vanishes(const acb_t z, const acb_t scale, slong bits) {
  mag_t size, whole;
  mag_init(size);
  mag_init(whole);
  acb_get_mag(size, z);
  acb_get_mag(whole, scale);
  mag_mul_2exp_si(size, size, bits);
  const bool small = mag_cmp_2exp_si(size, 0) < 0 || mag_cmp(size, whole) < 0;
  mag_clear(size);
  mag_clear(whole);
  return small;
}

/// What comparing may cost and has cost, in nodes times bits.
struct BallWork {
  int64_t nodes_of_trees;  // bounds a single comparison
  int64_t nodes = 0;       // below the two sides
  int64_t spent = 0;
};

BallVerdict compare_at(const Side& a, const Side& b, const Point& point, slong bits, bool relative,
                       BallWork& work) {
  // Few bits separate most values that differ; all of them are needed only for equal ones.
  const slong needed = std::max(kFirstPrecision, bits + 64);
  for (slong precision = needed <= 4 * kFirstPrecision ? needed : kFirstPrecision;
       precision <= kLastPrecision + 64 && precision * work.nodes_of_trees <= kMaxWork;
       precision = precision < needed ? std::min(4 * precision, needed) : 4 * precision) {
    Ball x, y, gap;
    work.spent += precision * work.nodes;
    if (!BallEvaluator(a, point, precision).at(a.id, x.z)) return BallVerdict::kUndecided;
    if (!BallEvaluator(b, point, precision).at(b.id, y.z)) return BallVerdict::kUndecided;
    if (!acb_is_finite(x.z) || !acb_is_finite(y.z)) return BallVerdict::kUndecided;
    // Where the first is not real it does not hold: ln x and ln|x| agree as far as ln x goes.
    if (point.index >= kNumPoints && !point.integers && !acb_is_real(x.z)) return BallVerdict::kEqual;
    acb_sub(gap.z, x.z, y.z, precision);
    if (!acb_contains_zero(gap.z)) return BallVerdict::kDifferent;
    if (!relative) acb_zero(x.z);
    if (vanishes(gap.z, x.z, bits)) return BallVerdict::kEqual;
  }
  return BallVerdict::kUndecided;
}

/// What the comparison of functions has to look at besides positive real points.
struct Needs {
  bool negative = false;  // |x|
  bool integers = false;  // (-1)^n, gcd(a, b)
};

void find_needs(const Expression& e, NodeId id, Needs& needs) {
  const Node& node = e[id];
  if (node.op == Op::kAbsolute && traits_of(e, id).symbols) needs.negative = true;
  const auto f = static_cast<Function>(node.aux);
  if (node.op == Op::kFunction && (f == Function::kGcd || f == Function::kLcm)) needs.integers = true;
  if (node.op == Op::kDoubleFactorial) needs.integers = true;
  if (node.op == Op::kPower && traits_of(e, e.child(id, 1)).symbols) {
    const Op base = e[e.child(id)].op;
    needs.integers = needs.integers || base == Op::kNegate || base == Op::kImaginary;
  }
  for (const NodeId child : e.children(id)) find_needs(e, child, needs);
}

}  // namespace

namespace {

BallVerdict compare_counted(const Side& a, const Side& b, bool symbols, uint64_t seed, BallWork& work) {
  if (!symbols) {
    if (const auto bits = separation_bits(a, b)) return compare_at(a, b, {}, *bits, /*relative=*/false, work);
  }
  const double size = constant_bits(a, a.id) + constant_bits(b, b.id);
  const auto bits = static_cast<slong>(std::min(128 + 2 * size, 2.0 * kLastPrecision));
  if (!symbols) return compare_at(a, b, {seed}, bits, /*relative=*/true, work);
  Needs needs;
  find_needs(a.expression, a.id, needs);
  find_needs(b.expression, b.id, needs);
  const int points = needs.negative || needs.integers ? 2 * kNumPoints + 1 : kNumPoints;
  bool undecided = false;
  for (int index = 0; index < points; ++index) {
    const BallVerdict verdict =
        compare_at(a, b, {seed, index, needs.integers}, bits, /*relative=*/true, work);
    if (verdict == BallVerdict::kDifferent) return verdict;
    undecided = undecided || verdict == BallVerdict::kUndecided;
  }
  return undecided ? BallVerdict::kUndecided : BallVerdict::kEqual;
}

}  // namespace

int64_t count_nodes(const Expression& e, NodeId id) {
  int64_t nodes = 1;
  for (const NodeId child : e.children(id)) nodes += count_nodes(e, child);
  return nodes;
}

BallVerdict compare_balls(const Side& a, const Side& b, bool symbols, uint64_t seed, int64_t* spent) {
  BallWork work{static_cast<int64_t>(a.expression.nodes.size() + b.expression.nodes.size())};
  work.nodes = count_nodes(a.expression, a.id) + count_nodes(b.expression, b.id);
  const BallVerdict verdict = compare_counted(a, b, symbols, seed, work);
  if (spent) *spent += work.spent;
  return verdict;
}

bool rounds_to(const Side& exact, const Side& decimal, int scale, bool cut) {
  Ball x, d, unit;
  if (!BallEvaluator(exact, {}, kFirstPrecision).at(exact.id, x.z)) return false;
  if (!BallEvaluator(decimal, {}, kFirstPrecision).at(decimal.id, d.z)) return false;
  if (!acb_is_real(x.z)) return false;
  acb_set_si(unit.z, 10);
  acb_pow_si(unit.z, unit.z, -scale, kFirstPrecision);
  arb_ptr gap = acb_realref(x.z);
  const bool negative = arb_is_negative(acb_realref(d.z));
  arb_sub(gap, gap, acb_realref(d.z), kFirstPrecision);
  if (cut) {
    if (negative) arb_neg(gap, gap);
    if (arb_is_nonnegative(gap) && arb_lt(gap, acb_realref(unit.z))) return true;
  }
  arb_abs(gap, gap);
  arb_mul_2exp_si(gap, gap, 1);
  return arb_lt(gap, acb_realref(unit.z)) != 0;
}

std::optional<double> approximate(const Side& a) {
  const RationalValue value = to_rational(a.expression, a.id, a.signs);
  if (value.outcome == Outcome::kOk) {
    return static_cast<double>(value.value.numerator) / static_cast<double>(value.value.denominator);
  }
  const Traits traits = traits_of(a.expression, a.id);
  Ball x;
  if (!traits.scalar || traits.symbols || !BallEvaluator(a, {}, kFirstPrecision).at(a.id, x.z))
    return std::nullopt;
  if (!acb_is_real(x.z) || !acb_is_finite(x.z)) return std::nullopt;
  return arf_get_d(arb_midref(acb_realref(x.z)), ARF_RND_NEAR);
}

std::optional<int> sign_of(const Side& a) {
  Ball x;
  if (!BallEvaluator(a, {}, kFirstPrecision).at(a.id, x.z) || !acb_is_real(x.z)) return std::nullopt;
  if (arb_is_positive(acb_realref(x.z))) return 1;
  if (arb_is_negative(acb_realref(x.z))) return -1;
  return std::nullopt;
}

}  // namespace hone
