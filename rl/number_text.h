// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace hone {

std::string number_text(double value);      // about three digits: "0.812", "86.2", "1240", "1.2e-05"
std::string count_text(int64_t count);      // "812", "81.2k", "3.45M"
std::string duration_text(double seconds);  // "0:07", "12:34", "1:02:03"

}  // namespace hone
