// What regular expressions of Oniguruma say about texts of several characters and PCRE2 says otherwise, or not
// at all: grapheme clusters, and letters that are one character when case does not count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hone {

/// \X: an extended grapheme cluster as Unicode 16 has them, without the rule for Indic conjuncts.
std::string grapheme_cluster();

/// Under (?i): the letters at the beginning of `text` that are also one character ("ss" and U+00DF), or "".
std::string_view folded_letters(std::string_view text);
/// All ways to write them.
std::string folded_alternatives(std::string_view letters);
/// Whether a character stands for several letters when case does not count.
bool folds_to_several(uint32_t code_point);

}  // namespace hone
