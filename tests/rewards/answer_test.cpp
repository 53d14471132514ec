#include "rewards/answer.h"

#include <gtest/gtest.h>

#include "rewards/answer_scan.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

/// The answer that is found, or "!" and why there is none.
std::string found(const std::string& completion, const AnswerOptions& options = {},
                  const std::string& prompt = "", FinishReason reason = FinishReason::kStop) {
  const Problem problem;
  const Rollout rollout = rollout_of({completion, {}, prompt, reason});
  const Extraction extraction = find_answer({problem, prompt, rollout, {&rollout, 1}}, options);
  return extraction.answer ? std::string(extraction.answer->text) : "!" + extraction.missing;
}

using Views = std::vector<std::string_view>;

TEST(ScanBoxes, BalancesBraces) {
  EXPECT_EQ(scan_boxes("so \\boxed{\\frac{1}{2}} and"), (Views{"\\frac{1}{2}"}));
  EXPECT_EQ(scan_boxes("\\boxed{ \\{1, 2\\} }"), (Views{"\\{1, 2\\}"}));
  EXPECT_EQ(scan_boxes("\\fbox{7} \\boxed {8}"), (Views{"7", "8"}));
  EXPECT_EQ(scan_boxes("\\boxed{\\boxed{5}}"), (Views{"5"}));
  EXPECT_EQ(scan_boxes("\\boxed{a \\boxed{5}}"), (Views{"a \\boxed{5}"}));
  EXPECT_EQ(scan_boxes("{ \\boxed{5}"), (Views{"5"}));
  EXPECT_EQ(scan_boxes("\\boxed{\\boxed{1} + \\boxed{2}}"), (Views{"\\boxed{1} + \\boxed{2}"}));
  EXPECT_EQ(scan_boxes("\\boxed{\\boxed{ \\fbox{\\{5\\}} }}"), (Views{"\\{5\\}"}));
  EXPECT_EQ(scan_boxes("\\boxed{1 \\boxed{2} {\\boxed{3}"), (Views{"2", "3"}));
}

TEST(ScanBoxes, TakesBareOnesAndLeavesMentions) {
  EXPECT_EQ(scan_boxes("\\boxed 5 then"), (Views{"5"}));
  EXPECT_EQ(scan_boxes("$\\boxed5$"), (Views{"5"}));
  EXPECT_EQ(scan_boxes("\\boxed -1,250.5."), (Views{"-1,250.5"}));
  EXPECT_EQ(scan_boxes("put it in \\boxed please, \\boxed{}, \\boxed{3"), Views{});
  EXPECT_EQ(scan_boxes("\\boxedx{3}"), Views{});
}

TEST(ScanBoxes, HostileTextIsLinear) {
  std::string nested, open;
  for (int i = 0; i < 100000; ++i) nested += "\\boxed{", open += "\\boxed{{";
  EXPECT_EQ(scan_boxes(open), Views{});
  EXPECT_EQ(scan_boxes(nested + "5" + std::string(100000, '}')).size(), 1u);
}

TEST(ScanBoxes, ReadsTheEndOfLongTextsOrTheLastBox) {
  const std::string far(kBoxBytes, '.');
  EXPECT_EQ(scan_boxes("\\boxed{6}" + far + "\\boxed{5}"), (Views{"5"}));
  EXPECT_EQ(scan_boxes(far + "\\boxed{6} \\boxed{5}" + far), (Views{"6", "5"}));
  EXPECT_EQ(scan_boxes("\\fbox{6} \\boxed{5}" + far + far), (Views{"6", "5"}));
  EXPECT_EQ(scan_boxes("\\boxed{6}" + far + "\\boxed{5}" + far), (Views{"5"}));
  EXPECT_EQ(scan_boxes("\\boxed{" + far + "}"), Views{});
  EXPECT_EQ(scan_boxes(far + far), Views{});
}

TEST(ScanHashes, TakesTheRestOfTheLine) {
  EXPECT_EQ(scan_hashes("a\n#### 42\nb"), (Views{"42"}));
  EXPECT_EQ(scan_hashes("####42."), (Views{"42"}));
  EXPECT_EQ(scan_hashes("#### $1,000$"), (Views{"1,000"}));
  EXPECT_EQ(scan_hashes("#### "), Views{});
}

