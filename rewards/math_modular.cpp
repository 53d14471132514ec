#include "rewards/math_modular.h"

#include <algorithm>
#include <cmath>

#include "core/philox.h"

namespace hone {
namespace {

// The largest primes below 2^62 that are 1 mod 4, so that -1 has a square root.
constexpr uint64_t kGap[] = {87, 143};
constexpr uint64_t kPrime[] = {(uint64_t{1} << 62) - kGap[0], (uint64_t{1} << 62) - kGap[1]};

template <int K>
struct Field {
  static constexpr uint64_t kP = kPrime[K];

  static constexpr uint64_t multiply(uint64_t a, uint64_t b) {
    // 2^62 = gap mod p: fold the high part down twice.
    unsigned __int128 x = static_cast<unsigned __int128>(a) * b;
    constexpr uint64_t kMask = (uint64_t{1} << 62) - 1;
    x = (x >> 62) * kGap[K] + (static_cast<uint64_t>(x) & kMask);
    uint64_t y = static_cast<uint64_t>(x >> 62) * kGap[K] + (static_cast<uint64_t>(x) & kMask);
    return y >= kP ? y - kP : y;
  }
  static constexpr uint64_t add(uint64_t a, uint64_t b) { return a + b >= kP ? a + b - kP : a + b; }
  static constexpr uint64_t negate(uint64_t a) { return a == 0 ? 0 : kP - a; }
  static constexpr uint64_t power(uint64_t a, uint64_t n) {
    uint64_t out = 1;
    for (; n > 0; n >>= 1, a = multiply(a, a)) {
      if (n & 1) out = multiply(out, a);
    }
    return out;
  }
  static constexpr uint64_t inverse(uint64_t a) { return power(a, kP - 2); }

  /// A square root of -1: g^((p-1)/4) for the first g whose square is not 1.
  static constexpr uint64_t imaginary() {
    for (uint64_t g = 2;; ++g) {
      const uint64_t root = power(g, (kP - 1) / 4);
      if (multiply(root, root) == kP - 1) return root;
    }
  }
  static constexpr uint64_t kImaginary = imaginary();

  static uint64_t integer(int64_t n) {
    const uint64_t size = static_cast<uint64_t>(n < 0 ? -n : n) % kP;
    return n < 0 ? negate(size) : size;
  }
};

template <int K>
class Evaluator {
  using F = Field<K>;

 public:
  Evaluator(const Expression& expression, Signs signs, uint64_t seed)
      : expression_(expression), signs_(signs), seed_(seed) {}

  std::optional<uint64_t> at(NodeId id) const {
    const Node& node = expression_[id];
    switch (node.op) {
      case Op::kInteger:
        return digits(node);
      case Op::kDecimal:
        return decimal(node);
      case Op::kSymbol:
        return symbol(node.value);
      case Op::kPi:
        return symbol(1);
      case Op::kEuler:
        return symbol(2);
      case Op::kImaginary:
        return F::kImaginary;
      case Op::kSum:
      case Op::kProduct:
        return fold(id, node.op == Op::kSum);
      case Op::kQuotient: {
        const auto top = at(expression_.child(id, 0)), bottom = at(expression_.child(id, 1));
        if (!top || !bottom || *bottom == 0) return std::nullopt;
        return F::multiply(*top, F::inverse(*bottom));
      }
      case Op::kPower:
        return power(id);
      case Op::kNegate:
        return unary(id, F::kP - 1);
      case Op::kPlusMinus:
        return unary(id, takes_minus(node, signs_) ? F::kP - 1 : 1);
      case Op::kPercent:
        return unary(id, F::inverse(100));
      case Op::kDegree:
        return at(expression_.child(id));
      default: {
        const RationalValue value = to_rational(expression_, id, signs_);
        if (value.outcome != Outcome::kOk) return std::nullopt;
        return rational(value.value);
      }
    }
  }

 private:
  uint64_t symbol(int64_t name) const { return mix(mix(seed_, static_cast<uint64_t>(name)), K) % F::kP; }

  static uint64_t reduced(__int128 n) {
    const auto size = static_cast<uint64_t>((n < 0 ? -n : n) % static_cast<__int128>(F::kP));
    return n < 0 ? F::negate(size) : size;
  }
  static std::optional<uint64_t> rational(const Rational& value) {
    const uint64_t bottom = reduced(value.denominator);
    if (bottom == 0) return std::nullopt;
    return F::multiply(reduced(value.numerator), F::inverse(bottom));
  }

  static uint64_t digits(const Node& node) {
    if (node.digits <= 18) return F::integer(node.value);
    uint64_t out = 0;
    for (const char c : node.text) {
      if (c == 'e' || c == 'E') break;
      if (c >= '0' && c <= '9') out = F::add(F::multiply(out, 10), static_cast<uint64_t>(c - '0'));
    }
    return out;
  }

