// The separation bound: E = U / L with algebraic integers U, L; u and l bound their conjugates; E has degree D at most. If E is not
// 0 then |E| >= 1 / (u^(D-1) l).
#include <cmath>

#include "rewards/math_ball.h"

namespace hone {
namespace {

constexpr int kMaxBits = 1 << 14;

/// log2 of the bounds. `ok` is false for what is not algebraic.
struct Bound {
  double u = 0, l = 0;
  bool ok = true;
};

double log2_sum(double a, double b) { return std::max(a, b) + std::log2(1 + std::exp2(-std::abs(a - b))); }

class Bounder {
 public:
  explicit Bounder(const Side& side) : expression_(side.expression), signs_(side.signs) {}

  double degree = 1;

  Bound at(NodeId id, bool angle = false) {
    const Node& node = expression_[id];
    switch (node.op) {
      case Op::kInteger:
        return {size(node), 0};
      case Op::kDecimal:
        return {size(node) + (node.scale < 0 ? -node.scale * kLog10 : 0),
                node.scale > 0 ? node.scale * kLog10 : 0};
      case Op::kImaginary:
        degree *= 2;
        return {0, 0};
      case Op::kSum:
        return sum(id);
      case Op::kProduct:
        return product(id);
      case Op::kQuotient: {
        const Bound a = at(expression_.child(id, 0)), b = at(expression_.child(id, 1));
        return {a.u + b.l, a.l + b.u, a.ok && b.ok};
      }
      case Op::kNegate:
      case Op::kPlusMinus:
      case Op::kAbsolute:
        return at(expression_.child(id), angle);
      case Op::kDegree:
        return angle ? Bound{0, 0, false} : at(expression_.child(id));
      case Op::kPercent: {
        const Bound a = at(expression_.child(id));
        return {a.u, a.l + std::log2(100), a.ok};
      }
      case Op::kRoot:
        return root(at(expression_.child(id, 1)), expression_.child(id, 0));
      case Op::kPower:
        return power(id);
      case Op::kFunction:
        return trigonometric(id);
      default:
        return rational(id);
    }
  }

 private:
  static constexpr double kLog10 = 3.3219280948873626;

  static double size(const Node& node) { return node.digits * kLog10 + 1; }

  Bound rational(NodeId id) const {
    const RationalValue value = to_rational(expression_, id, signs_);
    if (value.outcome != Outcome::kOk) return {0, 0, false};
    const double top = static_cast<double>(value.value.numerator);
    return {std::log2(std::abs(top) + 1), std::log2(static_cast<double>(value.value.denominator))};
  }

  Bound sum(NodeId id) {
    Bound out{-INFINITY, 0};
    for (const NodeId child : expression_.children(id)) {
      const Bound next = at(child);
      out = {log2_sum(out.u + next.l, next.u + out.l), out.l + next.l, out.ok && next.ok};
    }
    return out;
  }

  Bound product(NodeId id) {
    Bound out;
    for (const NodeId child : expression_.children(id)) {
      const Bound next = at(child);
      out = {out.u + next.u, out.l + next.l, out.ok && next.ok};
    }
    return out;
  }

  Bound root(const Bound& inside, double k) {
    degree *= k;
    if (inside.u >= inside.l) return {(inside.u + (k - 1) * inside.l) / k, inside.l, inside.ok};
    return {inside.u, ((k - 1) * inside.u + inside.l) / k, inside.ok};
  }

  Bound root(const Bound& inside, NodeId index) {
    const RationalValue k = to_rational(expression_, index, signs_);
    const bool usual = k.outcome == Outcome::kOk && k.value.denominator == 1 && k.value.numerator >= 1 &&
                       k.value.numerator <= 64;
    if (!usual) return {0, 0, false};
    return root(inside, static_cast<double>(k.value.numerator));
  }

  Bound power(NodeId id) {
    const RationalValue exponent = to_rational(expression_, expression_.child(id, 1), signs_);
    Bound base = at(expression_.child(id, 0));
    if (exponent.outcome != Outcome::kOk || exponent.value.denominator > 64) return {0, 0, false};
    double n = static_cast<double>(exponent.value.numerator);
    if (std::abs(n) > 100000) return {0, 0, false};
    if (n < 0) std::swap(base.u, base.l), n = -n;
    const Bound raised{base.u * n, base.l * n, base.ok};
    if (exponent.value.denominator == 1) return raised;
    return root(raised, static_cast<double>(exponent.value.denominator));
  }

  /// sin, cos, ... of a rational multiple p/q of pi lie in the field of the root of unity of order 2q, with i: sin is half the
  /// difference of two roots of unity, and so on.
  Bound trigonometric(NodeId id) {
    const Node& node = expression_[id];
    if (node.aux > static_cast<uint8_t>(Function::kCis)) return {0, 0, false};
    const auto order = turns(expression_.child(id));
    if (!order) return {0, 0, false};
    degree *= 2.0 * static_cast<double>(*order);
    return {1, 1};
  }

  /// q, if the argument is p/q of a half turn.
  std::optional<int64_t> turns(NodeId id) const {
    const Node& node = expression_[id];
    if (node.op == Op::kDegree) {
      const RationalValue degrees = to_rational(expression_, expression_.child(id), signs_);
      if (degrees.outcome != Outcome::kOk) return std::nullopt;
      const auto part = hone::quotient(degrees.value, {180, 1});
      return part && part->denominator < 1000 ? std::optional(static_cast<int64_t>(part->denominator))
                                              : std::nullopt;
    }
    // A product or quotient with exactly one pi above the line: the rest is p/q.
    int pis = 0;
    __int128 bottom = 1;
    if (!collect(id, true, pis, bottom) || pis != 1 || bottom > 1000) return std::nullopt;
    return static_cast<int64_t>(bottom);
  }

  bool collect(NodeId id, bool above, int& pis, __int128& bottom) const {
    const Node& node = expression_[id];
    if (node.op == Op::kPi) {
      ++pis;
      return above;
    }
    if (node.op == Op::kProduct || node.op == Op::kNegate || node.op == Op::kPlusMinus) {
      for (const NodeId child : expression_.children(id)) {
        if (!collect(child, above, pis, bottom)) return false;
      }
      return true;
    }
    if (node.op == Op::kQuotient && to_rational(expression_, id, signs_).outcome != Outcome::kOk) {
      return collect(expression_.child(id, 0), above, pis, bottom) &&
             collect(expression_.child(id, 1), !above, pis, bottom);
    }
    const RationalValue value = to_rational(expression_, id, signs_);
    if (value.outcome != Outcome::kOk || value.value.numerator == 0) return false;
    const __int128 size = value.value.numerator < 0 ? -value.value.numerator : value.value.numerator;
    const __int128 factor = above ? value.value.denominator : size;
    return factor < 1000 && (bottom *= factor) < 1000;
  }

  const Expression& expression_;
  Signs signs_;
};

}  // namespace

std::optional<int> separation_bits(const Side& a, const Side& b) {
  Bounder left(a), right(b);
  const Bound x = left.at(a.id), y = right.at(b.id);
  if (!x.ok || !y.ok) return std::nullopt;
  const double degree = left.degree * right.degree;
  const double u = log2_sum(x.u + y.l, y.u + x.l), l = x.l + y.l;
  const double bits = (degree - 1) * std::max(0.0, u) + std::max(0.0, l) + 2;
  if (!(bits < kMaxBits)) return std::nullopt;
  return static_cast<int>(bits);
}

}  // namespace hone
