#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

double overlong(size_t length) {
  return score(R"({"rule": "overlong", "max_completion_len": 20480, "soft_punish_cache": 4096})",
               {"x", {}, "", FinishReason::kStop, length})
      .value;
}

TEST(OverlongRule, IsDaposEquation13) {
  EXPECT_EQ(overlong(1), 0.0);
  EXPECT_EQ(overlong(16384), 0.0);
  EXPECT_EQ(overlong(16385), -1.0 / 4096);
  EXPECT_EQ(overlong(18432), -0.5);
  EXPECT_EQ(overlong(20480), -1.0);
  EXPECT_EQ(overlong(20481), -1.0);
}

TEST(OverlongRule, AgreesWithTheEquationAtEveryLength) {
  const RewardSet set =
      reward_set(R"([{"rule": "soft_overlong_punishment", "max_length": 30, "cache_length": 12}])");
  const Problem problem;
  for (size_t length = 0; length < 50; ++length) {
    const Rollout rollout = rollout_of({"x", {}, "", FinishReason::kStop, length + 1});
    const double n = static_cast<double>(length + 1);
    const double expected = n <= 30 - 12 ? 0.0 : n <= 30 ? ((30 - 12) - n) / 12 : -1.0;
    EXPECT_EQ(set.score_one({problem, "", rollout, {&rollout, 1}})[0].value, expected) << n;
  }
}

TEST(OverlongRule, NeedsTokensAndSaneOptions) {
  EXPECT_THROW(overlong(0), Error);
  EXPECT_THROW(score(R"({"rule": "overlong", "max_length": 10})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "overlong", "max_length": 10, "cache_length": 11})", {""}), InputError);
  EXPECT_THROW(
      score(R"({"rule": "overlong", "max_length": 10, "max_completion_len": 10, "cache_length": 1})", {""}),
      InputError);
}

TEST(OverlongRule, MeasuresTheTextWhenToldTo) {
  const std::string rule =
      R"({"rule": "overlong", "max_length": 4, "cache_length": 2, "unit": "characters"})";
  EXPECT_EQ(score(rule, {"\u6240\u4EE5\u8BD5"}).value, -0.5);
  EXPECT_EQ(score(rule, {"\xFF\xFE\xFD\xFC\xFB"}).value, -1.0);
}

ScoredGroup group_scored(const std::string& rule, const std::vector<size_t>& lengths,
                         const std::vector<bool>& correct) {
  const RewardSet set =
      reward_set(R"([{"rule": "pattern", "name": "accuracy", "pattern": "right"}, )" + rule + "]");
  RolloutGroup group;
  for (size_t g = 0; g < lengths.size(); ++g)
    group.rollouts.push_back(
        rollout_of({correct[g] ? "right" : "w", {}, "", FinishReason::kStop, lengths[g]}));
  return set.score(group);
}

std::vector<double> kimi(const std::vector<size_t>& lengths, const std::vector<bool>& correct) {
  std::vector<double> values;
  const ScoredGroup scored = group_scored(R"({"rule": "length"})", lengths, correct);
  for (const Reward& reward : scored.by_rule[1]) values.push_back(reward.value);
  return values;
}

TEST(LengthRule, KimiComparesWithTheGroup) {
  EXPECT_EQ(kimi({10, 20, 30}, {1, 1, 1}), (std::vector<double>{0.5, 0.0, -0.5}));
  EXPECT_EQ(kimi({10, 20, 30}, {0, 0, 0}), (std::vector<double>{0.0, 0.0, -0.5}));
  EXPECT_EQ(kimi({20, 20}, {1, 0}), (std::vector<double>{0.0, 0.0}));
  EXPECT_EQ(kimi({7}, {1}), (std::vector<double>{0.0}));
}

TEST(LengthRule, AgreesWithKimisFormula) {
  const std::vector<size_t> lengths = {5, 17, 17, 41, 100, 3, 64};
  const std::vector<bool> correct = {1, 0, 1, 1, 0, 0, 1};
  std::vector<double> expected;
  for (size_t g = 0; g < lengths.size(); ++g) {
    const double lambda = 0.5 - (static_cast<double>(lengths[g]) - 3.0) / (100.0 - 3.0);
    expected.push_back(correct[g] || lambda < 0 ? lambda : 0.0);
  }
  EXPECT_EQ(kimi(lengths, correct), expected);
}

