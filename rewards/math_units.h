// The names of units, for the parser: what may stand behind a number. What they measure: math_measure.h.
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

}  // namespace hone
