// The table behind words.h.
#include "datasets/words.h"

#include <algorithm>
#include <array>

namespace hone {
namespace {

struct Entry {
  const char* english;
  const char* chinese;
};

constexpr std::array<Entry, kNumWords> kWords = {{
    {"try", "\u8bd5"},
    {"no", "\u4e0d"},
    {"yes", "\u5bf9"},
    {"big", "\u5927"},
    {"stop", "\u505c"},
    {"so", "\u6240\u4ee5"},
    {"then", "\u518d"},
    {"least", "\u6700\u5c0f"},
    {"left", "\u5269"},
    {"make", "\u51d1"},
    {"from", "\u7528"},
    {"sum", "\u7b97"},
    {"sort", "\u6392\u5e8f"},
    {"binary", "\u4e8c\u8fdb\u5236"},
}};

}  // namespace

const char* code_of(Language language) { return language == Language::kEnglish ? "en" : "zh"; }

Language language_of(const std::string& code) {
  check_input(code == "en" || code == "zh", "language: got \"", code, "\", expected en or zh");
  return code == "en" ? Language::kEnglish : Language::kChinese;
}

const char* text_of(Word word, Language language) {
  const Entry& entry = kWords.at(static_cast<size_t>(word));
  return language == Language::kEnglish ? entry.english : entry.chinese;
}

std::vector<Language> read_languages(Fields& options) {
  std::vector<Language> languages;
  for (const std::string& code : options.get("languages", std::vector<std::string>{"en", "zh"})) {
    if (code != "en" && code != "zh")
      throw options.error("languages", concat("got \"", code, "\", expected en or zh"));
    const Language language = language_of(code);
    if (std::find(languages.begin(), languages.end(), language) != languages.end())
      throw options.error("languages", concat("\"", code, "\" is there twice"));
    languages.push_back(language);
  }
  if (languages.empty()) throw options.error("languages", "got an empty list, expected en, zh or both");
  return languages;
}

}  // namespace hone
