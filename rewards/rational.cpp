#include "rewards/rational.h"

#include <numeric>

namespace hone {
namespace {

__int128 magnitude(__int128 a) { return a < 0 ? -a : a; }

__int128 gcd(__int128 a, __int128 b) {
  while (b != 0) {
    const __int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

constexpr __int128 kLowest = static_cast<__int128>(static_cast<unsigned __int128>(1) << 127);

bool fits_64(__int128 value) { return value == static_cast<int64_t>(value); }

/// Lowest terms, denominator positive. Nothing for the one value that has no negative.
std::optional<Rational> reduced(__int128 numerator, __int128 denominator) {
  if (denominator == 0 || numerator == kLowest || denominator == kLowest) return std::nullopt;
  if (denominator < 0) numerator = -numerator, denominator = -denominator;
  if (denominator == 1) return Rational{numerator, denominator};
  if (fits_64(numerator) && fits_64(denominator)) {  // the usual case, several times as fast
    const int64_t small = static_cast<int64_t>(numerator), other = static_cast<int64_t>(denominator);
    const int64_t common = std::gcd(small, other);
    return Rational{small / common, other / common};
  }
  const __int128 common = gcd(magnitude(numerator), denominator);
  return Rational{numerator / common, denominator / common};
}

std::string digits(__int128 value) {
  std::string text;
  const bool negative = value < 0;
  do {
    const int digit = static_cast<int>(value % 10);
    text.insert(text.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  return negative ? "-" + text : text;
}

}  // namespace

std::optional<Rational> product(const Rational& a, const Rational& b) {
  __int128 numerator, denominator;
  if (__builtin_mul_overflow(a.numerator, b.numerator, &numerator)) return std::nullopt;
  if (__builtin_mul_overflow(a.denominator, b.denominator, &denominator)) return std::nullopt;
  return reduced(numerator, denominator);
}

std::optional<Rational> quotient(const Rational& a, const Rational& b) {
  if (b.numerator == 0) return std::nullopt;
  __int128 numerator, denominator;
  if (__builtin_mul_overflow(a.numerator, b.denominator, &numerator)) return std::nullopt;
  if (__builtin_mul_overflow(a.denominator, b.numerator, &denominator)) return std::nullopt;
  return reduced(numerator, denominator);
}

std::optional<Rational> sum(const Rational& a, const Rational& b) {
  __int128 left, right, numerator, denominator;
  if (__builtin_mul_overflow(a.numerator, b.denominator, &left)) return std::nullopt;
  if (__builtin_mul_overflow(b.numerator, a.denominator, &right)) return std::nullopt;
  if (__builtin_add_overflow(left, right, &numerator)) return std::nullopt;
  if (__builtin_mul_overflow(a.denominator, b.denominator, &denominator)) return std::nullopt;
  return reduced(numerator, denominator);
}

std::optional<Rational> difference(const Rational& a, const Rational& b) {
  return sum(a, {-b.numerator, b.denominator});
}

std::string to_string(const Rational& value) {
  if (value.denominator == 1) return digits(value.numerator);
  return digits(value.numerator) + "/" + digits(value.denominator);
}

}  // namespace hone
