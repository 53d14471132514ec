// Spellings that are easier to change in the text than to parse: words for signs, roots and relations, feet and inches, remainders.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// "minus 7", "square root of 2", "x equals 5", "5'6\"", "17 \bmod 5", "7 R 3", "x + 1 = 6 \Rightarrow x = 5" as latex; false, and
/// nothing written, if none of them is there.
bool rewrite_spellings(std::string_view text, std::string& out);

}  // namespace hone
