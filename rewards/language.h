// How much of a text is in a language, word by word: by script, and in Latin script by rewards/profiles. Neutral, hence neither
// wanted nor unwanted: digits, operators, tags, latex, code, addresses, single Latin letters (variables), names (capitalised
// inside a sentence), and Latin words for which another language is somewhat likelier but not clearly so.
//
// Languages that share a script and are not listed are not told apart: Ukrainian counts as Russian, Persian as Arabic, Marathi as
// Hindi; a language in Latin script that is not known counts as the known one that it is nearest to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

struct LanguageCounts {
  int64_t wanted = 0, other = 0, neutral = 0;  // words, as words.h counts them

  /// wanted / (wanted + other); `empty` without such words.
  double share(double empty) const;
};

/// The language must be known.
LanguageCounts count_language(std::string_view text, std::string_view language);

/// "en", "zh", "ja", "ko", "ru", "ar", "hi", "th", "el", "he", "fr", "de", "es", "pt", "it", "vi".
bool is_known_language(std::string_view language);
std::vector<std::string> known_languages();

/// The language that most words are in; "" without words. Kana make a text Japanese even if Han dominate.
std::string detect_language(std::string_view text);

}  // namespace hone
