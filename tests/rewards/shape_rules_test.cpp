#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

double tag_count(const std::string& completion, const std::string& prompt = "") {
  return score(R"({"rule": "tag_count"})", {completion, {}, prompt}).value;
}

TEST(TagCountRule, PaysAQuarterForEachTagThatIsThereOnce) {
  EXPECT_EQ(tag_count(""), 0.0);
  EXPECT_EQ(tag_count("<think>a"), 0.25);
  EXPECT_EQ(tag_count("<think>a</think>"), 0.5);
  EXPECT_EQ(tag_count("<think>a</think><answer>b"), 0.75);
  EXPECT_EQ(tag_count("<think>\na\n</think>\n<answer>\nb\n</answer>"), 1.0);
  EXPECT_EQ(tag_count("<think><think>a</think><answer>b</answer>"), 0.75);
}

TEST(TagCountDefects, OpenR1WantsLineBreaksBesideTheTags) {
  EXPECT_EQ(tag_count("<think>a</think> <answer>b</answer>"), 1.0);
}
TEST(TagCountDefects, ATagInThePromptCounts) {
  EXPECT_EQ(tag_count("a</think><answer>b</answer>", "x <think>\n"), 1.0);
  EXPECT_EQ(tag_count("<think>a</think><answer>b</answer>", "x <think>\n"), 0.75);
  EXPECT_EQ(score(R"({"rule": "tag_count", "opened": "yes"})", {"a</think><answer>b</answer>"}).value, 1.0);
}

TEST(TagCountRule, TagsAreOptionsAndTheDetailCounts) {
  const Reward reward =
      score(R"({"rule": "tag_count", "think_open": "[T]", "think_close": "[/T]"})", {"[T][T]a[/T]"});
  EXPECT_EQ(reward.value, 0.25);
  EXPECT_EQ(reward.detail, (Json{{"[T]", 2}, {"[/T]", 1}, {"<answer>", 0}, {"</answer>", 0}}));
}

double steps(const std::string& completion, const std::string& rule = R"({"rule": "reasoning_steps"})") {
  return score(rule, {completion}).value;
}

TEST(ReasoningStepsRule, IsOpenR1sMinimumOfOneAndAThirdOfTheSteps) {
  EXPECT_EQ(steps("nothing"), 0.0);
  EXPECT_EQ(steps("Step 1: a"), 1.0 / 3.0);
  EXPECT_EQ(steps("Step 1: a Step 22: b"), 2.0 / 3.0);
  EXPECT_EQ(steps("First, a. Second, b. Next, c. Finally, d."), 1.0);
  EXPECT_EQ(steps("a\n- b\n* c"), 2.0 / 3.0);
  EXPECT_EQ(steps("a - b * c, Step one: first, 1. x"), 0.0);
}
TEST(ReasoningStepsDefects, OpenR1CountsOnlyTheFirstNumberOfAList) {
  EXPECT_EQ(steps("1. a\n2. b\n3. c"), 1.0);
}

TEST(ReasoningStepsRule, HowManyStepsPayIsAnOption) {
  EXPECT_EQ(steps("1. a\n2. b", R"({"rule": "reasoning_steps", "steps": 2})"), 1.0);
  EXPECT_EQ(steps("1. a\n2. b", R"({"rule": "reasoning_steps", "steps": 8})"), 0.25);
  EXPECT_THROW(steps("", R"({"rule": "reasoning_steps", "steps": 0})"), InputError);
}

}  // namespace
}  // namespace hone
