// Which script a letter belongs to, by Unicode's blocks.
#pragma once

#include <cstddef>

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

Script script_of(char32_t c);  // of a letter; kOther for what is in none of the blocks

struct LetterClass {
  Script script = Script::kNone;
  bool letter = false;  // Unicode L*
  bool mark = false;    // Unicode M*
};
/// All of the above at the price of a look into a table.
LetterClass letter_class(char32_t c);

}  // namespace hone
