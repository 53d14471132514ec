// The words of the procedural tasks in English and in Chinese: each is one token of the base's vocabulary
// (scripts/make_base_tokenizer.py holds the same list, a test compares them).
#pragma once

#include <string>
#include <vector>

#include "core/fields.h"

namespace hone {

enum class Language { kEnglish, kChinese };
const char* code_of(Language language);  // "en", "zh"
Language language_of(const std::string& code);

enum class Word {
  kTry,    // opens a choice of the search
  kNo,     // verdict: not the target
  kYes,    // verdict: the target
  kBig,    // a result over 99
  kStop,   // gives up
  kSo,     // closes the reasoning with a result
  kThen,   // goes on to the next step
  kLeast,  // the smallest number left
  kLeft,   // the numbers left
  kMake,   // prompts of countdown
  kFrom,
  kSum,     // prompts of chain_sum
  kSort,    // prompts of number_sorting
  kBinary,  // prompts of base_conversion
};
inline constexpr int kNumWords = 14;
const char* text_of(Word word, Language language);

/// The key "languages" of a task: ["en", "zh"] unless given.
std::vector<Language> read_languages(Fields& options);

}  // namespace hone
