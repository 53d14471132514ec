#include "rewards/code_block.h"

#include <gtest/gtest.h>

#include <deque>

#include "core/document.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

FoundProgram find(const std::string& completion, const std::string& options = "{}",
                  const std::string& prompt = "", FinishReason reason = FinishReason::kStop) {
  const Document document = parse_document("test.json", options);
  Fields fields(document);
  const ProgramOptions read = ProgramOptions::read(fields);
  fields.finish();
  // The views that come back are of this text.
  static std::deque<Rollout> kept;
  kept.push_back(rollout_of({completion, {}, prompt, reason}));
  const Problem problem{1, prompt, Json::object()};
  return find_program({problem, prompt, kept.back(), {&kept.back(), 1}}, read);
}

TEST(CodeBlock, TheLastBlockOfALanguageWeKnowIsTheProgram) {
  const FoundProgram found =
      find("First\n```python\na\n```\nno:\n```py\nb\nc\n```\nrun it:\n```bash\nls\n```\n");
  EXPECT_EQ(found.text, "b\nc\n");
  EXPECT_EQ(found.language, Language::kPython);
  EXPECT_EQ(find("```c++\nint x;\n```").language, Language::kCpp);
  EXPECT_EQ(find("```python\na\n```\n```cpp\nb\n```", R"({"language": "python"})").text, "a\n");
}

TEST(CodeBlock, FencesAreReadAsMarkdownDoes) {
  EXPECT_EQ(find("~~~python\n```\nx\n```\n~~~").text, "```\nx\n```\n");
  EXPECT_EQ(find("````python\ns = '''\n```\n'''\n````").text, "s = '''\n```\n'''\n");
  EXPECT_EQ(find("  ``` Python3 title=a\r\nx\r\n  ```\r\n").text, "x\r\n");
  EXPECT_EQ(find("```{.python .numberLines}\nx\n```").text, "x\n");
  EXPECT_EQ(find("``` python `x` ```\n").missing, "no closed block of python or cpp");
  EXPECT_EQ(find("    ```python\n    x\n    ```\n").missing, "no closed block of python or cpp");
}

TEST(CodeBlock, ABlockThatIsNotClosedIsNone) {
  EXPECT_FALSE(find("```python\nx = 1\n").missing.empty());
  EXPECT_EQ(find("```python\na\n```\n```python\nb").text, "a\n");
}

TEST(CodeBlock, BlocksWithoutALanguageNeedTheOption) {
  EXPECT_FALSE(find("```\nx\n```").missing.empty());
  EXPECT_EQ(find("```\nx\n```", R"({"language": "cpp"})").language, Language::kCpp);
}

TEST(CodeBlock, ThinkingAndCutOffCompletionsHoldNoProgram) {
  const std::string thinking = "<think>\n```python\na\n```\n</think>\nSo there.";
  EXPECT_FALSE(find(thinking).missing.empty());
  EXPECT_EQ(find(thinking, R"({"in_reasoning": true})").text, "a\n");
  EXPECT_EQ(find("<think>```python\na\n```").missing, "nothing after the thinking");
  EXPECT_FALSE(find("```python\na\n```", "{}", "Solve.<think>").missing.empty());
  EXPECT_EQ(find("```python\na\n```", "{}", "", FinishReason::kLength).missing,
            "the completion was cut off (length)");
  EXPECT_EQ(find("```python\na\n```", R"({"truncated": true})", "", FinishReason::kLength).text, "a\n");
}

TEST(CodeBlock, AnAnswerBlockMayBeTheProgram) {
  const std::string from = R"({"program_from": "answer", "language": "python"})";
  EXPECT_EQ(find("```python\nno\n```<answer>\nprint(1)\n</answer>", from).text, "print(1)");
  EXPECT_EQ(find("<answer>\n```python\nprint(1)\n```\n</answer>", from).text, "print(1)\n");
  EXPECT_EQ(find("<answer>print(1)</answer>", R"({"program_from": "answer"})").missing,
            "no closed block of python or cpp");
  EXPECT_EQ(find("```python\na\n```", from).missing, "no answer block");
}

TEST(CodeBlock, SeveralDifferentProgramsAreNoneIfAsked) {
  const std::string two = "```py\na\n```\n```py\nb\n```";
  EXPECT_EQ(find(two).text, "b\n");
  EXPECT_EQ(find(two, R"({"several": "none"})").missing, "several different programs");
  EXPECT_EQ(find("```py\na\n```\n```py\na\n\n```", R"({"several": "none"})").text, "a\n\n");
}

TEST(CodeBlock, HugeInputIsLinear) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "```\n";
  EXPECT_FALSE(find(text).missing.empty());
  EXPECT_FALSE(find(std::string(1 << 20, '`')).missing.empty());
  EXPECT_EQ(fenced_blocks(text).size(), 100000u);
}

}  // namespace
}  // namespace hone
