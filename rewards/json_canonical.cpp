#include "rewards/json_canonical.h"

#include <charconv>
#include <cmath>

#include "core/error.h"

namespace hone {
namespace {

using Wide = __int128;

constexpr double kTwo64 = 18446744073709551616.0;

Wide wide(const Json& integer) {
  return integer.is_number_unsigned() ? static_cast<Wide>(integer.get<uint64_t>())
                                      : static_cast<Wide>(integer.get<int64_t>());
}

std::strong_ordering order(Wide a, Wide b) { return a <=> b; }

std::strong_ordering order(double a, double b) {
  return a < b   ? std::strong_ordering::less
         : a > b ? std::strong_ordering::greater
                 : std::strong_ordering::equal;
}

/// An integer of at most 64 bits against any finite double.
std::strong_ordering compare_mixed(Wide integer, double real) {
  if (real >= kTwo64) return std::strong_ordering::less;
  if (real <= -kTwo64) return std::strong_ordering::greater;
  const double whole = std::trunc(real);
  const std::strong_ordering by_whole = order(integer, static_cast<Wide>(whole));
  return by_whole != 0 ? by_whole : order(whole, real);
}

void append(const Json& value, std::string& out_) {
  if (value.is_array()) {
    out_ += '[';
    for (const Json& item : value) append(item, out_), out_ += ',';
    out_ += ']';
  } else if (value.is_object()) {
    out_ += '{';
    for (auto member = value.begin(); member != value.end(); ++member) {  // sorted by key
      out_ += Json(member.key()).dump(-1, ' ', false, Json::error_handler_t::replace);
      out_ += ':';
      append(member.value(), out_);
      out_ += ',';
    }
    out_ += '}';
  } else if (value.is_number_float() && is_integral(value) && std::abs(value.get<double>()) < kTwo64) {
    const double real = value.get<double>();
    if (real < 0) out_ += '-';
    out_ += std::to_string(static_cast<uint64_t>(std::abs(real)));
  } else {
    out_ += value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
}

}  // namespace

std::string canonical_json(const Json& value) {
  std::string out;
  append(value, out);
  return out;
}

bool is_integral(const Json& number) {
  return number.is_number_integer() ||
         (number.is_number_float() && std::trunc(number.get<double>()) == number.get<double>());
}

std::strong_ordering compare_numbers(const Json& a, const Json& b) {
  if (a.is_number_float() && b.is_number_float()) return order(a.get<double>(), b.get<double>());
  if (a.is_number_float()) return 0 <=> compare_mixed(wide(b), a.get<double>());
  if (b.is_number_float()) return compare_mixed(wide(a), b.get<double>());
  return order(wide(a), wide(b));
}

Decimal decimal_of(const Json& number) {
  Decimal decimal;
  if (number.is_number_integer()) {
    const Wide value = wide(number);
    decimal.mantissa = static_cast<uint64_t>(value < 0 ? -value : value);
  } else {
    char text[64];  // "d.ddde+xx": the shortest digits, at most 17
    const auto end = std::to_chars(text, text + sizeof(text), std::abs(number.get<double>()),
                                   std::chars_format::scientific)
                         .ptr;
    const char* c = text;
    for (bool fraction = false; c != end && *c != 'e'; ++c) {
      if (*c == '.')
        fraction = true;
      else
        decimal.mantissa = decimal.mantissa * 10 + static_cast<uint64_t>(*c - '0'),
        decimal.exponent -= fraction;
    }
    int exponent = 0;
    if (c != end) std::from_chars(c + (c[1] == '+' ? 2 : 1), end, exponent);
    decimal.exponent += exponent;
  }
  for (; decimal.mantissa != 0 && decimal.mantissa % 10 == 0; decimal.mantissa /= 10) ++decimal.exponent;
  return decimal;
}

bool is_multiple(const Json& value, const Decimal& step) {
  check(step.mantissa != 0, "is_multiple: the step is 0");
  const Decimal decimal = decimal_of(value);
  if (decimal.mantissa == 0) return true;
  // mantissa * 10^shift is divisible by step.mantissa. With shift < 0 the mantissa would need a zero at its end.
  const int shift = decimal.exponent - step.exponent;
  if (shift < 0) return false;
  unsigned __int128 rest = decimal.mantissa % step.mantissa;
  for (int i = 0; i < shift && rest != 0; ++i) rest = rest * 10 % step.mantissa;
  return rest == 0;
}

}  // namespace hone
