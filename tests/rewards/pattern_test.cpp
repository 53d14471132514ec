#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

double pattern(const std::string& options, const Sample& sample) {
  return score("{\"rule\": \"pattern\", " + options + "}", sample).value;
}

TEST(PatternRule, PaysForAMatchAnywhereOrOfTheWhole) {
  EXPECT_EQ(pattern(R"x("pattern": "(?i)therefore", "value": 0.5, "otherwise": -0.5)x", {"and Therefore it"}),
            0.5);
  EXPECT_EQ(pattern(R"x("pattern": "(?i)therefore", "value": 0.5, "otherwise": -0.5)x", {"so"}), -0.5);
  EXPECT_EQ(pattern(R"x("pattern": "a+", "full": true)x", {"aaa"}), 1.0);
  EXPECT_EQ(pattern(R"x("pattern": "a+", "full": true)x", {"aaab"}), 0.0);
}

TEST(PatternRule, CountsWithACap) {
  EXPECT_EQ(pattern(R"x("pattern": "\\bwait\\b", "per_match": 0.5)x", {"wait, wait, waiting, wait"}), 1.5);
  EXPECT_EQ(pattern(R"x("pattern": "\\bwait\\b", "per_match": 0.5, "max_matches": 2)x",
                    {"wait, wait, waiting, wait"}),
            1.0);
  EXPECT_EQ(pattern(R"x("pattern": "x*", "per_match": 1)x", {"ab"}), 3.0);
  EXPECT_EQ(pattern(R"x("pattern": "z", "per_match": 1)x", {"ab"}), 0.0);
}

TEST(PatternRule, ComparesCapturesWithTheRow) {
  const Json row = {{"city", "New  York"}, {"meta", {{"zip", 10001}}}};
  EXPECT_EQ(
      pattern(
          R"x("pattern": "in ([A-Z ]+?):(?P<zip>\\d+)", "equals": {"1": "city", "zip": "meta.zip"}, "ignore_case": true)x",
          {"in NEW YORK:10001", row}),
      1.0);
  EXPECT_EQ(pattern(R"x("pattern": "in ([a-zA-Z ]+):(\\d+)", "equals": {"1": "city", "2": "meta.zip"})x",
                    {"in New York:10002", row}),
            0.0);
  EXPECT_EQ(pattern(R"x("pattern": "(\\d+)", "equals": {"1": "meta.zip"}, "match": "first")x",
                    {"10001 then 3", row}),
            1.0);
  EXPECT_EQ(pattern(R"x("pattern": "(\\d+)", "equals": {"1": "meta.zip"}, "match": "last")x",
                    {"10001 then 3", row}),
            0.0);
  EXPECT_EQ(pattern(R"x("pattern": "(\\d+)", "equals": {"1": "meta.zip"}, "match": "any")x",
                    {"3 then 10001 4", row}),
            1.0);
  EXPECT_THROW(pattern(R"x("pattern": "(a)", "equals": {"1": "none"})x", {"a", row}), Error);
}

TEST(PatternRule, PaysByTable) {
  const std::string rule =
      R"("in": "answer", "pattern": "^(yes|no|maybe)$", "table": {"yes": 1, "no": -1}, "otherwise": -2)";
  EXPECT_EQ(pattern(rule, {"<answer> yes </answer>"}), 1.0);
  EXPECT_EQ(pattern(rule, {"<answer> no </answer>"}), -1.0);
  EXPECT_EQ(pattern(rule, {"<answer> maybe </answer>"}), -2.0);
  EXPECT_EQ(pattern(rule, {"yes"}), -2.0);
}

TEST(PatternRule, LooksWhereItIsTold) {
  const Sample sample{"<think> aa </think> b", {}, "c"};
  EXPECT_EQ(pattern(R"("in": "reasoning", "pattern": "a", "per_match": 1)", sample), 2.0);
  EXPECT_EQ(pattern(R"("in": "final", "pattern": "[ab]", "per_match": 1)", sample), 1.0);
  EXPECT_EQ(pattern(R"("in": "prompt", "pattern": "[abc]", "per_match": 1)", sample), 1.0);
}

TEST(PatternRule, BadOptionsAreNamed) {
  EXPECT_THROW(pattern(R"x("pattern": "(")x", {""}), InputError);
  EXPECT_THROW(pattern(R"x("pattern": "a", "equals": {"1": "city"})x", {""}), InputError);
  EXPECT_THROW(pattern(R"x("pattern": "(a)", "equals": {"99999999999": "city"})x", {""}), InputError);
  EXPECT_THROW(pattern(R"x("pattern": "a", "per_match": 1, "value": 2)x", {""}), InputError);
  EXPECT_THROW(pattern(R"x("pattern": "a", "patern": "b")x", {""}), InputError);
}

TEST(PatternRule, CatastrophicPatternsAreLinear) {
  EXPECT_EQ(pattern(R"x("pattern": "(a*)*(a*)*b")x", {std::string(200000, 'a')}), 0.0);
}

}  // namespace
}  // namespace hone
