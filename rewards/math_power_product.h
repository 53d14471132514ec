// A number as a product of powers of primes with rational exponents, 2^{823543} * 3^{1/2}: a normal form that costs the same however
// large the number is. Equal numbers have equal forms, and different forms are different numbers, as primes are multiplicatively
// independent over the rationals.
#pragma once

#include <optional>
#include <vector>

#include "rewards/math_rational.h"

namespace hone {

class PowerProduct {
 public:
  /// Nothing if it is 0, has another form (a sum that is no small fraction, an even root of a negative number), or does not fit.
  static std::optional<PowerProduct> evaluate(const Expression& expression, NodeId id, Signs signs);

  friend bool operator==(const PowerProduct&, const PowerProduct&) = default;

 private:
  friend class PowerEvaluator;
  struct Factor {
    uint64_t prime = 0;
    Rational exponent;  // not 0
    friend bool operator==(const Factor&, const Factor&) = default;
  };
  bool multiply(uint64_t prime, const Rational& exponent);
  bool multiply(const PowerProduct& other);
  bool raise(const Rational& exponent);

  bool negative_ = false;
  std::vector<Factor> factors_;  // by prime
};

}  // namespace hone
