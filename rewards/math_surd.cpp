#include "rewards/math_surd.h"

#include <cmath>
#include <numeric>

namespace hone {
namespace {

constexpr uint64_t kMaxRadicand = 1000000000;  // below it, trial division to 1000 finds every square

/// n = square^2 * rest with squarefree rest, n > 0 or square = 0; false if that can't be told.
bool split_square(uint64_t n, int64_t& square, int64_t& rest) {
  square = n == 0 ? 0 : 1;
  rest = 1;
  for (uint64_t p = 2; p <= 1000 && p * p <= n; p += p == 2 ? 1 : 2) {
    int power = 0;
    for (; n % p == 0; n /= p) ++power;
    for (int i = 0; i < power / 2; ++i) square *= static_cast<int64_t>(p);
    if (power % 2 == 1) rest *= static_cast<int64_t>(p);
  }
  if (n <= 1) return true;
  const auto root = static_cast<uint64_t>(std::llround(std::sqrt(static_cast<double>(n))));
  if (root * root == n) {
    square *= static_cast<int64_t>(root);
    return true;
  }
  rest *= static_cast<int64_t>(n);
  return n <= kMaxRadicand;  // a larger one may still hide the square of a large prime
}

}  // namespace

bool SurdSum::add(const Term& term) {
  for (int i = 0; i < count_; ++i) {
    if (!terms_[i].same_kind(term)) continue;
    const auto total = sum(terms_[i].factor, term.factor);
    if (!total) return false;
    if (total->numerator == 0) {
      terms_[i] = terms_[--count_];
    } else {
      terms_[i].factor = *total;
    }
    return true;
  }
  if (term.factor.numerator == 0) return true;
  if (count_ == kMaxTerms) return false;
  terms_[count_++] = term;
  return true;
}

bool SurdSum::product(const Term& a, const Term& b, Term& out) {
  const int64_t common = std::gcd(a.radicand, b.radicand);
  auto factor = hone::product(a.factor, b.factor);
  if (factor) factor = hone::product(*factor, {a.imaginary && b.imaginary ? -common : common, 1});
  if (!factor || __builtin_mul_overflow(a.radicand / common, b.radicand / common, &out.radicand))
    return false;
  out.factor = *factor;
  out.imaginary = a.imaginary != b.imaginary;
  const int pi = a.pi + b.pi, e = a.e + b.e;
  out.pi = static_cast<int16_t>(pi);
  out.e = static_cast<int16_t>(e);
  return std::abs(pi) < 10000 && std::abs(e) < 10000;
}

/// sqrt(p / q) = sqrt(p q) / q.
bool SurdSum::square_root(const Rational& value, Term& out) {
  __int128 under;
  const __int128 top = value.numerator < 0 ? -value.numerator : value.numerator;
  if (__builtin_mul_overflow(top, value.denominator, &under) || under > (static_cast<__int128>(1) << 62))
    return false;
  int64_t square = 1;
  if (!split_square(static_cast<uint64_t>(under), square, out.radicand)) return false;
  const auto factor = quotient({square, 1}, {value.denominator, 1});
  if (!factor) return false;
  out.factor = *factor;
  out.imaginary = value.numerator < 0;
  return true;
}

std::optional<SurdSum> SurdSum::times(const SurdSum& other) const {
  SurdSum out;
  for (int i = 0; i < count_; ++i) {
    for (int j = 0; j < other.count_; ++j) {
      Term term;
      if (!product(terms_[i], other.terms_[j], term) || !out.add(term)) return std::nullopt;
    }
  }
  return out;
}

/// 1 / (a + b) = (a - b) / (a^2 - b^2), where the denominator must come out as one term.
std::optional<SurdSum> SurdSum::inverse() const {
  if (count_ == 1) {
    // 1 / (q sqrt(n) pi^a e^b i) = sqrt(n) pi^-a e^-b / (q n i), and 1 / i = -i
    Term out = terms_[0];
    auto bottom = hone::product(out.factor, {out.imaginary ? -out.radicand : out.radicand, 1});
    const auto factor = bottom ? quotient({1, 1}, *bottom) : std::nullopt;
    if (!factor) return std::nullopt;
    out.factor = *factor;
    out.pi = static_cast<int16_t>(-out.pi);
    out.e = static_cast<int16_t>(-out.e);
    SurdSum single;
    single.add(out);
    return single;
  }
  if (count_ != 2) return std::nullopt;
  SurdSum conjugate = *this;
  conjugate.terms_[1].factor.numerator = -conjugate.terms_[1].factor.numerator;
  const auto norm = times(conjugate);
  if (!norm || norm->count_ != 1) return std::nullopt;
  const auto reciprocal = norm->inverse();
  return reciprocal ? conjugate.times(*reciprocal) : std::nullopt;
}

bool operator==(const SurdSum& a, const SurdSum& b) {
  if (a.count_ != b.count_) return false;
  for (int i = 0; i < a.count_; ++i) {
    bool found = false;
    for (int j = 0; j < b.count_ && !found; ++j) {
      found = a.terms_[i].same_kind(b.terms_[j]) && a.terms_[i].factor == b.terms_[j].factor;
    }
    if (!found) return false;
  }
  return true;
}

class SurdEvaluator {
 public:
  SurdEvaluator(const Expression& expression, Signs signs) : expression_(expression), signs_(signs) {}

