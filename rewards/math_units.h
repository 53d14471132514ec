// Units of measurement, for answers such as "8 cm" and "\$5": which ones are the same, and which contradict each other.
#pragma once

#include <string>
#include <string_view>

namespace hone {

enum class Quantity { kLength, kMass, kTime, kVolume, kMoney, kAngle, kSpeed, kOther };

struct Unit {
  std::string_view name;
  Quantity quantity = Quantity::kOther;
  std::string_view symbol;  // one for all spellings
};

/// A unit by one of its names, singular or plural; null if there is none.
const Unit* find_unit(std::string_view name);

/// The first known unit in a text such as "\text{ square cm}" or "dollars each"; null if there is none.
const Unit* unit_in(std::string_view text);

/// Two units of the same quantity that differ: centimetres and inches, dollars and cents. Unknown words never contradict.
bool units_contradict(std::string_view a, std::string_view b);

}  // namespace hone
