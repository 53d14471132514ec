#include "rewards/math_ball_evaluator.h"

#include <cmath>
#include <string>

#include "core/philox.h"

namespace hone {

bool BallEvaluator::at(NodeId id, acb_t out, bool angle) {
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

bool BallEvaluator::number(const Node& node, acb_t out) {
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

/// A rational with 20 bits in [1/4, 1/2), [2, 4) or [5/4, 5/2), by the point's index; from index 3 on with a sign.
bool BallEvaluator::symbol(const Node& node, acb_t out) {
  const uint64_t word =
      mix(mix(point_.seed, static_cast<uint64_t>(node.value)), static_cast<uint64_t>(point_.index));
  if (point_.integers) {
    acb_set_si(out, static_cast<slong>(word % 64 + 3));
    return true;
  }
  constexpr int kScale[] = {2, 16, 10};
  acb_set_si(out, static_cast<slong>(kScale[point_.index % 3] * ((word & 0xFFFFF) + 0x100000)));
  acb_mul_2exp_si(out, out, -23);
  if (point_.index == 3 || (point_.index > 3 && (word >> 40 & 1))) acb_neg(out, out);
  return true;
}

bool BallEvaluator::fold(NodeId id, bool add, acb_t out, bool angle) {
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

bool BallEvaluator::quotient(NodeId id, acb_t out, bool angle) {
  Ball bottom;
  if (!at(expression_.child(id, 0), out, angle) || !at(expression_.child(id, 1), bottom.z)) return false;
  if (acb_contains_zero(bottom.z)) return false;
  acb_div(out, out, bottom.z, precision_);
  return true;
}

bool BallEvaluator::unary(const Node& node, NodeId id, acb_t out, bool angle) {
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
    case Op::kDoubleFactorial: {
      int64_t n = 0;
      if (!whole(out, 2000, n) || n < 0) return false;
      for (acb_one(out); n > 1; n -= 2) acb_mul_si(out, out, static_cast<slong>(n), precision_);
      return true;
    }
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

bool BallEvaluator::times_pi(acb_t out) {
  Ball pi;
  acb_const_pi(pi.z, precision_);
  acb_mul(out, out, pi.z, precision_);
  return true;
}

/// Whether |z| is certainly below `limit`: what grows fast must not be fed with more.
bool BallEvaluator::small(const acb_t z, double limit) {
  mag_t size;
  mag_init(size);
  acb_get_mag(size, z);
  const bool fits = mag_cmp_2exp_si(size, static_cast<slong>(std::log2(limit))) < 0;
  mag_clear(size);
  return fits;
}

/// Whether z is exactly a whole number of at most that size.
bool BallEvaluator::whole(const acb_t z, int64_t limit, int64_t& n) {
  if (!acb_is_int(z) || !small(z, static_cast<double>(limit))) return false;
  n = static_cast<int64_t>(arf_get_si(arb_midref(acb_realref(z)), ARF_RND_DOWN));
  return true;
}

bool BallEvaluator::root(NodeId id, acb_t out) {
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
bool BallEvaluator::real_root(acb_t out, ulong k) {
  if (acb_is_real(out) && arb_is_negative(acb_realref(out)) && k % 2 == 1) {
    arb_neg(acb_realref(out), acb_realref(out));
    arb_root_ui(acb_realref(out), acb_realref(out), k, precision_);
    arb_neg(acb_realref(out), acb_realref(out));
    return true;
  }
  acb_root_ui(out, out, k, precision_);
  return acb_is_finite(out);
}

bool BallEvaluator::power(NodeId id, acb_t out) {
  const RationalValue exponent = to_rational(expression_, expression_.child(id, 1), signs_);
  if (!at(expression_.child(id, 0), out)) return false;
  const bool rational = exponent.outcome == Outcome::kOk && exponent.value.denominator <= 1000 &&
                        exponent.value.numerator < (1 << 24) && exponent.value.numerator > -(1 << 24);
  if (!rational) {
    Ball y;
    int64_t whole_exponent = 0;
    if (!at(expression_.child(id, 1), y.z)) return false;
    if (!whole(y.z, 1 << 20, whole_exponent)) return raise(out, y.z);
    if (whole_exponent <= 0 && acb_contains_zero(out)) return false;
    acb_pow_si(out, out, static_cast<slong>(whole_exponent), precision_);
    return acb_is_finite(out);
  }
  const auto n = static_cast<slong>(exponent.value.numerator);
  if (n <= 0 && acb_contains_zero(out)) return false;
  if (exponent.value.denominator > 1 && !real_root(out, static_cast<ulong>(exponent.value.denominator)))
    return false;
  acb_pow_si(out, out, n, precision_);
  return acb_is_finite(out);
}

/// out^y by exp and log, if neither grows out of bounds.
bool BallEvaluator::raise(acb_t out, const acb_t y) {
  if (acb_is_zero(out)) return acb_is_real(y) && arb_is_positive(acb_realref(y));
  Ball logarithm;
  acb_log(logarithm.z, out, precision_);
  if (!acb_is_finite(logarithm.z)) return false;
  acb_mul(logarithm.z, logarithm.z, y, precision_);
  if (!small(logarithm.z, 1 << 20)) return false;
  acb_exp(out, logarithm.z, precision_);
  return acb_is_finite(out);
}

bool BallEvaluator::binomial(NodeId id, acb_t out) {
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

}  // namespace hone
