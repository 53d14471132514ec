#include "rewards/language.h"

#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

int64_t words(const std::string& text, Script script) {
  return count_words(text).of[static_cast<size_t>(script)];
}

TEST(CountWords, AlphabetsCountRunsHanAndKanaCountCharacters) {
  EXPECT_EQ(words("so we try it", Script::kLatin), 4);
  EXPECT_EQ(words("don\xE2\x80\x99t isn't", Script::kLatin), 2);
  EXPECT_EQ(words("\u6240\u4EE5 \u8BD5", Script::kHan), 3);
  EXPECT_EQ(words("\u305D\u3057\u3066 \u8A66", Script::kKana), 3);
  EXPECT_EQ(words("\uADF8\uB798\uC11C \uC2DC\uB3C4", Script::kHangul), 2);
  EXPECT_EQ(words("\u043F\u043E\u044D\u0442\u043E\u043C\u0443 \u0434\u0430", Script::kCyrillic), 2);
  EXPECT_EQ(words("\u0939\u093F\u0928\u094D\u0926\u0940", Script::kDevanagari), 1);
  EXPECT_EQ(words("\u0E2A\u0E27\u0E31\u0E2A\u0E14\u0E35", Script::kThai), 1);
  EXPECT_EQ(words("caf\u00E9 cafe\u0301", Script::kLatin), 2);
}

TEST(CountWords, DigitsOperatorsTagsLatexCodeAndVariablesAreNeutral) {
  for (const char* text :
       {"", "3 * 5 = 15", "x + y", "<think> 1 </think>", "<|end|>", "\\frac{1}{2} \\alpha", "$\\text{so}$ 3",
        "\\(abc\\)", "\\[ abc \\]", "`code here`", "```\nint main\n```", "\xFF\xFE\x80", "a.b"}) {
    EXPECT_EQ(count_words(text).total(), 0) << text;
  }
  EXPECT_EQ(count_words("a < b and c > d so").total(), 2);
  EXPECT_EQ(count_words("pay $5 for it").total(), 3);
}

TEST(CountWords, ManyOpeningMarksStayLinear) {
  std::string text;
  for (int i = 0; i < 300000; ++i) text += i % 3 == 0 ? "\\(" : i % 3 == 1 ? "<" : "\\[";
  EXPECT_EQ(count_words(text).total(), 0);
}

TEST(LanguageShare, IsTheShareOfWordsInTheLanguage) {
  const WordCounts mixed = count_words("try \u8BD5 so \u6240\u4EE5");
  EXPECT_EQ(language_share(mixed, "en", 1.0), 0.4);
  EXPECT_EQ(language_share(mixed, "zh", 1.0), 0.6);
  EXPECT_EQ(language_share(mixed, "ko", 1.0), 0.0);
  EXPECT_EQ(language_share(count_words("3 + 5"), "en", 0.25), 0.25);
  EXPECT_EQ(language_share(count_words("\u3053\u308C\u306F\u6240"), "ja", 1.0), 1.0);
  EXPECT_THROW(language_share(mixed, "xx", 1.0), Error);
}

TEST(DetectLanguage, GoesByTheMostWords) {
  EXPECT_EQ(detect_language("make 24 from 3 5 9 :"), "en");
  EXPECT_EQ(detect_language("\u7528 3 5 9 \u51D1\u51FA 24"), "zh");
  EXPECT_EQ(detect_language("\u3053\u308C\u3092\u8A08\u7B97\u3057\u3066\u304F\u3060\u3055\u3044"), "ja");
  EXPECT_EQ(detect_language("\uACC4\uC0B0"), "ko");
  EXPECT_EQ(detect_language("3 + 5"), "");
}

const std::string kRule = R"({"rule": "language_consistency"})";

TEST(LanguageRule, ReadsTheReasoningOnly) {
  const std::string text = "<think> try so \u8BD5 yes </think> <answer> \u4E0D\u4E0D\u4E0D </answer>";
  EXPECT_EQ(score(kRule, {text, {{"language", "en"}}}).value, 0.75);
  EXPECT_EQ(score(kRule, {text, {{"language", "zh"}}}).value, 0.25);
  EXPECT_EQ(
      score(R"({"rule": "language_consistency", "scope": "completion"})", {text, {{"language", "en"}}}).value,
      3.0 / 7.0);
}

TEST(LanguageRule, WithoutAThinkingBlockEverythingIsReasoning) {
  EXPECT_EQ(score(kRule, {"try \u8BD5", {{"language", "en"}}}).value, 0.5);
  EXPECT_EQ(score(kRule, {"try \u8BD5 </think> so", {{"language", "en"}}, "x <think>"}).value, 0.5);
  EXPECT_EQ(score(kRule, {"<think> try \u8BD5", {{"language", "en"}}}).value, 0.5);
}

TEST(LanguageRule, TheTargetIsTheRowsLanguageElseThePrompts) {
  EXPECT_EQ(score(kRule, {"try it", {}, "\u7528 3"}).value, 0.0);
  EXPECT_EQ(score(kRule, {"try it", {}, "make 3"}).value, 1.0);
  EXPECT_EQ(score(R"({"rule": "language_consistency", "language": "zh"})", {"try it", {}, "make 3"}).value,
            0.0);
  EXPECT_EQ(score(kRule, {"3 + 5", {{"language", "en"}}}).value, 1.0);
  EXPECT_EQ(score(R"({"rule": "language_consistency", "empty": 0})", {"3 + 5", {{"language", "en"}}}).value,
            0.0);
  EXPECT_THROW(score(kRule, {"a", {{"language", "klingon"}}}), Error);
}

}  // namespace
}  // namespace hone
