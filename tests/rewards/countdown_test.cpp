#include "rewards/countdown.h"

#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

const CountdownProblem kProblem{{3, 5, 9}, 24};

std::string verdict(const std::string& answer, const CountdownProblem& problem = kProblem) {
  return to_string(judge_countdown(answer, problem).verdict);
}

TEST(Countdown, AcceptsEverySpellingOfASolution) {
  for (const char* answer : {"3 * 5 + 9", "9+5*3", "( 3 * 5 ) + 9", "3*5+9 = 24", "(3 x 5) + 9",
                             "3\xC3\x97"
                             "5+9",
                             "$3 \\times 5 + 9$", "\\(3 \\cdot 5 + 9\\)", "\\left(3 \\times 5\\right) + 9",
                             "[3*5]+9", "9 - -(3*5)", "-(-9) + 3*5", "((((3))))*5+9",
                             "9 \xE2\x88\x92 (\xE2\x88\x92"
                             "3)*5",
                             "\xEF\xBC\x88"
                             "3*5\xEF\xBC\x89+9"}) {
    EXPECT_EQ(verdict(answer), "correct") << answer;
  }
  EXPECT_EQ(verdict("8/(3-8/3)", {{3, 3, 8, 8}, 24}), "correct");
  EXPECT_EQ(verdict("\\frac{8}{3-\\frac{8}{3}}", {{3, 3, 8, 8}, 24}), "correct");
  EXPECT_EQ(verdict("8 \xC3\xB7 (3 - 8 \xC3\xB7 3)", {{3, 3, 8, 8}, 24}), "correct");
}

TEST(Countdown, RejectsWrongValuesAndWrongUses) {
  for (const char* answer : {"3 * 5 + 9 + 9", "3 + 5 + 9", "3 * 5", "24", "3 * 8", "9 * 5 - 3", "3*5+9 = 25",
                             "5/(3-3)", "3+9/(5-5)"}) {
    EXPECT_EQ(verdict(answer), "wrong") << answer;
  }
}

TEST(Countdown, RejectsWhatIsNotThisArithmetic) {
  for (const char* answer : {"", "3 5 + 9", "2**5", "17//5", "3^5", "1.5*2", "3(5)+9", "3 * 5 + 9 = ", "= 24",
                             "3 *", "(3*5+9", "3*5+9)", "3*5+9 = 24 = 24", "three * 5 + 9", "03 * 5 + 9",
                             "3*5+9; import os", "\\frac 35 + 9", "\xFF\xFE"}) {
    EXPECT_EQ(verdict(answer), "answer_unparsable") << answer;
  }
}

TEST(Countdown, GluedDigitsAreNotTheGivenNumbers) {
  EXPECT_EQ(verdict("15 + 9"), "wrong");
  EXPECT_EQ(verdict("1.5*2", {{1, 5, 2}, 3}), "answer_unparsable");
  EXPECT_EQ(verdict("12+12", {{1, 2, 1, 2}, 24}), "wrong");
}

TEST(Countdown, ValuesAreExactNotRounded) {
  EXPECT_EQ(verdict("1/3*3", {{1, 3, 3}, 1}), "correct");
  // 99999999 * 100000001 - 1 is 9999999999999998 + ...: next to the target, equal in float64.
  EXPECT_EQ(verdict("94906267*94906267", {{94906267, 94906267}, 9007199515875289}), "correct");
  EXPECT_EQ(verdict("94906267*94906267", {{94906267, 94906267}, 9007199515875288}), "wrong");
}

TEST(Countdown, OperatorsAndUseAreObeyed) {
  CountdownProblem problem{{8, 4}, 2, "+-*"};
  EXPECT_EQ(verdict("8 / 4", problem), "wrong");
  problem.operators = "+-*/";
  EXPECT_EQ(verdict("8 / 4", problem), "correct");
  problem = {{8, 4, 7}, 2};
  EXPECT_EQ(verdict("8 / 4", problem), "wrong");
  problem.use_all = false;
  EXPECT_EQ(verdict("8 / 4", problem), "correct");
  EXPECT_EQ(verdict("8 / 4 + 8 - 8", problem), "wrong");
}

