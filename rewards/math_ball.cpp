#include "rewards/math_ball.h"

#if __has_include(<acb.h>)
#include <acb.h>
#include <acb_hypgeom.h>
#else  // FLINT 3 took Arb in
#include <flint/acb.h>
#include <flint/acb_hypgeom.h>
#endif

#include <algorithm>
#include <cmath>
#include <string>

#include "core/philox.h"

namespace hone {
namespace {

constexpr slong kFirstPrecision = 128;
constexpr slong kLastPrecision = 1 << 14;
constexpr int kNumPoints = 3;
/// Nodes times bits: beyond it a comparison is given up, whatever the precision that it would need.
constexpr int64_t kMaxWork = 1 << 19;

struct Ball {
  Ball() { acb_init(z); }
  ~Ball() { acb_clear(z); }
  Ball(const Ball&) = delete;
  Ball& operator=(const Ball&) = delete;
  acb_t z;
};

/// Which values the symbols have: `index` moves them to another scale, so that an identity that holds for x > 1 only is not taken
/// for one.
struct Point {
  uint64_t seed = 0;
  int index = 0;
};

class BallEvaluator {
 public:
  BallEvaluator(const Side& side, const Point& point, slong precision)
      : expression_(side.expression), signs_(side.signs), point_(point), precision_(precision) {}

  /// False if the value is not defined, or the function is not known here.
  bool at(NodeId id, acb_t out, bool angle = false) {
    const Node& node = expression_[id];
    switch (node.op) {
      case Op::kInteger:
      case Op::kDecimal:
        return number(node, out);
      case Op::kSymbol:
        return symbol(node, out);
      case Op::kPi:
        arb_const_pi(acb_realref(out), precision_);
        arb_zero(acb_imagref(out));
        return true;
      case Op::kEuler:
        arb_const_e(acb_realref(out), precision_);
        arb_zero(acb_imagref(out));
        return true;
      case Op::kImaginary:
        acb_onei(out);
        return true;
      case Op::kSum:
      case Op::kProduct:
        return fold(id, node.op == Op::kSum, out, angle);
      case Op::kQuotient:
        return quotient(id, out, angle);
      case Op::kPower:
        return power(id, out);
      case Op::kRoot:
        return root(id, out);
      case Op::kFunction:
        return function(id, out);
      case Op::kBinomial:
        return binomial(id, out);
      default:
        return node.count == 1 && unary(node, id, out, angle);
    }
  }

 private:
  bool number(const Node& node, acb_t out) {
    if (std::abs(node.scale) > 10000 || node.digits > 10000) return false;
    acb_zero(out);
    if (node.digits <= 18) {
      arb_set_si(acb_realref(out), node.value);
    } else {
      std::string digits;
      for (const char c : node.text) {
        if (c == 'e' || c == 'E') break;
        if (c >= '0' && c <= '9') digits += c;
      }
      if (arb_set_str(acb_realref(out), digits.c_str(), precision_) != 0) return false;
    }
    if (node.scale == 0) return true;
    Ball ten;
    acb_set_si(ten.z, 10);
    acb_pow_si(ten.z, ten.z, -node.scale, precision_ + 32);
    acb_mul(out, out, ten.z, precision_);
    return true;
  }

  /// A rational with 20 bits in [1/4, 1/2), [2, 4) or [5/4, 5/2), by the point's index.
  bool symbol(const Node& node, acb_t out) {
    const uint64_t word =
        mix(mix(point_.seed, static_cast<uint64_t>(node.value)), static_cast<uint64_t>(point_.index));
    constexpr int kScale[] = {2, 16, 10};
    acb_set_si(out, static_cast<slong>(kScale[point_.index % 3] * ((word & 0xFFFFF) + 0x100000)));
    acb_mul_2exp_si(out, out, -23);
    return true;
  }

  bool fold(NodeId id, bool add, acb_t out, bool angle) {
    acb_set_si(out, add ? 0 : 1);
    Ball next;
    for (const NodeId child : expression_.children(id)) {
      if (!at(child, next.z, angle)) return false;
      if (add)
        acb_add(out, out, next.z, precision_);
      else
        acb_mul(out, out, next.z, precision_);
    }
    return true;
  }

  bool quotient(NodeId id, acb_t out, bool angle) {
    Ball bottom;
    if (!at(expression_.child(id, 0), out, angle) || !at(expression_.child(id, 1), bottom.z)) return false;
    if (acb_contains_zero(bottom.z)) return false;
    acb_div(out, out, bottom.z, precision_);
    return true;
  }

