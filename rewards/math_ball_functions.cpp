// The functions of the ball evaluator.
#include "rewards/math_ball_evaluator.h"

namespace hone {

bool BallEvaluator::function(NodeId id, acb_t out) {
  const Node& node = expression_[id];
  const auto f = static_cast<Function>(node.aux);
  if (!at(expression_.child(id), out, f <= Function::kCis)) return false;
  if (f >= Function::kGcd) return several(id, f, out);
  if (f >= Function::kConjugate) return part(f, out);
  if (!small(out, 1 << 20)) return false;
  if (f >= Function::kArcsin && f <= Function::kArccsc) return inverse(f, out);
  if (f != Function::kLn && f != Function::kLog) return elementary(f, out);
  if (acb_contains_zero(out)) return false;
  acb_log(out, out, precision_);
  if (node.count == 2 && !divide_by_log(expression_.child(id, 1), out)) return false;
  return acb_is_finite(out);
}

bool BallEvaluator::elementary(Function f, acb_t out) {
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
    case Function::kCis:
      acb_mul_onei(out, out);
      acb_exp(out, out, precision_);
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
    default:
      return false;
  }
  return acb_is_finite(out);
}

bool BallEvaluator::inverse(Function f, acb_t out) {
  if (f == Function::kArcsec || f == Function::kArccsc) {
    if (acb_contains_zero(out)) return false;
    acb_inv(out, out, precision_);
  }
  switch (f) {
    case Function::kArcsin:
    case Function::kArccsc:
      acb_asin(out, out, precision_);
      break;
    case Function::kArccos:
    case Function::kArcsec:
      acb_acos(out, out, precision_);
      break;
    case Function::kArctan:
      acb_atan(out, out, precision_);
      break;
    case Function::kArccot: {  // between 0 and pi
      acb_atan(out, out, precision_);
      Ball half;
      acb_const_pi(half.z, precision_);
      acb_mul_2exp_si(half.z, half.z, -1);
      acb_sub(out, half.z, out, precision_);
      break;
    }
    default:
      return false;
  }
  return acb_is_finite(out);
}

/// Conjugate, real and imaginary part.
bool BallEvaluator::part(Function f, acb_t out) {
  if (f == Function::kConjugate) {
    acb_conj(out, out);
    return true;
  }
  if (f == Function::kImaginaryPart) arb_set(acb_realref(out), acb_imagref(out));
  arb_zero(acb_imagref(out));
  return true;
}

/// gcd, lcm, max, min; `out` holds the first argument.
bool BallEvaluator::several(NodeId id, Function f, acb_t out) {
  Ball next;
  for (int i = 1; i < expression_[id].count; ++i) {
    if (!at(expression_.child(id, i), next.z) || !acb_is_real(out) || !acb_is_real(next.z)) return false;
    arb_ptr x = acb_realref(out), y = acb_realref(next.z);
    if (f == Function::kMax || f == Function::kMin) {
      (f == Function::kMax ? arb_max : arb_min)(x, x, y, precision_);
      continue;
    }
    fmpz_t a, b;
    fmpz_init(a);
    fmpz_init(b);
    const bool exact =
        arb_is_exact(x) && arb_is_exact(y) && arb_get_unique_fmpz(a, x) && arb_get_unique_fmpz(b, y);
    if (exact) {
      (f == Function::kGcd ? fmpz_gcd : fmpz_lcm)(a, a, b);
      arb_set_fmpz(x, a);
    }
    fmpz_clear(a);
    fmpz_clear(b);
    if (!exact) return false;
  }
  return true;
}

bool BallEvaluator::divide_by_log(NodeId base_id, acb_t out) {
  Ball base;
  if (!at(base_id, base.z) || acb_contains_zero(base.z)) return false;
  acb_log(base.z, base.z, precision_);
  if (acb_contains_zero(base.z)) return false;
  acb_div(out, out, base.z, precision_);
  return true;
}

}  // namespace hone