  static uint64_t decimal(const Node& node) {
    const uint64_t scale = F::power(10, static_cast<uint64_t>(node.scale < 0 ? -node.scale : node.scale));
    return F::multiply(digits(node), node.scale < 0 ? scale : F::inverse(scale));
  }

  std::optional<uint64_t> unary(NodeId id, uint64_t factor) const {
    const auto inner = at(expression_.child(id));
    if (!inner) return std::nullopt;
    return F::multiply(*inner, factor);
  }

  std::optional<uint64_t> fold(NodeId id, bool add) const {
    uint64_t out = add ? 0 : 1;
    for (const NodeId child : expression_.children(id)) {
      const auto next = at(child);
      if (!next) return std::nullopt;
      out = add ? F::add(out, *next) : F::multiply(out, *next);
    }
    return out;
  }

  std::optional<uint64_t> power(NodeId id) const {
    const RationalValue exponent = to_rational(expression_, expression_.child(id, 1), signs_);
    if (exponent.outcome != Outcome::kOk || exponent.value.denominator != 1) return std::nullopt;
    const __int128 n = exponent.value.numerator;
    if (n > (1 << 20) || n < -(1 << 20)) return std::nullopt;
    const auto base = at(expression_.child(id, 0));
    if (!base || (*base == 0 && n <= 0)) return std::nullopt;
    const uint64_t size = static_cast<uint64_t>(n < 0 ? -n : n);
    return F::power(n < 0 ? F::inverse(*base) : *base, size);
  }

  const Expression& expression_;
  Signs signs_;
  uint64_t seed_;
};

}  // namespace

std::optional<Fingerprint> fingerprint(const Expression& expression, NodeId id, Signs signs, uint64_t seed) {
  const auto first = Evaluator<0>(expression, signs, seed).at(id);
  if (!first) return std::nullopt;
  const auto second = Evaluator<1>(expression, signs, seed).at(id);
  if (!second) return std::nullopt;
  return Fingerprint{*first, *second};
}

namespace {

/// log2 of the sums of the coefficients' sizes, above and below the line.
struct Height {
  double top = 0, bottom = 0;
};

double log2_of_sum(double a, double b) { return std::max(a, b) + std::log2(1 + std::exp2(-std::abs(a - b))); }

Height height(const Expression& e, NodeId id, Signs signs) {
  const Node& node = e[id];
  constexpr double kLog10 = 3.3219280948873626;
  switch (node.op) {
    case Op::kInteger:
    case Op::kDecimal: {
      const double digits =
          node.digits <= 18 ? std::log2(1 + std::abs(static_cast<double>(node.value))) : node.digits * kLog10;
      return {digits + std::max(0, -node.scale) * kLog10, std::max(0, node.scale) * kLog10};
    }
    case Op::kSum:
    case Op::kProduct: {
      Height out{node.op == Op::kSum ? -1e9 : 0, 0};
      for (const NodeId child : e.children(id)) {
        const Height next = height(e, child, signs);
        out = {node.op == Op::kSum ? log2_of_sum(out.top + next.bottom, next.top + out.bottom)
                                   : out.top + next.top,
               out.bottom + next.bottom};
      }
      return out;
    }
    case Op::kQuotient: {
      const Height a = height(e, e.child(id, 0), signs), b = height(e, e.child(id, 1), signs);
      return {a.top + b.bottom, a.bottom + b.top};
    }
    case Op::kPower: {
      const RationalValue exponent = to_rational(e, e.child(id, 1), signs);
      const Height base = height(e, e.child(id, 0), signs);
      const double n = static_cast<double>(exponent.value.numerator);
      return n < 0 ? Height{-n * base.bottom, -n * base.top} : Height{n * base.top, n * base.bottom};
    }
    case Op::kNegate:
    case Op::kPlusMinus:
    case Op::kDegree:
      return height(e, e.child(id), signs);
    case Op::kPercent: {
      const Height inner = height(e, e.child(id), signs);
      return {inner.top, inner.bottom + std::log2(100)};
    }
    case Op::kSymbol:
    case Op::kPi:
    case Op::kEuler:
    case Op::kImaginary:
      return {};
    default:
      return {127, 127};
  }
}

}  // namespace

double coefficient_bits(const Expression& expression, NodeId id, Signs signs) {
  const Height both = height(expression, id, signs);
  return std::max(0.0, both.top) + std::max(0.0, both.bottom) + 1;
}

uint64_t field_product(int prime, uint64_t a, uint64_t b) {
  return prime == 0 ? Field<0>::multiply(a, b) : Field<1>::multiply(a, b);
}
uint64_t field_inverse(int prime, uint64_t a) {
  return prime == 0 ? Field<0>::inverse(a) : Field<1>::inverse(a);
}

}  // namespace hone