  bool unary(const Node& node, NodeId id, acb_t out, bool angle) {
    if (!at(expression_.child(id), out, angle && node.op != Op::kDegree)) return false;
    switch (node.op) {
      case Op::kNegate:
        acb_neg(out, out);
        return true;
      case Op::kPlusMinus:
        if (takes_minus(node, signs_)) acb_neg(out, out);
        return true;
      case Op::kPercent:
        acb_div_si(out, out, 100, precision_);
        return true;
      case Op::kDegree:
        if (!angle) return true;
        acb_div_si(out, out, 180, precision_);
        return times_pi(out);
      case Op::kAbsolute:
        acb_abs(acb_realref(out), out, precision_);
        arb_zero(acb_imagref(out));
        return true;
      case Op::kFactorial:
        acb_add_si(out, out, 1, precision_);
        if (!small(out, 1000)) return false;
        acb_gamma(out, out, precision_);
        return acb_is_finite(out);
      case Op::kFloor:
      case Op::kCeiling: {
        if (!acb_is_real(out)) return false;
        if (node.op == Op::kFloor)
          arb_floor(acb_realref(out), acb_realref(out), precision_);
        else
          arb_ceil(acb_realref(out), acb_realref(out), precision_);
        return true;
      }
      default:
        return false;
    }
  }

  bool times_pi(acb_t out) {
    Ball pi;
    acb_const_pi(pi.z, precision_);
    acb_mul(out, out, pi.z, precision_);
    return true;
  }

  /// Whether |z| is certainly below `limit`: what grows fast must not be fed with more.
  static bool small(const acb_t z, double limit) {
    mag_t size;
    mag_init(size);
    acb_get_mag(size, z);
    const bool fits = mag_cmp_2exp_si(size, static_cast<slong>(std::log2(limit))) < 0;
    mag_clear(size);
    return fits;
  }

  bool root(NodeId id, acb_t out) {
    const RationalValue index = to_rational(expression_, expression_.child(id, 0), signs_);
    if (!at(expression_.child(id, 1), out)) return false;
    if (index.outcome != Outcome::kOk || index.value.denominator != 1 || index.value.numerator < 1 ||
        index.value.numerator > 1000) {
      Ball exponent;
      if (!at(expression_.child(id, 0), exponent.z) || acb_contains_zero(exponent.z)) return false;
      acb_inv(exponent.z, exponent.z, precision_);
      return raise(out, exponent.z);
    }
    return real_root(out, static_cast<ulong>(index.value.numerator));
  }

  /// The real root of a real number if there is one, else the principal one.
  bool real_root(acb_t out, ulong k) {
    if (acb_is_real(out) && arb_is_negative(acb_realref(out)) && k % 2 == 1) {
      arb_neg(acb_realref(out), acb_realref(out));
      arb_root_ui(acb_realref(out), acb_realref(out), k, precision_);
      arb_neg(acb_realref(out), acb_realref(out));
      return true;
    }
    acb_root_ui(out, out, k, precision_);
    return acb_is_finite(out);
  }

  bool power(NodeId id, acb_t out) {
    const RationalValue exponent = to_rational(expression_, expression_.child(id, 1), signs_);
    if (!at(expression_.child(id, 0), out)) return false;
    const bool rational = exponent.outcome == Outcome::kOk && exponent.value.denominator <= 1000 &&
                          exponent.value.numerator < (1 << 24) && exponent.value.numerator > -(1 << 24);
    if (!rational) {
      Ball y;
      return at(expression_.child(id, 1), y.z) && raise(out, y.z);
    }
    const auto n = static_cast<slong>(exponent.value.numerator);
    if (n <= 0 && acb_contains_zero(out)) return false;
    if (exponent.value.denominator > 1 && !real_root(out, static_cast<ulong>(exponent.value.denominator)))
      return false;
    acb_pow_si(out, out, n, precision_);
    return acb_is_finite(out);
  }

  /// out^y by exp and log, if neither grows out of bounds.
  bool raise(acb_t out, const acb_t y) {
    if (acb_is_zero(out)) return acb_is_real(y) && arb_is_positive(acb_realref(y));
    Ball logarithm;
    acb_log(logarithm.z, out, precision_);
    if (!acb_is_finite(logarithm.z)) return false;
    acb_mul(logarithm.z, logarithm.z, y, precision_);
    if (!small(logarithm.z, 1 << 20)) return false;
    acb_exp(out, logarithm.z, precision_);
    return acb_is_finite(out);
  }

  bool binomial(NodeId id, acb_t out) {
    Ball k, rest;
    if (!at(expression_.child(id, 0), out) || !at(expression_.child(id, 1), k.z)) return false;
    acb_sub(rest.z, out, k.z, precision_);
    for (acb_ptr z : {static_cast<acb_ptr>(out), static_cast<acb_ptr>(k.z), static_cast<acb_ptr>(rest.z)}) {
      acb_add_si(z, z, 1, precision_);
      if (!small(z, 1000)) return false;
      acb_gamma(z, z, precision_);
    }
    acb_mul(k.z, k.z, rest.z, precision_);
    acb_div(out, out, k.z, precision_);
    return acb_is_finite(out);
  }

