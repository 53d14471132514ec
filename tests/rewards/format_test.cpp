#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

const std::string kRule = R"({"rule": "format"})";
double format(const std::string& completion, const std::string& prompt = "") {
  return score(kRule, {completion, {}, prompt}).value;
}

TEST(FormatRule, AcceptsOneThinkingAndOneAnswerBlock) {
  EXPECT_EQ(format("<think>a</think><answer>b</answer>"), 1.0);
  EXPECT_EQ(format(" <think> a\nb </think>\n\n<answer> b </answer> \n"), 1.0);
}

TEST(FormatRule, RejectsEveryKindOfDefect) {
  for (const char* text : {"",
                           "b",
                           "<think>a</think>",
                           "<answer>b</answer>",
                           "<think>a</think><answer>b</answer> so",
                           "<think>a</think><answer>b</answer>.",
                           "x<think>a</think><answer>b</answer>",
                           "<think>a</think> and <answer>b</answer>",
                           "<think></think><answer>b</answer>",
                           "<think> \n </think><answer>b</answer>",
                           "<think>a</think><answer></answer>",
                           "<think>a</think><answer> \t</answer>",
                           "<think>a</think><think>a</think><answer>b</answer>",
                           "<think>a</think><answer>b</answer><answer>b</answer>",
                           "<answer>b</answer><think>a</think>",
                           "<think>a<answer>b</answer></think>",
                           "<think>a<answer></think>b</answer>",
                           "<think>a</think></answer>b<answer>",
                           "</think>a<think><answer>b</answer>",
                           "<think>a</think><answer>b",
                           "<think>a<answer>b</answer>",
                           "a</think><answer>b</answer>",
                           "<think><think>a</think><answer>b</answer>"}) {
    EXPECT_EQ(format(text), 0.0) << text;
  }
}

TEST(FormatRule, TheOpeningTagMayStandInThePrompt) {
  const std::string prompt = "User: x. Assistant: <think>\n";
  EXPECT_EQ(format("a</think><answer>b</answer>", prompt), 1.0);
  EXPECT_EQ(format("<think>a</think><answer>b</answer>", prompt), 0.0);
  EXPECT_EQ(format(" </think><answer>b</answer>", prompt), 0.0);
  EXPECT_EQ(score(R"({"rule": "format", "opened": "yes"})", {"a</think><answer>b</answer>"}).value, 1.0);
  EXPECT_EQ(score(R"({"rule": "format", "opened": "no"})", {"a</think><answer>b</answer>", {}, prompt}).value,
            0.0);
}

TEST(FormatRule, TagsValuesAndAnswerKindAreOptions) {
  const std::string rule =
      R"({"rule": "format", "think_open": "[T]", "think_close": "[/T]", "answer": "text", "value": 0.5, "otherwise": -1})";
  EXPECT_EQ(score(rule, {"[T]a[/T] so b"}).value, 0.5);
  EXPECT_EQ(score(rule, {"[T]a[/T] \n"}).value, -1.0);
  EXPECT_EQ(score(rule, {"[T]a[/T] <answer>b</answer>"}).value, -1.0);
  EXPECT_THROW(score(R"({"rule": "format", "think_close": "<think>"})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "format", "think_open": " "})", {""}), InputError);
}

TEST(FormatRule, TheDetailSaysWhatIsWrong) {
  EXPECT_EQ(score(kRule, {"<think>a</think><answer>b</answer> c"}).detail["reason"], "text after </answer>");
  EXPECT_EQ(score(kRule, {"<think> </think><answer>b</answer>"}).detail["reason"], "the thinking is empty");
  EXPECT_EQ(score(kRule, {"<think>a</think>"}).detail["reason"], "0 x <answer>, expected 1");
}

}  // namespace
}  // namespace hone
