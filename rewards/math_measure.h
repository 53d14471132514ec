// What a unit measures: its size in base units and its dimensions, so that 50 mm is 5 cm, 36 km/h is 10 m/s, 75 cents are \$0.75, and
// 15 cm^2 is not 15 cm.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "rewards/rational.h"

namespace hone {

/// Base units: m, g, s, month, degree; every currency and temperature scale is one of its own.
enum class Dimension : uint8_t {
  kLength,
  kMass,
  kTime,
  kMonth,
  kAngle,
  kDollar,
  kEuro,
  kPound,
  kYuan,
  kRupee,
  kYen,
  kCelsius,
  kFahrenheit,
  kCount
};

struct Measure {
  Rational factor{1, 1};
  std::array<int8_t, static_cast<size_t>(Dimension::kCount)> dimensions{};
  int pi = 0;            // a radian is 180 / pi degrees
  bool partial = false;  // some words are no units: "dollars per ticket"
  bool pounds = false;   // a word may be either kind of pound

  bool known() const;
  bool is_angle() const;  // and nothing else, in degrees
  bool same_dimensions(const Measure& other) const { return dimensions == other.dimensions; }
};

/// The measure of a unit as it is written: "\text{ cm}^2", "miles per hour", "\frac{\text{m}}{\text{s}}". Nothing if no word of it is a
/// unit. `before`: of the quantity before it, for units that depend on it.
enum class Pounds { kMass, kMoney };
std::optional<Measure> measure_of(std::string_view unit, const Measure* before = nullptr,
                                  Pounds pounds = Pounds::kMass);

}  // namespace hone