  bool function(NodeId id, acb_t out) {
    const Node& node = expression_[id];
    const auto f = static_cast<Function>(node.aux);
    if (!at(expression_.child(id), out, f <= Function::kCsc)) return false;
    if (f >= Function::kGcd || !small(out, 1 << 20)) return false;
    switch (f) {
      case Function::kSin:
        acb_sin(out, out, precision_);
        break;
      case Function::kCos:
        acb_cos(out, out, precision_);
        break;
      case Function::kTan:
        acb_tan(out, out, precision_);
        break;
      case Function::kCot:
        acb_cot(out, out, precision_);
        break;
      case Function::kSec:
        acb_sec(out, out, precision_);
        break;
      case Function::kCsc:
        acb_csc(out, out, precision_);
        break;
      case Function::kArcsin:
        acb_asin(out, out, precision_);
        break;
      case Function::kArccos:
        acb_acos(out, out, precision_);
        break;
      case Function::kArctan:
        acb_atan(out, out, precision_);
        break;
      case Function::kArccot:  // between 0 and pi
        acb_atan(out, out, precision_);
        {
          Ball half;
          acb_const_pi(half.z, precision_);
          acb_mul_2exp_si(half.z, half.z, -1);
          acb_sub(out, half.z, out, precision_);
        }
        break;
      case Function::kSinh:
        acb_sinh(out, out, precision_);
        break;
      case Function::kCosh:
        acb_cosh(out, out, precision_);
        break;
      case Function::kTanh:
        acb_tanh(out, out, precision_);
        break;
      case Function::kExp:
        acb_exp(out, out, precision_);
        break;
      case Function::kLn:
      case Function::kLog:
        if (acb_contains_zero(out)) return false;
        acb_log(out, out, precision_);
        if (node.count == 2 && !divide_by_log(expression_.child(id, 1), out)) return false;
        break;
      default:
        return false;
    }
    return acb_is_finite(out);
  }

  bool divide_by_log(NodeId base_id, acb_t out) {
    Ball base;
    if (!at(base_id, base.z) || acb_contains_zero(base.z)) return false;
    acb_log(base.z, base.z, precision_);
    if (acb_contains_zero(base.z)) return false;
    acb_div(out, out, base.z, precision_);
    return true;
  }

  const Expression& expression_;
  Signs signs_;
  Point point_;
  slong precision_;
};

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

BallVerdict compare_at(const Side& a, const Side& b, const Point& point, slong bits, bool relative,
                       int64_t nodes) {
  const slong start =
      bits + 64 <= 4 * kFirstPrecision ? std::max(kFirstPrecision, bits + 64) : kFirstPrecision;
  for (slong precision = start; precision <= kLastPrecision && precision * nodes <= kMaxWork;
       precision *= 4) {
    Ball x, y, gap;
    if (!BallEvaluator(a, point, precision).at(a.id, x.z)) return BallVerdict::kUndecided;
    if (!BallEvaluator(b, point, precision).at(b.id, y.z)) return BallVerdict::kUndecided;
    if (!acb_is_finite(x.z) || !acb_is_finite(y.z)) return BallVerdict::kUndecided;
    acb_sub(gap.z, x.z, y.z, precision);
    if (!acb_contains_zero(gap.z)) return BallVerdict::kDifferent;
    if (!relative) acb_zero(x.z);
    if (vanishes(gap.z, x.z, bits)) return BallVerdict::kEqual;
  }
  return BallVerdict::kUndecided;
}

}  // namespace

BallVerdict compare_balls(const Side& a, const Side& b, bool symbols, uint64_t seed) {
  const auto nodes = static_cast<int64_t>(a.expression.nodes.size() + b.expression.nodes.size());
  if (!symbols) {
    if (const auto bits = separation_bits(a, b))
      return compare_at(a, b, {}, *bits, /*relative=*/false, nodes);
  }
  const double size = constant_bits(a, a.id) + constant_bits(b, b.id);
  const auto bits = static_cast<slong>(std::min(128 + 2 * size, 2.0 * kLastPrecision));
  int agreed = 0;
  for (int index = 0; index < (symbols ? kNumPoints : 1); ++index) {
    const BallVerdict verdict = compare_at(a, b, {seed, index}, bits, /*relative=*/true, nodes);
    if (verdict == BallVerdict::kDifferent) return verdict;
    agreed += verdict == BallVerdict::kEqual ? 1 : 0;
  }
  return agreed == (symbols ? kNumPoints : 1) ? BallVerdict::kEqual : BallVerdict::kUndecided;
}

bool rounds_to(const Side& exact, const Side& decimal, int scale) {
  Ball x, d, half;
  if (!BallEvaluator(exact, {}, kFirstPrecision).at(exact.id, x.z)) return false;
  if (!BallEvaluator(decimal, {}, kFirstPrecision).at(decimal.id, d.z)) return false;
  acb_sub(x.z, x.z, d.z, kFirstPrecision);
  if (!acb_is_real(x.z)) return false;
  acb_set_si(half.z, 10);
  acb_pow_si(half.z, half.z, -scale, kFirstPrecision);
  acb_mul_2exp_si(half.z, half.z, -1);
  arb_abs(acb_realref(x.z), acb_realref(x.z));
  return arb_lt(acb_realref(x.z), acb_realref(half.z)) != 0;
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
