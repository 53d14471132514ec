// Numbers in English words: "forty-two", "one hundred and five", "two thirds", "three and a half", "minus five", "three point one
// four", also with a unit behind them.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// Whether `text` is numbers in words, one or a list, with nothing, a percentage or a known unit behind ("two lines" stays words); `out` is
/// then the same in digits.
bool rewrite_number_words(std::string_view text, std::string& out);

}  // namespace hone
