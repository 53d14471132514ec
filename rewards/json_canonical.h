// JSON values compared as JSON Schema means it: numbers by their value however they are written, members in any order.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "core/types.h"

namespace hone {

/// Equal values have equal texts, different ones different texts. At most 256 levels deep.
std::string canonical_json(const Json& value);

/// 3 and 3.0, not 3.5.
bool is_integral(const Json& number);

/// Exact, also between an integer and a double.
std::strong_ordering compare_numbers(const Json& a, const Json& b);

/// A number as mantissa * 10^exponent, by the shortest decimal that is read as it.
struct Decimal {
  uint64_t mantissa = 0;  // without zeros at its end
  int exponent = 0;
};
Decimal decimal_of(const Json& number);  // of its absolute value

/// value is a whole multiple of step, both taken as the decimals that they are written as: 0.3 is one of 0.1. step is not 0.
bool is_multiple(const Json& value, const Decimal& step);

}  // namespace hone
