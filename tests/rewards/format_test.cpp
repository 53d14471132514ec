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

// What open-r1's pattern pays or refuses wrongly: DOTALL and MULTILINE let "$" stand at any line's end.
TEST(FormatDefects, OpenR1PaysTextBehindTheAnswerBlock) {
  EXPECT_EQ(format("<think>\na\n</think>\n<answer>\nb\n</answer>\nand some more"), 0.0);
}
TEST(FormatDefects, OpenR1PaysTwoAnswerBlocks) {
  EXPECT_EQ(format("<think>\na\n</think>\n<answer>\nb\n</answer>\n<answer>\nc\n</answer>"), 0.0);
}
TEST(FormatDefects, OpenR1PaysEmptyBlocks) {
  EXPECT_EQ(format("<think>\n\n</think>\n<answer>\n\n</answer>"), 0.0);
}
TEST(FormatDefects, OpenR1RefusesTagsWithoutLineBreaks) {
  EXPECT_EQ(format("<think>a</think><answer>b</answer>"), 1.0);
}
TEST(FormatDefects, AThinkTagThatTheTemplateWroteIsNotMissing) {
  EXPECT_EQ(format("a</think><answer>b</answer>", "<|im_start|>assistant\n<think>\n"), 1.0);
}
TEST(FormatDefects, AnEmptyThinkBlockIsNotThinking) {
  EXPECT_EQ(score(R"({"rule": "format", "answer": "text"})", {"<think></think>a"}).value, 0.0);
}
TEST(FormatDefects, TheTextOfAnEndTokenIsNotTextBehindTheAnswer) {
  const std::string good = "<think>a</think><answer>b</answer>";
  for (const char* end : {"<|im_end|>", "\n<|im_end|>\n", "</s>", "<|endoftext|>", "<|eot_id|>",
                          "<|im_end|><|endoftext|>", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>"})
    EXPECT_EQ(format(good + end), 1.0) << end;
  EXPECT_EQ(format(good + "<|im_end|> so"), 0.0);
  EXPECT_EQ(format("<|im_end|>" + good), 0.0);
  EXPECT_EQ(format("<think>a</think><answer><|im_end|>"), 0.0);
}

TEST(FormatRule, EndTextsAreAnOption) {
  const std::string rule = R"({"rule": "format", "eos": ["STOP"]})";
  EXPECT_EQ(score(rule, {"<think>a</think><answer>b</answer>STOP"}).value, 1.0);
  EXPECT_EQ(score(rule, {"<think>a</think><answer>b</answer></s>"}).value, 0.0);
  EXPECT_EQ(score(R"({"rule": "format", "eos": []})", {"<think>a</think><answer>b</answer></s>"}).value, 0.0);
  EXPECT_THROW(score(R"({"rule": "format", "eos": [" "]})", {""}), InputError);
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
  const auto reason = [](const char* text, const std::string& prompt = "") {
    return score(kRule, {text, {}, prompt}).detail["reason"];
  };
  EXPECT_EQ(reason("<think>a</think><answer>b</answer> c"), "text after </answer>");
  EXPECT_EQ(reason("c <think>a</think><answer>b</answer>"), "text before <think>");
  EXPECT_EQ(reason("<think>a</think> c <answer>b</answer>"), "text between </think> and <answer>");
  EXPECT_EQ(reason("<think> </think><answer>b</answer>"), "the thinking is empty");
  EXPECT_EQ(reason("<think>a</think><answer> </answer>"), "the answer is empty");
  EXPECT_EQ(reason("<think>a</think>"), "0 x <answer>, expected 1");
  EXPECT_EQ(reason("<think>a</think><answer>b</answer><answer>"), "2 x <answer>, expected 1");
  EXPECT_EQ(reason("<answer>b</answer><think>a</think>"), "text before <think>");
  EXPECT_EQ(reason("<think>a</think><answer>b</answer>", "<think>"),
            "1 x <think>, expected 0 (the prompt has it)");
}

}  // namespace
}  // namespace hone
