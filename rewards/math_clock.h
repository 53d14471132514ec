// Times of day in words: noon, midnight, "half past four", "5 o'clock in the afternoon", and the Chinese ones.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// Whether `text` is a time of day in words; `out` is then "16:30\text{ p.m.}" or, if the half of the day is not said, "4:30". What is
/// in figures already ("4:30 p.m.") is left alone.
bool rewrite_clock(std::string_view text, std::string& out);

}  // namespace hone
