// String literals of a template: Python's escapes ("\n", "\x41", "\u00e9", "\101"; an unknown one stays as it
// is).
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// The text that a literal stands for, given without its quotes. `error_` is set where Python would complain.
std::string unescape_jinja(std::string_view literal, std::string& error_);

}  // namespace hone
