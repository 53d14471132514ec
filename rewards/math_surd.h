// Exact sums of q * sqrt(n) * pi^a * e^b * i^c with rational q and squarefree n: the normal form of most answers that are not
// rational. The terms are linearly independent over the rationals as long as pi and e do not meet, so that equal values have equal
// terms and different terms are different values.
#pragma once

#include <array>
#include <optional>

#include "rewards/math_rational.h"

namespace hone {

class SurdSum {
 public:
  static constexpr int kMaxTerms = 8;
  struct Term {
    int64_t radicand = 1;  // squarefree, > 0
    int16_t pi = 0, e = 0;
    bool imaginary = false;
    Rational factor;  // not 0

    bool same_kind(const Term& other) const {
      return radicand == other.radicand && pi == other.pi && e == other.e && imaginary == other.imaginary;
    }
  };

  /// Nothing if it has another form, does not fit 128 bits or kMaxTerms, or is not defined.
  static std::optional<SurdSum> evaluate(const Expression& expression, NodeId id, Signs signs);

  friend bool operator==(const SurdSum& a, const SurdSum& b);

 private:
  friend class SurdEvaluator;
  bool add(const Term& term);  // false if it does not fit
  static bool product(const Term& a, const Term& b, Term& out);
  static bool square_root(const Rational& value, Term& out);
  std::optional<SurdSum> times(const SurdSum& other) const;
  std::optional<SurdSum> inverse() const;
  bool is_rational() const { return count_ == 0 || (count_ == 1 && terms_[0].same_kind(Term{})); }
  Rational rational() const { return count_ == 0 ? Rational{} : terms_[0].factor; }

  std::array<Term, kMaxTerms> terms_;  // different kinds, in no order
  int count_ = 0;
};

}  // namespace hone
