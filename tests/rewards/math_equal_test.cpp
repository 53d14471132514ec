#include "rewards/math_equal.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "tests/rewards/score_helper.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

std::string verdict(const std::string& gold, const std::string& answer, const MathOptions& options = {}) {
  return to_string(compare_math(gold, answer, options).verdict);
}

TEST(MathEqual, JudgesEveryCaseOfTheTable) {
  std::ifstream in(source_dir().string() + "/tests/rewards/math_cases.tsv");
  ASSERT_TRUE(in.is_open());
  int cases = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t first = line.find('\t'), second = line.find('\t', first + 1);
    const std::string gold = line.substr(first + 1, second - first - 1), answer = line.substr(second + 1);
    EXPECT_EQ(verdict(gold, answer), line.substr(0, first)) << gold << "   " << answer;
    ++cases;
  }
  EXPECT_GT(cases, 200);
}

TEST(MathEqual, RoundedDecimalsAreAnOption) {
  MathOptions exact;
  exact.scalar.rounded_digits = 0;
  EXPECT_EQ(verdict("\\frac{1}{3}", "0.333333"), "correct");
  EXPECT_EQ(verdict("\\frac{1}{3}", "0.333333", exact), "wrong");
  EXPECT_EQ(verdict("\\frac{1}{2}", "0.5", exact), "correct");
  MathOptions five;
  five.scalar.rounded_digits = 5;
  EXPECT_EQ(verdict("\\pi", "3.142", five), "wrong");
  EXPECT_EQ(verdict("\\pi", "3.1416", five), "correct");
  // Ties may be rounded either way; what was only cut off is not rounded.
  EXPECT_EQ(verdict("\\frac{1}{16}", "0.0625"), "correct");
  EXPECT_EQ(verdict("\\frac{2001}{2000}", "1.000"), "correct");
  EXPECT_EQ(verdict("\\frac{2001}{2000}", "1.001"), "correct");
  EXPECT_EQ(verdict("\\frac{2}{3}", "0.6666"), "wrong");
}

TEST(MathEqual, PercentsMayBeUnits) {
  MathOptions unit;
  unit.percent_is_fraction = false;
  EXPECT_EQ(verdict("27\\%", "27", unit), "correct");
  EXPECT_EQ(verdict("27\\%", "0.27", unit), "wrong");
  EXPECT_EQ(verdict("27", "27\\%", unit), "correct");
}

TEST(MathEqual, UnitsMayBeIgnoredOrRequired) {
  MathOptions ignore, require;
  ignore.units = UnitPolicy::kIgnore;
  require.units = UnitPolicy::kRequire;
  EXPECT_EQ(verdict("5\\text{ cm}", "5 inches"), "wrong");
  EXPECT_EQ(verdict("5\\text{ cm}", "5 inches", ignore), "correct");
  EXPECT_EQ(verdict("5\\text{ cm}", "5"), "correct");
  EXPECT_EQ(verdict("5\\text{ cm}", "5", require), "wrong");
  EXPECT_EQ(verdict("5\\text{ cm}", "5 centimeters", require), "correct");
  EXPECT_EQ(verdict("5\\text{ m}", "5m", require), "correct");
  EXPECT_EQ(verdict("5", "5 cm", require), "correct");
}

/// Found by math_equal_fuzz: the one order was accepted, the other was not.
TEST(MathEqual, ALetterIsAUnitOnlyIfNoOtherUnitIsThere) {
  const std::string noise =
                        "5\xFF"
                        "c\xFF\xFF\xFF \xFF\xFF"
                        "es",
                    metres = "5m \\text{ cm}";
  EXPECT_EQ(verdict(metres, noise), "wrong");
  EXPECT_EQ(verdict(noise, metres), "wrong");
  EXPECT_EQ(compare_math("5", "5 m", {}).reason, "a letter taken for a unit");
  EXPECT_EQ(compare_math("5", "5, 5", {}).reason, "with an element named again");
  EXPECT_EQ(verdict("5m", "5"), "wrong");  // of the gold it may be a variable
}

TEST(MathEqual, OrderAndBaseAreOptions) {
  MathOptions loose;
  loose.unordered_tuples = true;
  loose.base_required = false;
  EXPECT_EQ(verdict("(1,2)", "(2,1)", loose), "correct");
  EXPECT_EQ(verdict("(1,2)", "(2,2)", loose), "wrong");
  EXPECT_EQ(verdict("204_5", "204", loose), "correct");
  EXPECT_EQ(verdict("204_5", "204_6", loose), "wrong");
}

TEST(MathEqual, CommasAreReadBothWays) {
  EXPECT_EQ(verdict("100,200", "100, 200"), "correct");
  EXPECT_EQ(verdict("100,200", "100200"), "correct");
  EXPECT_EQ(verdict("(1,000, 2)", "(1000, 2)"), "correct");
  EXPECT_EQ(verdict("1,000", "1000.0"), "correct");
  EXPECT_EQ(verdict("1,000", "1,001"), "wrong");
}

TEST(MathEqual, AnUnparsableGoldPaysOnlyItsOwnText) {
  EXPECT_EQ(verdict("((", "5"), "gold_unparsable");
  EXPECT_EQ(verdict("((", "( ("), "correct");
  EXPECT_EQ(verdict("", ""), "gold_unparsable");
  EXPECT_EQ(verdict("5", "5 +"), "answer_unparsable");
  EXPECT_EQ(verdict("5", ""), "answer_unparsable");
  EXPECT_NE(gold_problem("(("), "");
  EXPECT_EQ(gold_problem("\\frac12"), "");
}

