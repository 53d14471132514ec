// Data looked through before a run, and what gold answers that can't be parsed pay.
#include "rewards/check_rows.h"

#include <gtest/gtest.h>

#include <sstream>

#include "rewards/score_lines.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

std::vector<GoldReport> check(const std::string& rules, const std::vector<Json>& rows) {
  return check_rows(reward_set(rules), {rows.size(),
                                        [&](uint64_t i) {
                                          return Problem{i, "", rows[i]};
                                        },
                                        [](uint64_t i) { return concat("f.jsonl:", i + 1); }});
}

std::string refusal(const std::string& rules, const std::vector<Json>& rows) {
  try {
    check(rules, rows);
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

std::vector<Json> answers(const std::vector<std::string>& texts) {
  std::vector<Json> rows;
  for (const std::string& text : texts) rows.push_back({{"answer", text}});
  return rows;
}

TEST(CheckRows, GoldsThatCannotBeParsedAreCountedAndTheFirstAreShown) {
  const std::string bad = R"(\int_0^1 x dx)";
  const std::vector<GoldReport> reports =
      check(R"([{"rule": "math", "name": "accuracy"}, {"rule": "format"}])",
            answers({"1", bad, R"(\frac12)", "", "work\n#### 5", bad, bad}));
  ASSERT_EQ(reports.size(), 1u) << "the format rule has nothing to tell";
  EXPECT_EQ(reports[0].rule, "accuracy");
  EXPECT_EQ(reports[0].unparsable, 4u);
  ASSERT_EQ(reports[0].examples.size(), 3u);
  EXPECT_TRUE(reports[0].examples[0].starts_with(R"(f.jsonl:2: "\int_0^1 x dx": )"))
      << reports[0].examples[0];
  EXPECT_TRUE(reports[0].examples[1].starts_with(R"(f.jsonl:4: "": )")) << reports[0].examples[1];
  EXPECT_TRUE(to_text(reports[0], 7)
                  .starts_with("reward accuracy: 4 of 7 gold answers can't be parsed and pay only for their "
                               "very text: f.jsonl:2: "))
      << to_text(reports[0], 7);
  EXPECT_TRUE(to_text(reports[0], 7).ends_with("; and so on"));
  EXPECT_TRUE(check(R"([{"rule": "math"}])", answers({"1", "x=3", "A"})).empty());
}

TEST(CheckRows, ManyRowsAreToldInOrder) {
  std::vector<std::string> texts(10000, "7");
  for (const size_t i : {9000, 5001, 4095, 17}) texts[i] = "(1,";
  const std::vector<GoldReport> reports = check(R"([{"rule": "math"}])", answers(texts));
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].unparsable, 4u);
  EXPECT_TRUE(reports[0].examples[0].starts_with("f.jsonl:18: ")) << reports[0].examples[0];
  EXPECT_TRUE(reports[0].examples[1].starts_with("f.jsonl:4096: ")) << reports[0].examples[1];
  EXPECT_TRUE(reports[0].examples[2].starts_with("f.jsonl:5002: ")) << reports[0].examples[2];
}

TEST(CheckRows, OneOfSeveralAcceptedAnswersIsEnough) {
  const std::vector<Json> rows = {
      {{"answer", {"1", "(1,"}}}, {{"answer", Json::array()}}, {{"answer", {1, 2}}}};
  const std::vector<GoldReport> reports = check(R"([{"rule": "math"}])", rows);
  ASSERT_EQ(reports.size(), 1u);
  EXPECT_EQ(reports[0].unparsable, 2u);
}

