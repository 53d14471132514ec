// Regular expressions of Oniguruma by PCRE2: the pieces of the `tokenizers` package, from recorded answers; what is
// refused.
#include "model/tokenizer_regex.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "core/types.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

/// Lengths of matches and of what lies between them.
std::vector<size_t> pieces(const Regex& regex, std::string_view text) {
  RegexWorkspace workspace;
  RegexMatches matches(regex, text, workspace);
  std::vector<size_t> out;
  size_t at = 0, begin = 0, end = 0;
  while (matches.next(&begin, &end)) {
    if (begin > at) out.push_back(begin - at);
    if (end > begin) out.push_back(end - begin);
    at = end;
  }
  if (at < text.size()) out.push_back(text.size() - at);
  return out;
}

std::string error_of(const std::string& pattern) {
  try {
    Regex(pattern, "t.json");
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(GoldenTokenizerRegex, PiecesEqualThoseOfThePeer) {
  const Json golden = Json::parse(read_file(source_dir() / "tests/golden/regexes.json"));
  ASSERT_GT(golden["patterns"].size(), 90u);
  for (const Json& entry : golden["patterns"]) {
    const auto pattern = entry["pattern"].get<std::string>();
    const Regex regex(pattern, "t.json");
    for (size_t i = 0; i < golden["texts"].size(); ++i) {
      const auto text = golden["texts"][i].get<std::string>();
      EXPECT_EQ(pieces(regex, text), entry["pieces"][i].get<std::vector<size_t>>())
          << pattern << " on " << text;
    }
  }
}

TEST(TokenizerRegex, AnOptionAloneReachesToTheEndOfItsGroupAlternativesIncluded) {
  RegexWorkspace workspace;
  const auto match = [&](const char* pattern, std::string_view text) {
    size_t begin = 0, end = 0;
    const bool found = Regex(pattern, "t.json").find(text, 0, workspace, &begin, &end);
    return found ? std::string(text.substr(begin, end - begin)) : "none";
  };
  EXPECT_EQ(match("a(?i)b|c", "c aC"), "aC");  // a(?i:b|c), as Oniguruma has it
  EXPECT_EQ(match("x|(?:q(?i)u|s|(?-i)t)r", "qTr QUr qUr"), "qUr");
  EXPECT_EQ(match("x|(?:q(?i)u|s|(?-i)t)R", "qUr qsR"), "qsR");
  EXPECT_EQ(match("(?i)a|b", "B"), "B");
}

TEST(TokenizerRegex, WhatIsNotSupportedIsNamed) {
  const auto has = [](const std::string& pattern, const std::string& part) {
    const std::string error = error_of(pattern);
    EXPECT_EQ(error.find("t.json: regular expression " + pattern), 0u) << error;
    EXPECT_NE(error.find(part), std::string::npos) << "got: " << error << "\nexpected: " << part;
  };
  has("(?~ab)", "byte 0: the absent operator (?~ is not supported");
  has("a(?{x})", "byte 1: the callout (?{x is not supported");
  has("a(*FAIL)", "the callout (*FA");
  has("(?P<n>a)", "the group (?P<");
  has("(?<n>a)(b)\\2", "a number beside named groups");
  has("(?<n>a)\\k<m>", "a reference to the group m");
  has("(a)\\2", "a reference to the group 2");
  has("(?<1n>a)", "the name 1n of a group");
  has("(?(n)a)", "the condition n");
  has("(?#a", "(?# without )");
  has("(?<n>a)\\g<n>\\k<n>", "a group that is called, beside back references");
  has("\\p{Emojis}", "byte 2: the property Emojis");
  has("\\p{Other_Alphabetic}", "the property Other_Alphabetic");
  has("\\p{L", "\\p{ without }");
  has("[[:letter:]]", "the POSIX class letter");
  has("[a&&]", "an empty side of &&");
  has("[]", "an empty class");
  has("[a", "[ without ]");
  has("\\xFF", "a byte above \\x7F");
  has("\\377", "a byte above \\x7F");
  has("\\u12", "the code point 12");
  has("\\M-a", "\\M");
  has("\\y", "\\y");
  has("\\", "a backslash at the end");
  has("(?i)sss", "under (?i), the letters sss");
  has("(?i)stra\u00DFe", "under (?i), a character that stands for several");
  has("(?i)[\\p{Lu}]", "under (?i), a class of letters of one case");
  has("(?i)[\\w&&a]", "under (?i), && in a class");
  has("(?i)[a[^l]]", "under (?i), [^ inside a class");
  has("(?<=a+)b", "lookbehind assertion is not fixed length");
  has("*a", "quantifier does not follow a repeatable item");
}

}  // namespace
}  // namespace hone
