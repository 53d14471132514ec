// Exact fractions of 128-bit integers, for the countdown rule: every operation reports overflow instead of rounding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hone {

struct Rational {
  __int128 numerator = 0;
  __int128 denominator = 1;  // > 0, no common factor with the numerator

  friend bool operator==(const Rational&, const Rational&) = default;
};

/// Nothing on overflow of 127 bits (the quotient: also on division by zero).
std::optional<Rational> sum(const Rational& a, const Rational& b);
std::optional<Rational> difference(const Rational& a, const Rational& b);
std::optional<Rational> product(const Rational& a, const Rational& b);
std::optional<Rational> quotient(const Rational& a, const Rational& b);

std::string to_string(const Rational& value);  // "-3/7", "24"

}  // namespace hone
