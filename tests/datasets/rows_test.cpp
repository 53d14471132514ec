#include "datasets/rows.h"

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

class Rows : public ::testing::Test {
 protected:
  /// A dataset of a file with this content; `keys` follow "file".
  Dataset load(const std::string& name, const std::string& content, const std::string& keys = "") {
    const std::string path = folder_.write(name, content);
    return test::dataset("{\"file\": \"" + path + "\"" + (keys.empty() ? "" : ", ") + keys + "}");
  }

  test::TemporaryFolder folder_;
};

constexpr const char* kGsm8k =
    R"x("prompt_field": "question", "answer_field": "answer", "answer_regex": "#### (.*)")x";

TEST_F(Rows, JsonLinesKeepTheirFieldsAndOrder) {
  const Dataset dataset = load("a.jsonl",
                               "{\"question\": \"1 + 1?\", \"answer\": \"two\\n#### 2\", \"level\": 3}\n"
                               "\n"
                               "{\"question\": \"2 + 2?\", \"answer\": \"#### 4\"}",
                               kGsm8k);
  ASSERT_EQ(dataset.size(), 2u);
  EXPECT_EQ(dataset.problem(0).text, "1 + 1?");
  EXPECT_EQ(dataset.problem(0).row["answer"], "2");
  EXPECT_EQ(dataset.problem(0).row["level"], 3);
  EXPECT_EQ(dataset.problem(1).id, 1u);
  EXPECT_EQ(dataset.problem(1).row["answer"], "4");
}

TEST_F(Rows, AnArrayIsReadToo) {
  const Dataset dataset =
      load("a.json", "[{\"prompt\": \"x\", \"gold\": 1.5},\n {\"prompt\": \"y\", \"gold\": true}]",
           R"("answer_field": "gold")");
  EXPECT_EQ(dataset.problem(0).row["answer"], "1.5");
  EXPECT_EQ(dataset.problem(1).row["answer"], "true");
}

TEST_F(Rows, APatternWithoutGroupTakesTheMatch) {
  const Dataset dataset = load("a.jsonl", R"({"prompt": "x", "answer": "it is 42, I think"})",
                               R"("answer_field": "answer", "answer_regex": "[0-9]+")");
  EXPECT_EQ(dataset.problem(0).row["answer"], "42");
}

TEST_F(Rows, CompletionsAreDemonstrations) {
  const Dataset dataset =
      load("a.jsonl", R"({"prompt": "x", "completion": "y"})", R"("completion_field": "completion")");
  EXPECT_EQ(test::text_of(dataset.trace(1, 0)), "y");
  test::expect_says([&] { load("b.jsonl", R"({"prompt": "x"})").trace(1, 0); },
                    {"b.jsonl", "completion_field"});
}

TEST_F(Rows, EveryBadRowIsNamedWithItsLine) {
  const std::string good = "{\"prompt\": \"x\"}\n";
  test::expect_says([&] { load("a.jsonl", good + "{\"prompt\": }\n"); }, {"a.jsonl:2"});
  test::expect_says([&] { load("a.jsonl", good + good + "{\"prompt\": \"\xff\"}\n"); },
                    {"a.jsonl:3", "UTF-8"});
  test::expect_says([&] { load("a.jsonl", good + "{\"promt\": \"x\"}\n"); },
                    {"a.jsonl:2", "\"prompt\" is missing", "promt"});
  test::expect_says([&] { load("a.jsonl", good + "[1]\n"); }, {"a.jsonl:2", "array", "expected an object"});
  test::expect_says([&] { load("a.jsonl", good + "{\"prompt\": 1}\n"); },
                    {"a.jsonl:2", "\"prompt\" is a number", "string"});
  test::expect_says([&] { load("a.jsonl", "{\"question\": \"x\", \"answer\": \"none\"}\n", kGsm8k); },
                    {"a.jsonl:1", "#### (.*)", "none"});
  test::expect_says([&] { load("a.json", "[\n{\"prompt\": \"x\"},\n{\"promptly\": \"x\"}]"); },
                    {"a.json:3", "\"prompt\" is missing"});
  test::expect_says([&] { load("a.json", "[\n{\"prompt\": \"x\"},\n{\"prompt\": \"x\"]"); }, {"a.json:3"});
  test::expect_says([&] { load("a.json", "{\"prompt\": \"x\"}"); },
                    {"a.json", "object", "expected an array"});
}

TEST_F(Rows, AnEmptyOrMissingFileIsAnError) {
  test::expect_says([&] { load("a.jsonl", ""); }, {"a.jsonl", "no rows"});
  test::expect_says([&] { load("a.jsonl", "\n \n"); }, {"a.jsonl", "no rows"});
  test::expect_says([&] { load("a.json", "[]"); }, {"a.json", "no rows"});
  test::expect_says([&] { test::dataset(R"({"file": "no/such/file.jsonl"})"); }, {"no/such/file.jsonl"});
}

TEST_F(Rows, BadOptionsAreNamed) {
  test::expect_says([&] { load("a.jsonl", "{}", R"("answer_field": "a", "answer_regex": "(")"); },
                    {"answer_regex", "("});
  test::expect_says([&] { load("a.jsonl", "{}", R"("answer_regex": "x")"); },
                    {"answer_regex", "answer_field"});
  test::expect_says([&] { load("a.jsonl", "{\"prompt\": \"x\"}", R"("promt_field": "x")"); },
                    {"promt_field", "prompt_field"});
}

}  // namespace
}  // namespace hone