// open-r1 calls verify(answer, gold) here with its arguments swapped; ours asks the rule that judges, whatever it is.
TEST(LengthDefects, RightIsWhatTheJudgingRuleSays) {
  const Sample sample{"<answer>0.333</answer>", {{"answer", "1/3"}}, "", FinishReason::kStop, 5};
  const std::vector<Reward> rewards =
      score_all(R"([{"rule": "math"}, {"rule": "cosine", "max_len": 10}])", sample);
  EXPECT_EQ(rewards[1].detail["correct"], rewards[0].value > 0);
}

TEST(LengthRule, CountsCharactersWhereIdsAreMissingAndSaysSo) {
  const ScoredGroup scored = group_scored(R"({"rule": "length"})", {0, 0}, {1, 0});
  EXPECT_EQ(scored.by_rule[1][0].value, -0.5);
  EXPECT_EQ(scored.by_rule[1][0].detail["unit"], "characters");
  EXPECT_EQ(group_scored(R"({"rule": "length"})", {1, 2}, {1, 0}).by_rule[1][0].detail["unit"], "tokens");
  EXPECT_THROW(group_scored(R"({"rule": "length", "unit": "tokens"})", {0, 0}, {1, 0}), Error);
}

TEST(LengthRule, NeedsARuleThatJudgesBefore) {
  EXPECT_THROW(score(R"({"rule": "length"})", {"a"}), Error);
  EXPECT_THROW(score_all(R"([{"rule": "format"}, {"rule": "length", "correct": "accuracy"}])", {"a"}), Error);
}

double cosine(bool right, size_t length, const std::string& options = R"("max_len": 100)") {
  return group_scored(R"({"rule": "cosine", "correct": "accuracy", )" + options + "}", {length}, {right})
      .by_rule[1][0]
      .value;
}

TEST(CosineRule, AgreesWithOpenR1UpToMaxLen) {
  for (const bool right : {true, false}) {
    for (size_t length = 1; length <= 100; ++length) {
      const double low = right ? 0.5 : -0.5,
                   high = right ? 1.0 : -1.0;  // open-r1 swaps the ends of wrong ones
      const double cos = std::cos(static_cast<double>(length) / 100 * std::numbers::pi);
      EXPECT_NEAR(cosine(right, length), low + 0.5 * (high - low) * (1.0 + cos), 4e-16) << length;
    }
  }
  EXPECT_EQ(cosine(true, 100), 0.5);
  EXPECT_EQ(cosine(false, 100), -0.5);
}

TEST(CosineRule, TheReferenceWithoutSwappedEndsFails) {  // what the comparison above can see
  const double unswapped = -1.0 + 0.5 * (-0.5 - -1.0) * (1.0 + std::cos(0.01 * std::numbers::pi));
  EXPECT_GT(std::abs(cosine(false, 1) - unswapped), 0.4);
}

TEST(CosineDefects, OpenR1PaysMoreAgainBeyondMaxLen) {
  EXPECT_EQ(cosine(true, 200), 0.5);
  EXPECT_EQ(cosine(true, 1000000), 0.5);
  EXPECT_EQ(cosine(false, 200), -0.5);
}

TEST(CosineRule, EndsAreOptions) {
  const std::string ends =
      R"("max_len": 2, "min_value_correct": 0, "max_value_correct": 2, "min_value_wrong": -10, "max_value_wrong": -4)";
  EXPECT_EQ(cosine(true, 1, ends), 1.0);
  EXPECT_EQ(cosine(true, 2, ends), 0.0);
  EXPECT_EQ(cosine(false, 1, ends), -7.0);
  EXPECT_EQ(cosine(false, 2, ends), -4.0);
  EXPECT_THROW(cosine(true, 1, R"("max_len": 0)"), InputError);
}

}  // namespace
}  // namespace hone
