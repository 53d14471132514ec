#include "core/byte_size.h"

#include <cctype>
#include <charconv>
#include <string>

namespace hone {

std::optional<uint64_t> parse_byte_size(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  std::string unit(end, text.data() + text.size());
  for (char& c : unit) c = char(std::toupper(static_cast<unsigned char>(c)));
  if (unit.empty() || unit == "B") return number;
  constexpr std::string_view kPrefixes = "KMGT";
  const size_t power = kPrefixes.find(unit[0]);
  const bool binary = unit.substr(1) == "IB";
  if (power == kPrefixes.npos || (!binary && unit.substr(1) != "B")) return std::nullopt;
  for (size_t i = 0; i <= power; ++i)
    if (__builtin_mul_overflow(number, binary ? 1024 : 1000, &number)) return std::nullopt;
  return number;
}

}  // namespace hone
