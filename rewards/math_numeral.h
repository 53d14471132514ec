// Numerals of another base in the spellings that are more than digits and a subscript: "A5 base 11", "1101\,1100_2",
// "1\text{A}3_{16}", "\mathrm{a5}_{11}".
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// Whether `text` is such a numeral; `out` is then "\text{A5}_{11}", or the text without its spaces.
bool rewrite_numeral(std::string_view text, std::string& out);

}  // namespace hone
