// Filters of numbers: int, float, abs, round, filesizeformat.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "model/jinja_filters.h"
#include "model/jinja_operators.h"
#include "model/jinja_print.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

/// Removes underscores between digits; nothing if one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto alnum = [&](size_t j) {
      return j < text.size() && std::isalnum(static_cast<unsigned char>(text[j]));
    };
    if (text[i] != '_')
      result += text[i];
    else if (i == 0 || !alnum(i - 1) || !alnum(i + 1))
      return std::nullopt;
  }
  return result;
}

/// int(text, base); nothing where Python raises ValueError. Beyond 64 bits it fails.
std::optional<int64_t> parse_integer(JinjaRun& run, std::string_view text, int64_t base) {
  if (base != 0 && (base < 2 || base > 36)) return std::nullopt;
  text = jinja_lstrip(jinja_rstrip(text));
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const char prefix = text.size() > 2 && text[0] == '0' ? char(text[1] | 0x20) : '\0';
  const int64_t named = prefix == 'x' ? 16 : prefix == 'o' ? 8 : prefix == 'b' ? 2 : 0;
  if (named && (base == named || base == 0)) {
    base = named;
    text.remove_prefix(2);
    if (text.starts_with('_')) text.remove_prefix(1);
  }
  const bool leading_zero = base == 0 && text.size() > 1 && text[0] == '0' &&
                            text.find_first_not_of("0_") != std::string_view::npos;
  if (leading_zero) return std::nullopt;
  const auto digits = without_underscores(text);
  if (!digits || digits->empty() || !std::isalnum(static_cast<unsigned char>((*digits)[0])))
    return std::nullopt;
  int64_t value = 0;
  const std::string whole = (negative ? "-" : "") + *digits;
  const auto parsed =
      std::from_chars(whole.data(), whole.data() + whole.size(), value, base == 0 ? 10 : int(base));
  if (parsed.ptr != whole.data() + whole.size()) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) run.fail("the integer ", whole, " does not fit 64 bits");
  return value;
}

/// float(text); nothing where Python raises ValueError.
std::optional<double> parse_real(std::string_view text) {
  const auto clean = without_underscores(jinja_lstrip(jinja_rstrip(text)));
  if (!clean || clean->empty()) return std::nullopt;
  std::string lower = jinja_lower(*clean);
  const bool sign = lower[0] == '-' || lower[0] == '+';
  const double factor = lower[0] == '-' ? -1 : 1;
  const std::string body = lower.substr(sign);
  if (body == "inf" || body == "infinity") return factor * INFINITY;
  if (body == "nan") return NAN;
  if (body.empty() || body.find_first_not_of("0123456789.e+-") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(body.c_str(), &end);
  if (*end != '\0' || body[0] == '+' || body[0] == '-') return std::nullopt;
  return factor * value;
}

JinjaValue truncated(JinjaRun& run, double real) {
  if (!(std::fabs(real) < 0x1p63))
    run.fail("the integer part of ", jinja_float(real), " does not fit 64 bits");
  return int64_t(real);
}

JinjaValue to_int(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "int", args, {"default", "base"}, 0);
  const JinjaValue fallback = bound[0].value_or(JinjaValue(int64_t{0}));
  run.check_defined(value);
  if (const auto integer = value.as_integer()) return *integer;
  if (value.real()) {
    if (std::isnan(*value.real())) return fallback;
    if (std::isinf(*value.real())) run.fail("cannot convert float infinity to integer");
    return truncated(run, *value.real());
  }
  if (!value.text()) return fallback;
  const int64_t base = bound[1] ? jinja_integer(run, "int()", *bound[1]) : 10;
  if (const auto integer = parse_integer(run, value.text()->text, base)) return *integer;
  const auto real = parse_real(value.text()->text);
  return real && std::isfinite(*real) ? truncated(run, *real) : fallback;
}

JinjaValue to_float(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "float", args, {"default"}, 0);
  run.check_defined(value);
  std::optional<double> real = value.as_real();
  if (value.text()) real = parse_real(value.text()->text);
  return real ? JinjaValue(*real) : bound[0].value_or(JinjaValue(0.0));
}

