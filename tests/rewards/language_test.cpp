#include "rewards/language.h"

#include <gtest/gtest.h>

#include "rewards/words.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

int64_t words(const std::string& text, Script script) {
  return count_words(split_words(text))[static_cast<size_t>(script)];
}
double share(const std::string& text, const std::string& language, double empty = 1.0) {
  return count_language(text, language).share(empty);
}

TEST(SplitWords, AlphabetsCountRunsHanAndKanaCountCharacters) {
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

TEST(SplitWords, KnowsSentencesAndCapitals) {
  const std::vector<TextWord> all = split_words("We met Ann. \u00C9t\u00E9 is 3. so");
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0].sentence, 0u);
  EXPECT_TRUE(all[0].opens_sentence && all[0].capital);
  EXPECT_TRUE(all[2].capital && !all[2].opens_sentence);
  EXPECT_TRUE(all[3].capital && all[3].opens_sentence);
  EXPECT_EQ(all[3].sentence, 1u);
  EXPECT_EQ(all[5].sentence, 2u);
}

int64_t all_words(const std::string& text) { return static_cast<int64_t>(split_words(text).size()); }

TEST(SplitWords, DigitsOperatorsTagsLatexCodeAddressesAndVariablesAreNeutral) {
  for (const char* text :
       {"", "3 * 5 = 15", "x + y", "<think> 1 </think>", "<|end|>", "\\frac{1}{2} \\alpha", "$\\text{so}$ 3",
        "\\(abc\\)", "\\[ abc \\]", "`code here`", "```\nint main\n\nmore\n```", "\xFF\xFE\x80", "a.b",
        "https://example.org/some/page?of=words", "(www.example.org)", "$$\nabc\n$$",
        "[asy]\ndraw(up);\n\nlabel(up);\n[/asy]"}) {
    EXPECT_EQ(all_words(text), 0) << text;
  }
  EXPECT_EQ(all_words("a < b and c > d so"), 2);
  EXPECT_EQ(all_words("pay $5 for it"), 3);
  EXPECT_EQ(all_words("pay $5 and then $6 more"), 4) << "money is not latex";
  EXPECT_EQ(all_words("a forgotten ` mark\n\nhides nothing `here` but this"), 6);
  EXPECT_EQ(all_words("ahttp://x"), 1);
}

TEST(SplitWords, ManyOpeningMarksStayLinear) {
  std::string text;
  for (int i = 0; i < 300000; ++i) text += i % 4 == 0 ? "\\(" : i % 4 == 1 ? "<" : i % 4 == 2 ? "\\[" : "$ ";
  EXPECT_EQ(all_words(text), 0);
}

TEST(CountLanguage, IsTheShareOfWordsInTheLanguage) {
  const std::string mixed = "try \u8BD5 so \u6240\u4EE5";
  EXPECT_EQ(share(mixed, "en"), 0.4);
  EXPECT_EQ(share(mixed, "zh"), 0.6);
  EXPECT_EQ(share(mixed, "ko"), 0.0);
  EXPECT_EQ(share("3 + 5", "en", 0.25), 0.25);
  EXPECT_THROW(count_language(mixed, "xx"), Error);
}

TEST(CountLanguage, TheTargetHasTheBenefitOfTheDoubt) {
  EXPECT_EQ(share("no", "en"), 1.0);
  EXPECT_EQ(share("no", "es"), 1.0);
  EXPECT_EQ(share("no", "vi"), 0.0);
  EXPECT_EQ(share("qzx", "en"), 1.0);
  EXPECT_EQ(share("try no yes big stop so then least left make from sum sort binary", "en"), 1.0);
}

