// Whether what a program wrote, or what a function gave back, is what was expected: code_tests.h.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "rewards/code_tests.h"

namespace hone {
namespace {

constexpr std::string_view kBlank = " \t\r\v\f";  // within a line
constexpr std::string_view kSpace = " \t\r\v\f\n";

std::string_view without_end(std::string_view text, std::string_view unwanted) {
  return text.substr(0, text.find_last_not_of(unwanted) + 1);
}

/// Takes the next word off the front; empty at the end.
std::string_view next_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
  const std::string_view word = rest.substr(0, rest.find_first_of(kSpace));
  rest.remove_prefix(word.size());
  return word;
}

std::optional<double> number_of(std::string_view word) {
  if (word.starts_with('+')) word.remove_prefix(1);
  double value = 0;
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (failed != std::errc() || end != word.data() + word.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

bool near(double got, double expected, double tolerance) {
  return std::abs(got - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

bool same_word(std::string_view got, std::string_view expected, double tolerance) {
  if (got == expected) return true;
  if (tolerance <= 0) return false;
  const std::optional<double> a = number_of(got), b = number_of(expected);
  return a && b && near(*a, *b, tolerance);
}

bool same_words(std::string_view got, std::string_view expected, double tolerance) {
  for (;;) {
    const std::string_view a = next_word(got), b = next_word(expected);
    if (a.empty() || b.empty()) return a.empty() && b.empty();
    if (!same_word(a, b, tolerance)) return false;
  }
}

bool same_line(std::string_view got, std::string_view expected, double tolerance) {
  got = without_end(got, kBlank);
  expected = without_end(expected, kBlank);
  return got == expected || (tolerance > 0 && same_words(got, expected, tolerance));
}

bool same_number(const Json& got, const Json& expected, double tolerance) {
  // An integer and a float compare as floats; a negative integer must not wrap round to a large one.
  const auto negative = [](const Json& n) {
    return n.is_number_integer() && !n.is_number_unsigned() && n.get<int64_t>() < 0;
  };
  if (got.is_number_integer() && expected.is_number_integer() && negative(got) != negative(expected)) {
    if (tolerance <= 0) return false;
  } else if (got == expected) {
    return true;
  }
  return tolerance > 0 && near(got.get<double>(), expected.get<double>(), tolerance);
}

bool same_inner(const Json& got, const Json& expected, double tolerance) {
  if (got.is_number() && expected.is_number()) return same_number(got, expected, tolerance);
  if (got.type() != expected.type() || got.size() != expected.size()) return false;
  if (got.is_array()) {
    return std::equal(got.begin(), got.end(), expected.begin(),
                      [&](const Json& a, const Json& b) { return same_inner(a, b, tolerance); });
  }
  if (!got.is_object()) return got == expected;
  for (const auto& [key, value] : expected.items()) {
    const auto member = got.find(key);
    if (member == got.end() || !same_inner(*member, value, tolerance)) return false;
  }
  return true;
}

}  // namespace

bool same_output(std::string_view got, std::string_view expected, const CompareOptions& options) {
  if (options.tokens) return same_words(got, expected, options.tolerance);
  got = without_end(got, kSpace);
  expected = without_end(expected, kSpace);
  for (;;) {
    const size_t a = got.find('\n'), b = expected.find('\n');
    if (!same_line(got.substr(0, a), expected.substr(0, b), options.tolerance)) return false;
    if (a == std::string_view::npos || b == std::string_view::npos) return a == b;
    got.remove_prefix(a + 1);
    expected.remove_prefix(b + 1);
  }
}

bool same_value(const Json& got, const Json& expected, const CompareOptions& options) {
  if (same_inner(got, expected, options.tolerance)) return true;
  return options.unwrap && expected.is_array() && expected.size() == 1 &&
         same_inner(got, expected[0], options.tolerance);
}

}  // namespace hone
