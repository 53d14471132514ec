#include "rl/number_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace hone {
namespace {

std::string print(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::string number_text(double value) {
  const double size = std::abs(value);
  if (!std::isfinite(value)) return print("%g", value);
  if (size != 0 && (size < 0.001 || size >= 1e7)) return print("%.2g", value);
  return print(size < 9.9995 ? "%.3f" : size < 999.95 ? "%.1f" : "%.0f", value);
}

std::string count_text(int64_t count) {
  const double size = std::abs(double(count));
  if (size < 1000) return std::to_string(count);
  const char* const units[] = {"k", "M", "G", "T", "P", "E"};
  int unit = 0;
  double scaled = double(count) / 1000;
  // 999.5k would be printed as 1000k.
  for (; std::abs(scaled) >= 999.5 && unit < 5; ++unit) scaled /= 1000;
  const double shown = std::abs(scaled);
  return print(shown < 9.995 ? "%.2f" : shown < 99.95 ? "%.1f" : "%.0f", scaled) + units[unit];
}

std::string duration_text(double seconds) {
  if (!(seconds >= 0 && seconds < 1e9)) return "?";
  const auto whole = static_cast<long long>(std::llround(seconds));
  char text[64];
  if (whole < 3600) {
    std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
  } else {
    std::snprintf(text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return text;
}

}  // namespace hone
