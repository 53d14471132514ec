#include "rewards/math_units.h"

#include <algorithm>
#include <array>

namespace hone {
namespace {

using Q = Quantity;
// clang-format off
constexpr auto kUnsorted = std::to_array<Unit>({
    {"mm", Q::kLength, "mm"}, {"millimeter", Q::kLength, "mm"}, {"millimetre", Q::kLength, "mm"},
    {"cm", Q::kLength, "cm"}, {"centimeter", Q::kLength, "cm"}, {"centimetre", Q::kLength, "cm"},
    {"dm", Q::kLength, "dm"}, {"meter", Q::kLength, "m"}, {"metre", Q::kLength, "m"}, {"m", Q::kLength, "m"},
    {"km", Q::kLength, "km"}, {"kilometer", Q::kLength, "km"}, {"kilometre", Q::kLength, "km"},
    {"in", Q::kLength, "in"}, {"inch", Q::kLength, "in"}, {"inches", Q::kLength, "in"},
    {"ft", Q::kLength, "ft"}, {"foot", Q::kLength, "ft"}, {"feet", Q::kLength, "ft"},
    {"yd", Q::kLength, "yd"}, {"yard", Q::kLength, "yd"}, {"mi", Q::kLength, "mi"}, {"mile", Q::kLength, "mi"},
    {"mg", Q::kMass, "mg"}, {"milligram", Q::kMass, "mg"}, {"g", Q::kMass, "g"}, {"gram", Q::kMass, "g"},
    {"kg", Q::kMass, "kg"}, {"kilogram", Q::kMass, "kg"}, {"lb", Q::kMass, "lb"}, {"lbs", Q::kMass, "lb"},
    {"pound", Q::kMass, "lb"}, {"oz", Q::kMass, "oz"}, {"ounce", Q::kMass, "oz"}, {"ton", Q::kMass, "ton"},
    {"ms", Q::kTime, "ms"}, {"s", Q::kTime, "s"}, {"sec", Q::kTime, "s"}, {"second", Q::kTime, "s"},
    {"min", Q::kTime, "min"}, {"minute", Q::kTime, "min"}, {"h", Q::kTime, "h"}, {"hr", Q::kTime, "h"},
    {"hour", Q::kTime, "h"}, {"day", Q::kTime, "day"}, {"week", Q::kTime, "week"}, {"month", Q::kTime, "month"},
    {"year", Q::kTime, "year"}, {"yr", Q::kTime, "year"},
    {"ml", Q::kVolume, "ml"}, {"mL", Q::kVolume, "ml"}, {"milliliter", Q::kVolume, "ml"}, {"l", Q::kVolume, "l"},
    {"L", Q::kVolume, "l"}, {"liter", Q::kVolume, "l"}, {"litre", Q::kVolume, "l"}, {"gallon", Q::kVolume, "gal"},
    {"gal", Q::kVolume, "gal"}, {"quart", Q::kVolume, "qt"}, {"pint", Q::kVolume, "pt"}, {"cup", Q::kVolume, "cup"},
    {"dollar", Q::kMoney, "$"}, {"USD", Q::kMoney, "$"}, {"usd", Q::kMoney, "$"}, {"cent", Q::kMoney, "cent"},
    {"euro", Q::kMoney, "euro"}, {"EUR", Q::kMoney, "euro"}, {"yuan", Q::kMoney, "yuan"}, {"penny", Q::kMoney, "cent"},
    {"pennies", Q::kMoney, "cent"}, {"degree", Q::kAngle, "deg"}, {"deg", Q::kAngle, "deg"}, {"radian", Q::kAngle, "rad"},
    {"rad", Q::kAngle, "rad"}, {"mph", Q::kSpeed, "mph"}, {"kmh", Q::kSpeed, "kmh"}, {"kph", Q::kSpeed, "kmh"},
    {"unit", Q::kOther, ""}, {"sq", Q::kOther, ""}, {"square", Q::kOther, ""}, {"cubic", Q::kOther, ""},
    {"Hz", Q::kOther, ""}, {"kHz", Q::kOther, ""}, {"kW", Q::kOther, ""}, {"kJ", Q::kOther, ""}, {"mol", Q::kOther, ""},
    {"ways", Q::kOther, ""}, {"pm", Q::kOther, ""}, {"am", Q::kOther, ""}, {"PM", Q::kOther, ""}, {"AM", Q::kOther, ""}, {"acre", Q::kOther, ""},
});
// clang-format on

constexpr auto sorted() {
  auto table = kUnsorted;
  std::sort(table.begin(), table.end(), [](const Unit& a, const Unit& b) { return a.name < b.name; });
  return table;
}
constexpr auto kUnits = sorted();

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

const Unit* find_exactly(std::string_view name) {
  const auto at = std::lower_bound(kUnits.begin(), kUnits.end(), name,
                                   [](const Unit& unit, std::string_view n) { return unit.name < n; });
  return at == kUnits.end() || at->name != name ? nullptr : &*at;
}

/// Chinese units, which stand without spaces.
constexpr auto kForeign = std::to_array<Unit>({
    {"\xE5\x8E\x98\xE7\xB1\xB3", Q::kLength, "cm"},
    {"\xE5\x88\x86\xE7\xB1\xB3", Q::kLength, "dm"},
    {"\xE6\xAF\xAB\xE7\xB1\xB3", Q::kLength, "mm"},
    {"\xE5\x8D\x83\xE7\xB1\xB3", Q::kLength, "km"},
    {"\xE5\x85\xAC\xE9\x87\x8C", Q::kLength, "km"},
    {"\xE7\xB1\xB3", Q::kLength, "m"},
    {"\xE5\x8D\x83\xE5\x85\x8B", Q::kMass, "kg"},
    {"\xE5\x85\xAC\xE6\x96\xA4", Q::kMass, "kg"},
    {"\xE5\x85\x8B", Q::kMass, "g"},
    {"\xE5\x90\xA8", Q::kMass, "t"},
    {"\xE6\xAF\xAB\xE5\x8D\x87", Q::kVolume, "ml"},
    {"\xE5\x8D\x87", Q::kVolume, "l"},
    {"\xE5\xB0\x8F\xE6\x97\xB6", Q::kTime, "h"},
    {"\xE5\x88\x86\xE9\x92\x9F", Q::kTime, "min"},
    {"\xE7\xA7\x92", Q::kTime, "s"},
    {"\xE5\xA4\xA9", Q::kTime, "day"},
});

}  // namespace

const Unit* find_unit(std::string_view name) {
  if (const Unit* unit = find_exactly(name)) return unit;
  if (name.size() > 3 && name.back() == 's') return find_exactly(name.substr(0, name.size() - 1));
  return nullptr;
}

const Unit* unit_in(std::string_view text) {
  if (text.find("\\$") != std::string_view::npos || text == "$") return find_exactly("dollar");
  for (size_t pos = 0; pos < text.size();) {
    if (static_cast<unsigned char>(text[pos]) >= 0x80) {
      for (const Unit& unit : kForeign) {
        if (text.substr(pos).starts_with(unit.name)) return &unit;
      }
      ++pos;
      continue;
    }
    if (!is_ascii_letter(text[pos])) {
      // The name of a command is no unit; what stands in its braces may be one.
      if (text[pos++] == '\\') {
        while (pos < text.size() && is_ascii_letter(text[pos])) ++pos;
      }
      continue;
    }
    size_t end = pos;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    if (const Unit* unit = find_unit(text.substr(pos, end - pos)); unit && unit->quantity != Quantity::kOther)
      return unit;
    pos = end;
  }
  return nullptr;
}

bool units_contradict(std::string_view a, std::string_view b) {
  const Unit *left = unit_in(a), *right = unit_in(b);
  return left && right && left->quantity == right->quantity && left->symbol != right->symbol;
}

}  // namespace hone