// What the shipped recipes were measured with: in their vocabulary every Latin word is English, in any order.
TEST(CountLanguage, TheWordsOfTheTasksAreEnglishInAnyOrder) {
  const char* const kWords[] = {"try",   "no",   "yes",  "big",  "stop", "so",   "then",
                                "least", "left", "make", "from", "sum",  "sort", "binary"};
  uint32_t state = 7;
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (int i = 0; i <= round % 12; ++i) {
      state = state * 1664525u + 1013904223u;
      text += std::string(kWords[(state >> 16) % 14]) + ((state >> 12) % 3 == 0   ? " \u8BD5 "
                                                         : (state >> 12) % 3 == 1 ? " 3 + 5 = 8\n"
                                                                                  : " ");
    }
    const LanguageCounts counts = count_language(text, "en");
    EXPECT_EQ(counts.wanted, words(text, Script::kLatin)) << text;
    EXPECT_EQ(counts.other, words(text, Script::kHan)) << text;
  }
}

TEST(CountLanguage, NamesAreNeutral) {
  const LanguageCounts counts =
      count_language("Yesterday we met Giuseppe Verdi near the Brandenburger Tor.", "en");
  EXPECT_EQ(counts.other, 0);
  EXPECT_EQ(counts.neutral, 4);
  EXPECT_EQ(count_language("\u6211 \u5728 Kubernetes \u4E0A", "zh").neutral, 1);
  EXPECT_EQ(count_language("\u6211 Think \u8FD9\u4E2A", "zh").other, 1)
      << "a capital does not make a name of a frequent word";
  EXPECT_EQ(count_language("Je Pense Que Cette Chose Marche Bien", "en").neutral, 0)
      << "nor does a sentence of capitals";
  EXPECT_EQ(share("JE PENSE QUE CETTE CHOSE MARCHE BIEN", "en"), 0.0);
}

TEST(CountLanguage, HanAreJapaneseAmongKana) {
  const std::string japanese = "\u79C1\u306F\u6570\u5B66\u304C\u597D\u304D\u3067\u3059\u3002";
  const std::string chinese =
      "\u6211\u4EEC\u5148\u628A\u4E24\u4E2A\u6570\u52A0\u8D77\u6765\u518D\u9664\u4EE5\u4EBA\u6570\u3002";
  EXPECT_EQ(share(japanese, "ja"), 1.0);
  EXPECT_EQ(share(japanese, "zh"), 0.0);
  EXPECT_EQ(share(chinese, "zh"), 1.0);
  EXPECT_EQ(share(chinese, "ja"), 0.0);
  EXPECT_EQ(share("\u8A08\u7B97", "ja"), 1.0) << "a term alone may be either";
}

TEST(CountLanguage, ComposedAndDecomposedLettersAreTheSame) {
  EXPECT_EQ(share("C'est tre\u0300s inte\u0301ressant", "fr"),
            share("C'est tr\u00E8s int\u00E9ressant", "fr"));
}

TEST(DetectLanguage, GoesByTheMostWords) {
  EXPECT_EQ(detect_language("make 24 from 3 5 9 :"), "en");
  EXPECT_EQ(detect_language("\u7528 3 5 9 \u51D1\u51FA 24"), "zh");
  EXPECT_EQ(detect_language("\u3053\u308C\u3092\u8A08\u7B97\u3057\u3066\u304F\u3060\u3055\u3044"), "ja");
  EXPECT_EQ(detect_language("\uACC4\uC0B0"), "ko");
  EXPECT_EQ(detect_language("Combien de pommes reste-t-il ?"), "fr");
  EXPECT_EQ(detect_language("Wie viele \u00C4pfel bleiben \u00FCbrig?"), "de");
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
  EXPECT_EQ(score(kRule, {"Nous allons essayer cela.", {}, "How many apples are left?"}).value, 0.0);
  EXPECT_EQ(score(kRule, {"Nous allons essayer cela.", {}, "Combien de pommes reste-t-il ?"}).value, 1.0);
  EXPECT_EQ(score(R"({"rule": "language_consistency", "language": "zh"})", {"try it", {}, "make 3"}).value,
            0.0);
  EXPECT_EQ(score(kRule, {"3 + 5", {{"language", "en"}}}).value, 1.0);
  EXPECT_EQ(score(R"({"rule": "language_consistency", "empty": 0})", {"3 + 5", {{"language", "en"}}}).value,
            0.0);
  EXPECT_THROW(score(kRule, {"a", {{"language", "klingon"}}}), Error);
}

}  // namespace
}  // namespace hone
