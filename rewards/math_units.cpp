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
    {"min", Q::kTime, "min"}, {"minute", Q::kTime, "min"}, {"h", Q::kTime, "h"}, {"hr", Q::kTime, "h"}, {"hrs", Q::kTime, "h"}, {"per", Q::kOther, ""},
    {"hour", Q::kTime, "h"}, {"day", Q::kTime, "day"}, {"week", Q::kTime, "week"}, {"month", Q::kTime, "month"},
    {"year", Q::kTime, "year"}, {"yr", Q::kTime, "year"},
    {"ml", Q::kVolume, "ml"}, {"mL", Q::kVolume, "ml"}, {"milliliter", Q::kVolume, "ml"}, {"l", Q::kVolume, "l"},
    {"L", Q::kVolume, "l"}, {"liter", Q::kVolume, "l"}, {"litre", Q::kVolume, "l"}, {"gallon", Q::kVolume, "gal"},
    {"gal", Q::kVolume, "gal"}, {"quart", Q::kVolume, "qt"}, {"pint", Q::kVolume, "pt"}, {"cup", Q::kVolume, "cup"},
    {"dollar", Q::kMoney, "$"}, {"USD", Q::kMoney, "$"}, {"usd", Q::kMoney, "$"}, {"GBP", Q::kMoney, "pound"}, {"Rs", Q::kMoney, "rupee"}, {"RMB", Q::kMoney, "yuan"}, {"CNY", Q::kMoney, "yuan"}, {"INR", Q::kMoney, "rupee"}, {"JPY", Q::kMoney, "yen"}, {"US", Q::kMoney, "$"}, {"pct", Q::kOther, ""}, {"rev", Q::kOther, ""}, {"cent", Q::kMoney, "cent"},
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

const Unit* find_exactly(std::string_view name) {
  const auto at = std::lower_bound(kUnits.begin(), kUnits.end(), name,
                                   [](const Unit& unit, std::string_view n) { return unit.name < n; });
  return at == kUnits.end() || at->name != name ? nullptr : &*at;
}

}  // namespace

const Unit* find_unit(std::string_view name) {
  if (const Unit* unit = find_exactly(name)) return unit;
  if (name.size() > 3 && name.back() == 's') return find_exactly(name.substr(0, name.size() - 1));
  return nullptr;
}

}  // namespace hone
