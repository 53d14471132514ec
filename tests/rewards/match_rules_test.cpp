#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

double exact_match(const std::string& answer, const Json& gold, const std::string& options = "") {
  return score(R"({"rule": "exact_match")" + options + "}",
               {"<answer>" + answer + "</answer>", {{"answer", gold}}})
      .value;
}

TEST(ExactMatchRule, ComparesTheAnswerWithTheRow) {
  EXPECT_EQ(exact_match(" 3  5 9 ", "3 5 9"), 1.0);
  EXPECT_EQ(exact_match("42", 42), 1.0);
  EXPECT_EQ(exact_match("no", {"No", "no"}), 1.0);
  EXPECT_EQ(exact_match("No", "no"), 0.0);
  EXPECT_EQ(exact_match("a.b", "a b"), 0.0);
  const std::string rule = R"({"rule": "exact_match"})";
  EXPECT_EQ(score(rule, {"<answer>3 5</answer>", {{"answer", "3 5 9"}}}).detail["verdict"], "wrong");
  EXPECT_EQ(score(rule, {"3 5 9", {{"answer", "3 5 9"}}}).detail["verdict"], "no_answer");
}

TEST(ExactMatchRule, CasePunctuationAndWhiteSpaceAreOptions) {
  EXPECT_EQ(exact_match("YES", "yes", R"(, "ignore_case": true)"), 1.0);
  EXPECT_EQ(exact_match("\u00C9T\u00C9", "\u00E9t\u00E9", R"(, "ignore_case": true)"), 1.0);
  EXPECT_EQ(exact_match("it's, so.", "its so", R"(, "ignore_punctuation": true)"), 1.0);
  EXPECT_EQ(exact_match("\u300C\u8BD5\u300D\u3002", "\u8BD5", R"(, "ignore_punctuation": true)"), 1.0);
  EXPECT_EQ(exact_match("1+1", "11", R"(, "ignore_punctuation": true)"), 0.0);
  EXPECT_EQ(exact_match("a b", "ab", R"(, "white_space": "ignore")"), 1.0);
  EXPECT_EQ(exact_match("a  b", "a b", R"(, "white_space": "exact")"), 0.0);
  EXPECT_EQ(exact_match("a b", "a b", R"(, "white_space": "exact")"), 1.0);
  EXPECT_THROW(exact_match("a", "a", R"(, "white_space": "some")"), InputError);
}

TEST(ExactMatchRule, OneLetterHasOneSpelling) { EXPECT_EQ(exact_match("cafe\u0301", "caf\u00E9"), 1.0); }

TEST(ExactMatchRule, AHeapOfMarksAndBrokenBytesAreOrdinaryText) {
  std::string marks = "a";
  for (int i = 0; i < 200000; ++i) marks += i % 2 ? "\u0301" : "\u0323";
  EXPECT_EQ(exact_match(marks, "a"), 0.0);
  EXPECT_EQ(exact_match("\xFF\xC3", "\xFF"), 0.0);
}

TEST(AccuracyRule, TheRowsKindDecides) {
  const std::string rule = R"({"rule": "accuracy"})";
  EXPECT_EQ(score(rule, {"<answer>1/2</answer>", {{"answer", "0.5"}}}).value, 1.0);
  EXPECT_EQ(score(rule, {"<answer>1/2</answer>", {{"answer", "0.5"}, {"task", "parity"}}}).value, 0.0);
  EXPECT_EQ(score(rule, {"<answer>3*5</answer>", {{"numbers", {3, 5}}, {"target", 15}}}).value, 1.0);
}

}  // namespace
}  // namespace hone
