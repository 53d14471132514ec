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

TEST_F(Rows, APromptMayBeAListOfMessages) {
  const Dataset dataset = load(
      "a.jsonl",
      R"({"prompt": [{"role": "system", "content": "s"}, {"role": "user", "content": "1 + 1?"}],)"
      R"("answer": 2, "chat_template_kwargs": {"enable_thinking": false},)"
      R"("tools": [{"type": "function", "function": {"name": "f", "description": "d", "arguments": {}}}]})",
      R"("answer_field": "answer")");
  const Problem problem = dataset.problem(0);
  EXPECT_EQ(problem.text, "1 + 1?");
  EXPECT_EQ(problem.row["answer"], "2");
  EXPECT_EQ(problem.chat.messages.size(), 2u);
  EXPECT_EQ(problem.chat.variables["enable_thinking"], false);
  EXPECT_EQ(problem.chat.tools.dump(),
            R"([{"type":"function","function":{"name":"f","description":"d","arguments":{}}}])")
      << "keys in their order";
}

TEST_F(Rows, AnArrayKeepsTheOrderOfKeysToo) {
  const Dataset dataset = load(
      "a.json",
      R"([{"prompt": "text"}, {"prompt": [{"role": "user", "content": "x", "a": 1}], "tools": "[{\"b\": 1, \"a\": 2}]"}])");
  EXPECT_EQ(dataset.problem(0).chat.messages, nullptr);
  EXPECT_EQ(dataset.problem(1).chat.messages.dump(), R"([{"role":"user","content":"x","a":1}])");
  EXPECT_EQ(dataset.problem(1).chat.tools.dump(), R"([{"b":1,"a":2}])") << "a text of JSON is read";
}

TEST_F(Rows, ConversationsAreDemonstrations) {
  const Dataset whole =
      load("a.jsonl",
           R"({"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]})");
  const Example example = whole.trace(1, 0);
  EXPECT_EQ(example.messages.size(), 2u);
  EXPECT_EQ(example.prompt_messages, 0u);
  EXPECT_EQ(example.problem.chat.messages.size(), 1u) << "the prompt is what comes before the answer";
  EXPECT_EQ(example.problem.text, "q");
  const Dataset parts = load(
      "b.jsonl",
      R"({"prompt": [{"role": "user", "content": "q"}], "completion": [{"role": "assistant", "content": "a"}]})");
  EXPECT_EQ(parts.trace(1, 0).messages, example.messages);
  EXPECT_EQ(parts.trace(1, 0).prompt_messages, 1u);
  const Dataset named =
      load("c.jsonl", R"({"turns": [{"role": "user", "content": "q"}]})", R"("messages_field": "turns")");
  EXPECT_EQ(named.trace(1, 0).messages.size(), 1u);
}

TEST_F(Rows, BadConversationsAreNamedWithTheirLine) {
  const auto says = [&](const std::string& row, std::initializer_list<const char*> parts) {
    test::expect_says([&] { load("a.jsonl", "{\"prompt\": \"x\"}\n" + row); }, parts);
  };
  says(R"({"prompt": []})", {"a.jsonl:2", "\"prompt\"", "an empty list"});
  says(R"({"prompt": ["hi"]})", {"a.jsonl:2", "prompt[0]", "\"hi\"", "\"role\""});
  says(R"({"prompt": [{"content": "hi"}]})", {"a.jsonl:2", "prompt[0]", "\"role\""});
  says(R"({"prompt": [{"role": "user", "content": "a"}], "completion": "b"})",
       {"a.jsonl:2", "\"completion\"", "string"});
  says(R"({"prompt": [{"role": "user", "content": "a"}], "tools": {}})", {"a.jsonl:2", "\"tools\"", "list"});
  says(R"({"prompt": [{"role": "user", "content": "a"}], "chat_template_kwargs": [1]})",
       {"a.jsonl:2", "\"chat_template_kwargs\"", "object"});
  test::expect_says([&] { load("a.jsonl", R"({"message": []})", R"("messages_field": "messages")"); },
                    {"a.jsonl:1", "\"messages\" is missing", "message"});
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