TEST(Countdown, HugeInputStopsAtItsBudget) {
  EXPECT_EQ(verdict(std::string(2000, '(')), "budget_exceeded");
  EXPECT_EQ(verdict(std::string(500, '(')), "budget_exceeded");
  EXPECT_EQ(verdict(std::string(500, '-') + "3"), "budget_exceeded");
  EXPECT_EQ(verdict(std::string(30, '9')), "budget_exceeded");
  std::string tower = "999999999999999999";
  for (int i = 0; i < 9; ++i) tower += "*999999999999999999";
  EXPECT_EQ(verdict(tower), "budget_exceeded");
}

TEST(Countdown, TheReasonSaysWhatIsWrong) {
  EXPECT_EQ(judge_countdown("3 * 5 + 8", kProblem).reason, "8 is not among the numbers");
  EXPECT_EQ(judge_countdown("3 * 5 + 9 + 9", kProblem).reason, "9 is used 2 times, given 1");
  EXPECT_EQ(judge_countdown("3 * 5", kProblem).reason, "9 is used 0 times, given 1");
  EXPECT_EQ(judge_countdown("3 + 5 / 9", kProblem).reason, "the value is 32/9, the target 24");
  EXPECT_EQ(judge_countdown("3 * 5 + 9 = 25", kProblem).reason, "claims to make 25");
}

TEST(CountdownRule, ReadsTheRowAndTheAnswerBlock) {
  const Json row = {{"task", "countdown"}, {"numbers", {3, 5, 9}}, {"target", 24}};
  const char* good = "<think> try 3 * 5 = 15 15 + 9 = 24 yes </think> <answer> ( 3 * 5 ) + 9 </answer>";
  for (const char* rule : {R"({"rule": "countdown"})", R"({"rule": "accuracy"})"}) {
    const Reward reward = score(rule, {good, row});
    EXPECT_EQ(reward.value, 1.0);
    EXPECT_EQ(reward.detail["verdict"], "correct");
    EXPECT_EQ(reward.detail["answer"], "( 3 * 5 ) + 9");
    EXPECT_EQ(score(rule, {"<think> a </think> <answer> 3 * 5 </answer>", row}).value, 0.0);
    EXPECT_EQ(score(rule, {"<answer> ( 3 * 5 ) + 9 </answer>", {{"nums", {3, 5, 9}}, {"target", 24}}}).value,
              1.0);
  }
}

TEST(CountdownRule, AnAnswerInTheThinkingOrCutOffIsNoAnswer) {
  const Json row = {{"numbers", {3, 5, 9}}, {"target", 24}};
  const std::string rule = R"({"rule": "countdown"})";
  EXPECT_EQ(score(rule, {"<think> <answer> 3*5+9 </answer>", row}).detail["verdict"], "no_answer");
  EXPECT_EQ(score(rule, {"so <answer> 3*5+9 </answer>", row, "prompt <think>"}).detail["verdict"],
            "no_answer");
  EXPECT_EQ(score(rule, {"<answer> 3*5+9 </answer>", row, "", FinishReason::kLength}).detail["verdict"],
            "no_answer");
  EXPECT_EQ(score(rule, {"<answer> 3*5+9 </answer> <answer> 3+5+9 </answer>", row}).value, 0.0);
}

TEST(CountdownRule, RowsAndOptionsAreChecked) {
  EXPECT_THROW(score(R"({"rule": "countdown"})", {"<answer>1</answer>", {{"target", 1}}}), Error);
  EXPECT_THROW(score(R"({"rule": "countdown"})", {"<answer>1</answer>", {{"numbers", {1}}}}), Error);
  EXPECT_THROW(score(R"({"rule": "countdown", "operators": "+^"})", {""}), InputError);
  const Json row = {{"numbers", {8, 4}}, {"target", 2}, {"operators", "+-*"}};
  EXPECT_EQ(score(R"({"rule": "countdown"})", {"<answer>8/4</answer>", row}).value, 0.0);
  EXPECT_EQ(score(R"({"rule": "countdown", "wrong": 0.1})", {"<answer>8/4</answer>", row}).value, 0.1);
}

}  // namespace
}  // namespace hone