TEST(CheckRows, RowsThatLackWhatARuleNeedsAreErrorsWithTheirPlace) {
  const Json good = {{"answer", "B"}}, none = Json::object();
  EXPECT_EQ(refusal(R"([{"rule": "math"}])", {good, none, none}),
            "f.jsonl:2: reward rule \"math\": math: the row has no \"answer\"");
  EXPECT_NE(refusal(R"([{"rule": "exact_match"}])", {good, none}).find("f.jsonl:2: "), std::string::npos);
  EXPECT_NE(refusal(R"([{"rule": "accuracy"}])", {good, none}).find("f.jsonl:2: "), std::string::npos);
  EXPECT_NE(refusal(R"([{"rule": "countdown"}])", {good}).find("no \"numbers\""), std::string::npos);
  EXPECT_NE(refusal(R"([{"rule": "choice"}])", {good, {{"answer", "?"}}}).find("f.jsonl:2: "),
            std::string::npos);
  EXPECT_NE(refusal(R"([{"rule": "json_schema"}])", {good}).find("schema"), std::string::npos);
  EXPECT_EQ(refusal(R"([{"rule": "json_schema", "schema": {}}])", {none}), "");
  EXPECT_NE(
      refusal(R"([{"rule": "language_consistency"}])", {good, {{"language", "klingon"}}}).find("klingon"),
      std::string::npos);
  EXPECT_EQ(refusal(R"([{"rule": "format"}, {"rule": "tag_count"}, {"rule": "repetition"}])", {none}), "");
  EXPECT_EQ(refusal(R"([{"rule": "format"}, {"rule": "math", "gate": "format"}])", {none}), "")
      << "the gate decides whether the rule is asked at all";
}

TEST(UnparsableGold, PaysItsVeryTextAndNothingElseAndTheDetailSaysSo) {
  const auto judged = [](const std::string& gold, const std::string& answer) {
    return score(R"({"rule": "math"})", {"<answer>" + answer + "</answer>", {{"answer", gold}}});
  };
  const std::string gold = R"(\int_0^1 x\,dx)";
  const Reward same = judged(gold, R"(\int_0^1  x\,dx)");
  EXPECT_EQ(same.value, 1);
  EXPECT_EQ(same.detail["verdict"], "correct");
  EXPECT_EQ(same.detail["reason"], "equal as text");
  for (const std::string answer : {"1/2", R"(\int_0^1 y\,dy)", "", "0", R"(\int)"}) {
    if (answer.empty()) continue;
    const Reward other = judged(gold, answer);
    EXPECT_EQ(other.value, 0) << answer;
    EXPECT_EQ(other.detail["verdict"], "gold_unparsable") << answer;
    EXPECT_TRUE(other.detail["reason"].get<std::string>().starts_with("the gold is not mathematics"))
        << answer;
  }
  EXPECT_EQ(judged("", "5").value, 0);
  EXPECT_EQ(judged("", "5").detail["verdict"], "gold_unparsable");
}

TEST(UnparsableGold, IsCountedByHoneScore) {
  std::istringstream in(R"({"completion": "\\boxed{1}", "answer": "1"})"
                        "\n"
                        R"({"completion": "\\boxed{1}", "answer": "(1,"})"
                        "\n"
                        R"({"completion": "no answer", "answer": "(1,"})"
                        "\n");
  std::ostringstream out;
  const ScoreSummary summary = score_lines(in, out, load_reward_spec("math"), {"f.jsonl", 0, 2});
  ASSERT_EQ(summary.golds.size(), 1u);
  EXPECT_EQ(summary.golds[0].unparsable, 2u) << "a completion without an answer has a gold all the same";
  EXPECT_TRUE(summary.golds[0].examples[0].starts_with("f.jsonl:2: \"(1,\": "))
      << summary.golds[0].examples[0];
}

TEST(UnparsableGold, IsCountedInAGroup) {
  RolloutGroup group;
  group.prompt.problem.row = {{"answer", "(1,"}};
  group.rollouts.resize(2);
  const ScoredGroup scored = reward_set(R"([{"rule": "format"}, {"rule": "math"}])").score(std::move(group));
  ASSERT_EQ(scored.gold_problems.size(), 2u);
  EXPECT_EQ(scored.gold_problems[0], "");
  EXPECT_NE(scored.gold_problems[1], "");
}

}  // namespace
}  // namespace hone