TEST(ScanPhrases, FindsTheAnswerAfterItsPhrase) {
  const std::pair<const char*, const char*> kCases[] = {
      {"The answer is 42.", "42"},
      {"the final answer is: 42", "42"},
      {"Answer: **42**", "42"},
      {"**Answer:** 42", "42"},
      {"Answer:\n42\nDone", "42"},
      {"The answer is $\\frac{1}{2}$. I hope it is correct.", "\\frac{1}{2}"},
      {"The answer is 3.5 because it is", "3.5"},
      {"\u7B54\u6848\u662F 42\u3002", "42"},
      {"\u7B54\u6848\uFF1A42", "42"},
      {"\u6240\u4EE5\u7B54\u6848\u4E3A42", "42"},
      {"\uC815\uB2F5\uC740 42", "42"},
      {"\uB2F5: 42", "42"},
      {"\u7B54\u3048\u306F 42", "42"},
  };
  for (const auto& [text, answer] : kCases) EXPECT_EQ(scan_phrases(text), (Views{answer})) << text;
  EXPECT_EQ(scan_phrases("I answered it. The answers vary. No answer"), Views{});
}

TEST(LastNumber, KeepsSignsCommasAndDecimals) {
  EXPECT_EQ(last_number("a 3 b -1,234.5."), (Views{"-1,234.5"}));
  EXPECT_EQ(last_number("x-5"), (Views{"5"}));
  EXPECT_EQ(last_number("it is .5"), (Views{".5"}));
  EXPECT_EQ(last_number("none"), Views{});
}

TEST(LastLatex, IsTheLastClosedSpan) {
  EXPECT_EQ(last_latex("$a$ then \\(b\\) and $$c$$."), (Views{"c"}));
  EXPECT_EQ(last_latex("\\[ x \\] costs \\$5"), (Views{"x"}));
  EXPECT_EQ(last_latex("no"), Views{});
}

TEST(FindAnswer, TriesTheSourcesInOrder) {
  EXPECT_EQ(found("#### 1 \\boxed{2} <answer>3</answer>"), "3");
  EXPECT_EQ(found("\\boxed{2}\n#### 1"), "2");
  EXPECT_EQ(found("The answer is 4"), "4");
  EXPECT_EQ(found("it is 5"), "!no answer found");
  AnswerOptions options;
  options.sources = {AnswerSource::kHash, AnswerSource::kLastNumber};
  EXPECT_EQ(found("\\boxed{2}\n#### 1", options), "1");
  EXPECT_EQ(found("it is 5", options), "5");
}

TEST(FindAnswer, NeverInsideTheThinkingUnlessAsked) {
  EXPECT_EQ(found("<think>\\boxed{1}</think> \\boxed{2}"), "2");
  EXPECT_EQ(found("<think>\\boxed{1}</think>"), "!nothing after the thinking");
  EXPECT_EQ(found("<think>\\boxed{1}"), "!nothing after the thinking");
  EXPECT_EQ(found("\\boxed{1} </think> \\boxed{2}"), "2");
  EXPECT_EQ(found("\\boxed{1}", {}, "go <think>"), "!nothing after the thinking");
  EXPECT_EQ(found("<think>a</think> \\boxed{2} <think> \\boxed{3}"), "2");
  AnswerOptions options;
  options.in_reasoning = true;
  EXPECT_EQ(found("<think>\\boxed{1}</think>", options), "1");
}

TEST(FindAnswer, ACutOffCompletionHasNone) {
  EXPECT_EQ(found("\\boxed{1}", {}, "", FinishReason::kLength), "!the completion was cut off (length)");
  AnswerOptions options;
  options.truncated = true;
  EXPECT_EQ(found("\\boxed{1}", options, "", FinishReason::kLength), "1");
}

TEST(FindAnswer, DifferentAnswersCountAsNone) {
  EXPECT_EQ(found("<answer>1</answer><answer>2</answer>"), "!several different answers (tag)");
  EXPECT_EQ(found("\\boxed{1}. No: \\boxed{2}"), "!several different answers (boxed)");
  EXPECT_EQ(found("\\boxed{1} or \\boxed{2}"), "\\boxed{1} or \\boxed{2}");
  EXPECT_EQ(found("\\boxed{ 1 2 } so \\boxed{1  2}"), "1  2");
  AnswerOptions options;
  options.take_last = true;
  EXPECT_EQ(found("\\boxed{1} or \\boxed{2}", options), "2");
}

TEST(FindAnswer, OptionsAreReadAndChecked) {
  const std::string rule = R"({"rule": "exact_match", "answer_from": ["last_number"]})";
  const Reward reward = score(rule, {"it is 42", {{"answer", "42"}}});
  EXPECT_EQ(reward.value, 1.0);
  EXPECT_EQ(reward.detail["from"], "last_number");
  EXPECT_EQ(reward.detail["at"], (Json{6, 8}));
  EXPECT_THROW(score(R"({"rule": "exact_match", "answer_from": ["boxd"]})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "exact_match", "answer_from": []})", {""}), InputError);
}

}  // namespace
}  // namespace hone
