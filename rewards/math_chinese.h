// Numerals in Chinese characters, alone and mixed with digits: parts ("three parts of it: two" is 2/3), per cent, decimals, mixed
// numbers, minus signs, rebates.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// Reads a numeral of `text` at `pos` and appends it to `out` as latex; `out` is what was read before. False, and nothing read, if
/// there is none, or if the characters are part of words.
bool fold_chinese_number(std::string_view text, size_t& pos, std::string& out);

}  // namespace hone
