// Which language are the words of a text in? By script; Latin words all count as the one Latin language that is asked for.
//
// A word: a run of letters and marks of one script. Han and kana characters count one each (they are written without spaces, and
// a run would make a whole sentence one word); Thai counts one per four letters, for the same reason; Hangul, Devanagari and the
// alphabets count runs. Neutral, hence neither wanted nor unwanted: digits, operators, tags, latex commands and $..$, code between
// backticks, single Latin letters (variables).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

enum class Script {
  kNone,
  kLatin,
  kHan,
  kKana,
  kHangul,
  kCyrillic,
  kArabic,
  kDevanagari,
  kThai,
  kGreek,
  kHebrew,
  kOther
};
inline constexpr size_t kNumScripts = 12;
Script script_of(char32_t c);  // of a letter

struct WordCounts {
  std::array<int64_t, kNumScripts> of{};  // words by script
  int64_t total() const;
};
WordCounts count_words(std::string_view text);

/// "en", "zh", "ja", "ko", "ru", "ar", "hi", "th", ... ; scripts that the language is written in, empty if it is not known.
std::vector<Script> scripts_of(std::string_view language);
std::vector<std::string> known_languages();

/// The language of the script that most words are in (kana: "ja" even if Han dominate); "" if there are no words.
std::string detect_language(std::string_view text);

/// Words in one of the language's scripts / all words; `empty` if there are none. The language must be known.
double language_share(const WordCounts& words, std::string_view language, double empty);

}  // namespace hone
