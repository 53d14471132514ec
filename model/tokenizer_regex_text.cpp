#include "model/tokenizer_regex_text.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iterator>

#include "model/tokenizer_regex_class.h"

namespace hone {
namespace {

// Of Unicode's GraphemeBreakProperty.txt, beside general categories: spacing marks that do not count as such, default
// ignorable code points without a character, format characters that are no controls, and what prepends.
constexpr std::string_view kNoSpacingMarks =
    "102B-102C 1038 1062-1064 1067-106D 1083 1087-108C 108F 109A-109C 1A61 1A63-1A64 AA7B AA7D 11720-11721";
constexpr std::string_view kIgnorable = "2065 FFF0-FFF8 E0000 E0002-E001F E0080-E00FF E01F0-E0FFF";
constexpr std::string_view kNoControls = "600-605 6DD 70F 890-891 8E2 200C-200D 110BD 110CD E0020-E007F";
constexpr std::string_view kPrepend =
    "600-605 6DD 70F 890-891 8E2 D4E 110BD 110CD 111C2-111C3 113D1 1193F 11941 11A3A 11A84-11A89 11D46 11F02";
constexpr std::string_view kLeading = "1100-115F A960-A97C", kTrailing = "11A8-11FF D7CB-D7FB",
                           kVowels = "1160-11A7 D7B0-D7C6 16D63 16D67-16D6A", kSyllables = "AC00-D7A3";

constexpr uint32_t kSeveral[][2] = {
    {0xDF, 0xDF},     {0x130, 0x130},   {0x149, 0x149},   {0x1F0, 0x1F0},   {0x390, 0x390},
    {0x3B0, 0x3B0},   {0x587, 0x587},   {0x1E96, 0x1E9A}, {0x1E9E, 0x1E9E}, {0x1F50, 0x1F50},
    {0x1F52, 0x1F52}, {0x1F54, 0x1F54}, {0x1F56, 0x1F56}, {0x1F80, 0x1FAF}, {0x1FB2, 0x1FB4},
    {0x1FB6, 0x1FB7}, {0x1FBC, 0x1FBC}, {0x1FC2, 0x1FC4}, {0x1FC6, 0x1FC7}, {0x1FCC, 0x1FCC},
    {0x1FD2, 0x1FD3}, {0x1FD6, 0x1FD7}, {0x1FE2, 0x1FE4}, {0x1FE6, 0x1FE7}, {0x1FF2, 0x1FF4},
    {0x1FF6, 0x1FF7}, {0x1FFC, 0x1FFC}, {0xFB00, 0xFB06}, {0xFB13, 0xFB17},
};

struct Folded {
  std::string_view letters, others;  // alternatives to the letters one by one
};
constexpr Folded kFolded[] = {{"ffi", "\\x{FB03}|\\x{FB00}i|f\\x{FB01}"},
                              {"ffl", "\\x{FB04}|\\x{FB00}l|f\\x{FB02}"},
                              {"ff", "\\x{FB00}"},
                              {"fi", "\\x{FB01}"},
                              {"fl", "\\x{FB02}"},
                              {"ss", "\\x{DF}|\\x{1E9E}"},
                              {"st", "\\x{FB05}|\\x{FB06}"}};

std::string a_class(std::string_view ranges) { return "[" + members_of_ranges(ranges) + "]"; }

/// Hangul syllables without a trailing consonant: every 28th.
std::string open_syllables() {
  std::string out = "[";
  for (unsigned c = 0xAC00; c <= 0xD7A3; c += 28) {
    char text[16];
    std::snprintf(text, sizeof text, "\\x{%X}", c);
    out += text;
  }
  return out + "]";
}

}  // namespace

std::string grapheme_cluster() {
  const auto property = [](const char* name) { return *property_members(name); };
  const RegexMembers extends = property("graphemeextend");
  const std::string extend_text = extends.text + property("emojimodifier").text;
  const std::string extend = RegexMembers{extend_text, extends.except, "", false}.expression(false);
  const std::string after = RegexMembers{extend_text + property("mc").text + "\\x{200D}\\x{E33}\\x{EB3}",
                                         members_of_ranges(kNoSpacingMarks), "", false}
                                .expression(false);
  const std::string controls = "\\p{Zl}\\p{Zp}\\p{Cc}" + property("cf").text + members_of_ranges(kIgnorable);
  const std::string control =
      RegexMembers{controls, members_of_ranges(kNoControls), "", false}.expression(false);
  const std::string l = a_class(kLeading), v = a_class(kVowels), t = a_class(kTrailing);
  const std::string hangul = concat(l, "*(?:", v, "+|", open_syllables(), v, "*|", a_class(kSyllables), ")",
                                    t, "*|", l, "+|", t, "+");
  const std::string picture = "\\p{Extended_Pictographic}";
  const std::string pictures = concat(picture, "(?:", extend, "*\\x{200D}", picture, ")*");
  const std::string core =
      concat("(?:", hangul, "|\\p{Regional_Indicator}{2}|", pictures, "|(?!", control, ")(?s:.))");
  return concat("(?>\\r\\n|", control, "|", a_class(kPrepend), "*", core, after, "*|(?s:.))");
}

std::string_view folded_letters(std::string_view text) {
  for (const Folded& one : kFolded) {
    const bool same = text.size() >= one.letters.size() &&
                      std::equal(one.letters.begin(), one.letters.end(), text.begin(),
                                 [](char a, char b) { return a == std::tolower(uint8_t(b)); });
    if (same) return text.substr(0, one.letters.size());
  }
  return {};
}

std::string folded_alternatives(std::string_view letters) {
  for (const Folded& one : kFolded) {
    if (one.letters.size() == letters.size() && !folded_letters(letters).empty() &&
        std::tolower(uint8_t(letters.back())) == one.letters.back() &&
        std::tolower(uint8_t(letters[0])) == one.letters[0])
      return concat("(?:", one.letters, "|", one.others, ")");
  }
  return std::string(letters);
}

bool folds_to_several(uint32_t c) {
  return std::any_of(std::begin(kSeveral), std::end(kSeveral),
                     [c](const auto& range) { return c >= range[0] && c <= range[1]; });
}

}  // namespace hone
