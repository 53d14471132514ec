#include "rewards/process_protocol.h"

#include <gtest/gtest.h>

namespace hone {
namespace {

TEST(ProcessProtocol, ARequestHasAllThatARuleMayLookAt) {
  const Problem problem{12, "2 + 2?", {{"answer", 4}}};
  std::vector<Rollout> group(2);
  group[0].text = "four", group[1].text = "fi\xFFve", group[1].ids = {1, 2, 3};
  group[1].finish_reason = FinishReason::kLength;
  const std::vector<NamedReward> earlier{{"format", 1.5}};
  const RuleInput input{problem, "Q: 2 + 2?", group[1], group, earlier};
  EXPECT_EQ(Json::parse(request_line(7, input, 3, true)),
            Json::parse(R"({"id": 7, "prompt": "Q: 2 + 2?", "completion": "fi\uFFFDve", "row": {"answer": 4},
                "problem": 12, "finish_reason": "length", "num_tokens": 3, "earlier": {"format": 1.5}, "left": 3,
                "group": ["four", "fi\uFFFDve"], "index": 1})"));
  const std::string line = request_line(7, input, 3, false);
  EXPECT_FALSE(Json::parse(line).contains("group"));
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
}

TEST(ProcessProtocol, AnAnswerIsAValueOrAnError) {
  const ProcessAnswer value = parse_answer(R"({"id": 7, "value": 0.5, "detail": {"why": "so"}})");
  EXPECT_EQ(value.id, 7u);
  EXPECT_EQ(value.reward.value, 0.5);
  EXPECT_EQ(value.reward.detail["why"], "so");
  EXPECT_EQ(value.reward.error, "");
  EXPECT_FALSE(value.malformed);
  const ProcessAnswer error = parse_answer(R"({"id": 8, "error": "the service is down", "value": null})");
  EXPECT_EQ(error.id, 8u);
  EXPECT_EQ(error.reward.error, "the service is down");
  EXPECT_FALSE(error.malformed);
}

TEST(ProcessProtocol, MalformedAnswersSayWhyAndBelongToTheirRequestIfThatCanBeTold) {
  const struct {
    const char* line;
    std::optional<uint64_t> id;
    const char* why;
  } cases[] = {
      {R"({"id": 3, "value": NaN})", 3, "not JSON"},
      {R"({"id" : 4 "value": 1})", 4, "not JSON"},
      {R"({"id": 3, "value": 1e999})", 3, "not JSON"},
      {"hello", std::nullopt, "not JSON: hello"},
      {"[1]", std::nullopt, "not an object"},
      {R"({"value": 1})", std::nullopt, "no \"id\""},
      {R"({"id": "3", "value": 1})", std::nullopt, "no \"id\""},
      {R"({"id": -3, "value": 1})", std::nullopt, "no \"id\""},
      {R"({"id": 3})", 3, "neither"},
      {R"({"id": 3, "value": 1, "error": "x"})", 3, "both"},
      {R"({"id": 3, "value": true})", 3, "no number"},
      {R"({"id": 3, "error": 5})", 3, "no string"},
      {R"({"id": 3, "value": 1, "reason": "x"})", 3, "unknown key \"reason\""},
      {"{\"id\": 3, \"value\": 1, \"detail\": \"\xFF\"}", 3, "not JSON"},
  };
  for (const auto& c : cases) {
    const ProcessAnswer answer = parse_answer(c.line);
    EXPECT_TRUE(answer.malformed) << c.line;
    EXPECT_EQ(answer.id, c.id) << c.line;
    EXPECT_NE(answer.reward.error.find(c.why), std::string::npos) << answer.reward.error;
    EXPECT_EQ(answer.reward.value, 0.0) << c.line;
  }
}

TEST(ProcessProtocol, DeepNestingIsMalformed) {
  const std::string deep =
      R"({"id": 3, "value": 1, "detail": )" + std::string(100000, '[') + std::string(100000, ']') + "}";
  EXPECT_TRUE(parse_answer(deep).malformed);
}

TEST(AnswerReader, TheBordersOfPiecesDoNotMatter) {
  const std::string bytes = "{\"id\": 1, \"value\": 1}\n\n \r\n{\"id\": 2, \"value\": 2}\r\n{\"id\": 3";
  for (size_t size = 1; size <= bytes.size(); ++size) {
    AnswerReader reader(1000);
    std::vector<double> values;
    for (size_t at = 0; at < bytes.size(); at += size) {
      for (const ProcessAnswer& answer : reader.feed(std::string_view(bytes).substr(at, size)))
        values.push_back(answer.reward.value);
    }
    EXPECT_EQ(values, (std::vector<double>{1, 2})) << "pieces of " << size;
    EXPECT_EQ(reader.kept_bytes(), 8u);
  }
}

TEST(AnswerReader, ALineThatIsTooLongIsToldAtOnceAndNotKept) {
  AnswerReader reader(100);
  std::vector<ProcessAnswer> answers = reader.feed("{\"id\": 5, \"detail\": \"" + std::string(1000, 'x'));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_TRUE(answers[0].malformed);
  EXPECT_EQ(answers[0].id, 5u);
  EXPECT_NE(answers[0].reward.error.find("longer than 100 bytes"), std::string::npos);
  EXPECT_TRUE(reader.feed(std::string(1000000, 'x')).empty());
  EXPECT_EQ(reader.kept_bytes(), 0u);
  answers = reader.feed("\"}\n{\"id\": 6, \"value\": 1}\n");
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].id, 6u);
}

}  // namespace
}  // namespace hone