JinjaValue absolute(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  jinja_bind(run, "abs", args, {}, 0);
  if (value.real()) return std::fabs(*value.real());
  run.check_defined(value);
  const auto integer = value.as_integer();
  if (!integer) run.fail("bad operand type for abs(): '", value.type_name(), "'");
  return *integer < 0 ? jinja_negate(run, *integer) : JinjaValue(*integer);
}

/// round(integer, -digits), halves to even.
JinjaValue round_integer(JinjaRun& run, int64_t value, int64_t digits) {
  if (digits > 18) return int64_t{0};
  int64_t unit = 1;
  for (int64_t i = 0; i < digits; ++i) unit *= 10;
  int64_t quotient = value / unit;
  const int64_t rest = std::abs(value % unit);
  if (rest > unit - rest || (rest == unit - rest && quotient % 2 != 0)) quotient += value < 0 ? -1 : 1;
  return jinja_binary(run, "*", quotient, unit);
}

/// round(real, digits): the nearest decimal, halves (of what the binary value really is) to even.
double round_real(double value, int64_t digits) {
  if (!std::isfinite(value) || digits > 400) return value;
  if (digits < -400) return std::copysign(0.0, value);
  if (digits < 0) {
    const double unit = std::pow(10.0, double(-digits));
    return std::nearbyint(value / unit) * unit;
  }
  char buffer[1024];
  std::snprintf(buffer, sizeof buffer, "%.*f", int(digits), value);
  return std::strtod(buffer, nullptr);
}

JinjaValue round_number(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "round", args, {"precision", "method"}, 0);
  const int64_t precision = bound[0] ? jinja_integer(run, "round()", *bound[0]) : 0;
  const std::string method = bound[1] ? jinja_string(run, "round()", *bound[1]) : "common";
  if (method != "common" && method != "ceil" && method != "floor")
    run.fail("method must be common, ceil or floor");
  run.check_defined(value);
  if (!value.as_real()) run.fail("type ", value.type_name(), " doesn't define __round__ method");
  if (method == "common") {
    if (value.real()) return round_real(*value.real(), precision);
    return precision >= 0 ? JinjaValue(*value.as_integer())
                          : round_integer(run, *value.as_integer(), -precision);
  }
  const double unit = std::pow(10.0, double(precision));
  const double scaled = *value.as_real() * unit;
  if (!std::isfinite(scaled)) run.fail("cannot convert float ", jinja_float(scaled), " to integer");
  return ((method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) + 0.0) / unit;  // Python's are integers: no -0
}

JinjaValue file_size(JinjaRun& run, const JinjaValue& value, const JinjaArgs& args) {
  const JinjaBound bound = jinja_bind(run, "filesizeformat", args, {"binary"}, 0);
  const bool binary = bound[0] && bound[0]->truth();
  run.check_defined(value);
  const auto bytes = value.text() ? parse_real(value.text()->text) : value.as_real();
  if (!bytes) run.fail("could not convert ", jinja_repr(run, value), " to float");
  const double base = binary ? 1024 : 1000;
  if (*bytes == 1) return run.text("1 Byte");
  if (*bytes < base) return run.text(concat(int64_t(*bytes), " Bytes"));
  static constexpr std::string_view kPrefixes = "KMGTPEZY";
  double unit = base;
  char number[400];
  for (size_t i = 0;; ++i) {
    unit *= base;
    if (*bytes >= unit && i + 1 < kPrefixes.size()) continue;
    std::snprintf(number, sizeof number, "%.1f", base * *bytes / unit);
    const std::string prefix = binary ? concat(kPrefixes[i], "iB") : concat(i == 0 ? 'k' : kPrefixes[i], "B");
    return run.text(concat(number, " ", prefix));
  }
}

}  // namespace

JinjaFilterTable jinja_number_filters() {
  return {{"int", to_int},
          {"float", to_float},
          {"abs", absolute},
          {"round", round_number},
          {"filesizeformat", file_size}};
}

}  // namespace hone
