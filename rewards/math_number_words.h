// Numbers in English words: "forty-two", "one hundred and five", "two thirds", "three and a half", "minus five", "three point one
// four", also with a unit behind them.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// What may stand behind the number.
enum class NumberNouns {
  kUnits,  // nothing, a percentage, or a unit that is known: "two lines" stays words
  kAny,    // any few words: "five apples"
};

/// Whether `text` is numbers in words, one or a list; `out` is then the same in digits.
bool rewrite_number_words(std::string_view text, NumberNouns nouns, std::string& out);

}  // namespace hone
