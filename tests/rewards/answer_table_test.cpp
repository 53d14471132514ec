// A table of completions: the answer that is found and where, or why there is none.
#include <gtest/gtest.h>

#include <fstream>

#include "rewards/answer.h"
#include "tests/rewards/score_helper.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

AnswerOptions options_of(const Json& row) {
  const Document document = parse_document("test.json", row.value("options", Json::object()).dump());
  Fields fields(document);
  const AnswerOptions options = AnswerOptions::read(fields);
  fields.finish();
  return options;
}

TEST(FindAnswer, InEveryCompletionOfTheTable) {
  std::ifstream in(source_dir().string() + "/tests/rewards/answer_cases.jsonl");
  ASSERT_TRUE(in.is_open());
  int cases = 0;
  for (std::string line; std::getline(in, line); ++cases) {
    const Json row = Json::parse(line);
    const Problem problem;
    const std::string prompt = row.value("prompt", "");
    const Rollout rollout = rollout_of({row["completion"], {}, prompt});
    const Extraction found = find_answer({problem, prompt, rollout, {&rollout, 1}}, options_of(row));
    if (row.contains("missing")) {
      ASSERT_FALSE(found.answer.has_value()) << line << "   " << found.answer->text;
      EXPECT_TRUE(found.missing.starts_with(row["missing"].get<std::string>()))
          << line << "   " << found.missing;
      continue;
    }
    EXPECT_TRUE(found.answer.has_value()) << line << "   " << found.missing;
    if (!found.answer) continue;
    EXPECT_EQ(found.answer->text, row["answer"].get<std::string>()) << line;
    const std::string source = to_string(found.answer->source);
    EXPECT_EQ(source, row.value("from", source)) << line;
  }
  EXPECT_GE(cases, 150);
}

}  // namespace
}  // namespace hone
