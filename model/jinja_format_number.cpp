// Digits of formatted numbers.
#include <cmath>
#include <cstdio>

#include "model/jinja_format.h"

namespace hone {
namespace {

std::string sign_text(bool negative, char sign) {
  return negative ? "-" : sign == '-' ? "" : std::string(1, sign);
}

/// `digits` with a mark between groups of `size`, counted from the right.
std::string grouped(const std::string& digits, char mark, size_t size) {
  std::string result;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i && (digits.size() - i) % size == 0) result += mark;
    result += digits[i];
  }
  return result;
}

}  // namespace

std::pair<std::string, std::string> jinja_format_integer(int64_t value, const JinjaNumberFormat& format) {
  const char type = char(format.type | 0x20);
  const unsigned base = type == 'b' ? 2 : type == 'o' ? 8 : type == 'x' ? 16 : 10;
  const char* symbols = format.type == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  uint64_t magnitude = value < 0 ? 0 - uint64_t(value) : uint64_t(value);
  std::string digits;
  do digits.insert(digits.begin(), symbols[magnitude % base]);
  while (magnitude /= base);
  while (int(digits.size()) < format.precision) digits.insert(digits.begin(), '0');
  if (format.grouping) digits = grouped(digits, format.grouping, base == 10 ? 3 : 4);
  std::string prefix = sign_text(value < 0, format.sign);
  if (format.alternate && base != 10) prefix += {'0', format.type};
  return {prefix, digits};
}

std::pair<std::string, std::string> jinja_format_real(JinjaRun& run, double value,
                                                      const JinjaNumberFormat& format) {
  const bool negative = std::signbit(value) && !std::isnan(value);
  const bool percent = format.type == '%';
  const char type = percent ? 'f' : format.type;
  const double magnitude = std::fabs(percent ? value * 100 : value);
  const std::string prefix = sign_text(negative, format.sign);
  if (!std::isfinite(magnitude)) {
    std::string name = std::isnan(value) ? "nan" : "inf";
    if (type >= 'A' && type <= 'Z') name = std::isnan(value) ? "NAN" : "INF";
    return {prefix, name + (percent ? "%" : "")};
  }
  if (format.precision > 500) run.fail("precision too big: ", format.precision);
  const int precision = format.precision < 0 ? 6 : format.precision;
  const char pattern[] = {'%',
                          format.alternate ? '#' : '.',
                          format.alternate ? '.' : '*',
                          format.alternate ? '*' : type,
                          format.alternate ? type : '\0',
                          '\0'};
  char buffer[1024];
  std::snprintf(buffer, sizeof buffer, pattern, precision, magnitude);
  std::string digits = buffer;
  if (format.grouping) {
    const size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
    digits = grouped(digits.substr(0, whole), format.grouping, 3) + digits.substr(whole);
  }
  return {prefix, digits + (percent ? "%" : "")};
}

}  // namespace hone
