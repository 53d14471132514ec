// Well-formed UTF-8 or not, as Unicode's table 3-7 says: no overlong forms, no surrogates, nothing above
// U+10FFFF.
#pragma once

#include <optional>
#include <string_view>

namespace hone {

/// The first byte (from 0) at which `text` stops being UTF-8; nothing if all of it is.
std::optional<size_t> first_invalid_utf8(std::string_view text);

}  // namespace hone