TEST(MathEqual, HostileAnswersReturnAtOnce) {
  std::string tower = "2";
  for (int i = 0; i < 3000; ++i) tower = "2^{" + tower + "}";
  std::string radicals = "2";
  for (int i = 0; i < 60; ++i) radicals = "\\sqrt{2+" + radicals + "}";
  std::string sum, list, mixed = "1", roots;
  for (int i = 0; i < 1500; ++i) sum += "+\\sin{" + std::to_string(i) + "}", list += std::to_string(i) + ",";
  for (int i = 0; i < 60; ++i)
    mixed = "3\\frac{" + mixed + "}{x}", roots += "+\\sqrt{" + std::to_string(i * i + 1) + "}";
  const std::string cases[] = {std::string(1000000, '('),
                               std::string(1000000, '9'),
                               std::string(10000, '9'),
                               std::string(9000, '9') + "+\\pi",
                               std::string(16000, '-') + "1",
                               std::string("\0\0\0", 3),
                               "\xFF\xFE\x80",
                               tower,
                               radicals,
                               roots,
                               sum,
                               list,
                               mixed,
                               "9^{9^{9^{9}}}",
                               "\\sin(9^{9^{9^{9}}})",
                               "((((((9!)!)!)!)!)!)",
                               "10^{10000000}+\\sqrt{2}",
                               "\\binom{1000000000}{500000000}",
                               "(x+y+z+w)^{1000000}",
                               "\\pm1\\pm2\\pm3\\pm4\\pm5\\pm6\\pm7\\pm8\\pm9\\pm1\\pm1\\pm1\\pm1\\pm1",
                               std::string(5000, '{') + std::string(5000, '}'),
                               std::string(300, '|') + "x" + std::string(300, '|'),
                               "\\frac" + std::string(5000, '1')};
  const std::string golds[] = {"5", "\\sqrt{2}", "x^2+1", "1,2", "(0,1)", "\\sin 1"};
  double slowest = 0;
  for (const std::string& answer : cases) {
    for (const std::string& gold : golds) {
      double best = 1e9;  // of three: other programs may run
      for (int i = 0; i < 3; ++i) {
        const auto start = std::chrono::steady_clock::now();
        EXPECT_NE(verdict(gold, answer), "correct") << answer.substr(0, 50);
        best =
            std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      }
      slowest = std::max(slowest, best);
      EXPECT_LT(best, 0.05) << gold << "   " << answer.substr(0, 50);
    }
  }
  RecordProperty("slowest_ms", std::to_string(slowest * 1e3));
}

TEST(MathRule, FindsTheAnswerAndTellsTheVerdict) {
  const std::string rule = R"({"rule": "math"})";
  const Reward right =
      score(rule, {"<think>x</think> so \\boxed{\\frac{2}{4}}", {{"answer", "\\frac{1}{2}"}}});
  EXPECT_EQ(right.value, 1.0);
  EXPECT_EQ(right.detail["verdict"], "correct");
  EXPECT_EQ(right.detail["from"], "boxed");
  EXPECT_EQ(score(rule, {"\\boxed{3}", {{"answer", 4}}}).detail["verdict"], "wrong");
  EXPECT_EQ(score(rule, {"\\boxed{3}", {{"answer", 3}}}).value, 1.0);
  EXPECT_EQ(score(rule, {"\\boxed{3}", {{"answer", {"2", "3"}}}}).value, 1.0);
  EXPECT_EQ(score(rule, {"it is 3", {{"answer", 3}}}).detail["verdict"], "no_answer");
  EXPECT_EQ(score(rule, {"The answer is 42.", {{"answer", "6*7 = <<6*7=42>>42\n#### 42"}}}).value, 1.0);
  EXPECT_EQ(score(rule, {"\\boxed{3+}", {{"answer", 3}}}).detail["verdict"], "answer_unparsable");
  EXPECT_EQ(score(rule, {"\\boxed{3}", {{"answer", "(("}}}).detail["verdict"], "gold_unparsable");
  EXPECT_EQ(score(R"({"rule": "math", "wrong": -1})", {"\\boxed{3}", {{"answer", 4}}}).value, -1.0);
  EXPECT_EQ(score(R"({"rule": "accuracy"})", {"\\boxed{0.5}", {{"answer", "\\frac{1}{2}"}}}).value, 1.0);
  EXPECT_THROW(score(rule, {"\\boxed{3}"}), Error);
}

TEST(MathRule, EveryOptionIsRead) {
  const auto value = [](const std::string& options, const std::string& gold, const std::string& answer) {
    return score("{\"rule\": \"math\"," + options + "}", {"\\boxed{" + answer + "}", {{"answer", gold}}})
        .value;
  };
  EXPECT_EQ(value(R"("rounded_digits": 0)", "\\pi", "3.14"), 0.0);
  EXPECT_EQ(value(R"("units": "require")", "5\\text{ cm}", "5"), 0.0);
  EXPECT_EQ(value(R"("units": "ignore")", "5\\text{ cm}", "5 inches"), 1.0);
  EXPECT_EQ(value(R"("percent_is_fraction": false)", "27\\%", "27"), 1.0);
  EXPECT_EQ(value(R"("unordered_tuples": true)", "(1,2)", "(2,1)"), 1.0);
  EXPECT_EQ(value(R"("base_required": false)", "204_5", "204"), 1.0);
  EXPECT_THROW(value(R"("units": "none")", "1", "1"), InputError);
}

}  // namespace
}  // namespace hone