  std::optional<SurdSum> at(NodeId id) const {
    const Node& node = expression_[id];
    switch (node.op) {
      case Op::kPi:
        return single({1, 1, 0, false, {1, 1}});
      case Op::kEuler:
        return single({1, 0, 1, false, {1, 1}});
      case Op::kImaginary:
        return single({1, 0, 0, true, {1, 1}});
      case Op::kSum:
        return sum(id);
      case Op::kProduct:
        return product(id);
      case Op::kQuotient: {
        const auto top = at(expression_.child(id, 0)), bottom = at(expression_.child(id, 1));
        if (!top || !bottom || bottom->count_ == 0) return std::nullopt;
        const auto inverse = bottom->inverse();
        return inverse ? top->times(*inverse) : std::nullopt;
      }
      case Op::kRoot:
        return root(id);
      case Op::kPower:
        return power(id);
      case Op::kNegate:
        return scaled(id, {-1, 1});
      case Op::kPlusMinus:
        return scaled(id, {takes_minus(node, signs_) ? -1 : 1, 1});
      case Op::kPercent:
        return scaled(id, {1, 100});
      case Op::kDegree:
        return at(expression_.child(id));
      default:
        return rational(id);
    }
  }

 private:
  static SurdSum single(const SurdSum::Term& term) {
    SurdSum out;
    out.add(term);
    return out;
  }

  std::optional<SurdSum> rational(NodeId id) const {
    const RationalValue value = to_rational(expression_, id, signs_);
    if (value.outcome != Outcome::kOk) return std::nullopt;
    return single({1, 0, 0, false, value.value});
  }

  std::optional<SurdSum> sum(NodeId id) const {
    SurdSum out;
    for (const NodeId child : expression_.children(id)) {
      const auto next = at(child);
      if (!next) return std::nullopt;
      for (int i = 0; i < next->count_; ++i) {
        if (!out.add(next->terms_[i])) return std::nullopt;
      }
    }
    return out;
  }

  std::optional<SurdSum> product(NodeId id) const {
    std::optional<SurdSum> out;
    for (const NodeId child : expression_.children(id)) {
      const auto next = at(child);
      if (!next) return std::nullopt;
      out = out ? out->times(*next) : next;
      if (!out) return std::nullopt;
    }
    return out;
  }

  std::optional<SurdSum> scaled(NodeId id, const Rational& factor) const {
    auto out = at(expression_.child(id));
    if (!out) return std::nullopt;
    for (int i = 0; i < out->count_; ++i) {
      const auto value = hone::product(out->terms_[i].factor, factor);
      if (!value) return std::nullopt;
      out->terms_[i].factor = *value;
    }
    return out;
  }

  std::optional<SurdSum> root(NodeId id) const {
    const RationalValue index = to_rational(expression_, expression_.child(id, 0), signs_);
    const auto inside = at(expression_.child(id, 1));
    if (index.outcome != Outcome::kOk || !(index.value == Rational{2, 1}) || !inside) return std::nullopt;
    return square_root(*inside);
  }

  static std::optional<SurdSum> square_root(const SurdSum& inside) {
    SurdSum::Term term;
    if (!inside.is_rational() || !SurdSum::square_root(inside.rational(), term)) return std::nullopt;
    return single(term);
  }

  std::optional<SurdSum> power(NodeId id) const {
    const RationalValue exponent = to_rational(expression_, expression_.child(id, 1), signs_);
    const auto base = at(expression_.child(id, 0));
    if (exponent.outcome != Outcome::kOk || !base || exponent.value.denominator > 2) return std::nullopt;
    if (exponent.value.numerator > 1000 || exponent.value.numerator < -1000) return std::nullopt;
    const int n = static_cast<int>(exponent.value.numerator);
    if (base->count_ == 0) return n > 0 ? std::optional(SurdSum()) : std::nullopt;
    std::optional<SurdSum> start = base;
    // x^(n/2) = sqrt(x)^n needs x > 0: elsewhere the branches differ.
    if (exponent.value.denominator == 2) {
      if (!base->is_rational() || base->rational().numerator < 0) return std::nullopt;
      start = square_root(*base);
    }
    if (start && n < 0) start = start->inverse();
    if (!start) return std::nullopt;
    if (start->count_ > 1 && std::abs(n) > 64) return std::nullopt;
    std::optional<SurdSum> out = single({1, 0, 0, false, {1, 1}});
    for (int rest = std::abs(n); rest > 0 && out; rest >>= 1) {
      if (rest & 1) out = start ? out->times(*start) : std::nullopt;
      if (rest > 1) start = start ? start->times(*start) : std::nullopt;
    }
    return out;
  }

  const Expression& expression_;
  Signs signs_;
};

std::optional<SurdSum> SurdSum::evaluate(const Expression& expression, NodeId id, Signs signs) {
  return SurdEvaluator(expression, signs).at(id);
}

}  // namespace hone
