#include <gtest/gtest.h>

#include <array>

#include "rewards/repetition.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

double overlong(size_t length) {
  return score(R"({"rule": "overlong", "max_length": 20480, "cache_length": 4096})",
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

TEST(OverlongRule, NeedsTokensAndSaneOptions) {
  EXPECT_THROW(overlong(0), Error);
  EXPECT_THROW(score(R"({"rule": "overlong", "max_length": 10})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "overlong", "max_length": 10, "cache_length": 11})", {""}), InputError);
}

std::vector<double> kimi(const std::vector<size_t>& lengths, const std::vector<double>& correct) {
  const RewardSet set =
      reward_set(R"([{"rule": "pattern", "name": "accuracy", "pattern": "right"}, {"rule": "length"}])");
  RolloutGroup group;
  for (size_t g = 0; g < lengths.size(); ++g) {
    group.rollouts.push_back(
        rollout_of({correct[g] > 0 ? "right" : "w", {}, "", FinishReason::kStop, lengths[g]}));
  }
  std::vector<double> values;
  const ScoredGroup scored = set.score(group);
  for (const Reward& reward : scored.by_rule[1]) values.push_back(reward.value);
  return values;
}

TEST(LengthRule, KimiComparesWithTheGroup) {
  EXPECT_EQ(kimi({10, 20, 30}, {1, 1, 1}), (std::vector<double>{0.5, 0.0, -0.5}));
  EXPECT_EQ(kimi({10, 20, 30}, {0, 0, 0}), (std::vector<double>{0.0, 0.0, -0.5}));
  EXPECT_EQ(kimi({20, 20}, {1, 0}), (std::vector<double>{0.0, 0.0}));
}

TEST(LengthRule, CosineGoesFromOneEndToTheOther) {
  const auto cosine = [](const char* text, size_t length) {
    return score_all(R"([{"rule": "pattern", "name": "accuracy", "pattern": "right"},
                         {"rule": "length", "type": "cosine", "correct": "accuracy", "max_length": 100}])",
                     {text, {}, "", FinishReason::kStop, length})[1]
        .value;
  };
  EXPECT_NEAR(cosine("right", 50), 0.75, 1e-15);
  EXPECT_NEAR(cosine("right", 25), 0.5 + 0.25 * (1 + std::sqrt(0.5)), 1e-15);
  EXPECT_EQ(cosine("right", 100), 0.5);
  EXPECT_EQ(cosine("right", 1000), 0.5);
  EXPECT_NEAR(cosine("w", 50), -0.75, 1e-15);
  EXPECT_EQ(cosine("w", 100), -0.5);
  EXPECT_NEAR(cosine("w", 1), -1.0, 1e-3);
}

TEST(LengthRule, NeedsARuleThatJudgesBefore) {
  EXPECT_THROW(score(R"({"rule": "length"})", {"a"}), Error);
  EXPECT_THROW(score(R"({"rule": "length", "type": "cosine"})", {"a"}), InputError);
}

TEST(Repetition, IsTheShareOfRepeatedGrams) {
  EXPECT_EQ(repetition("", 2), 0.0);
  EXPECT_EQ(repetition("a b", 3), 0.0);
  EXPECT_EQ(repetition("a b c d", 1), 0.0);
  EXPECT_EQ(repetition("a a a a", 1), 0.75);
  EXPECT_EQ(repetition("a b a b a b", 2), 1.0 - 2.0 / 5.0);
  EXPECT_EQ(repetition("A b a B a\tb", 2), 1.0 - 2.0 / 5.0);
  EXPECT_EQ(repetition("a b c a b d a b e", 3), 0.0);
  EXPECT_EQ(repetition("\u6240\u4EE5\u6240\u4EE5", 2), 1.0 - 2.0 / 3.0);
}

TEST(RepetitionRule, PaysItsShareOfThePenalty) {
  EXPECT_EQ(score(R"({"rule": "repetition", "n": 1, "max_penalty": -2})", {"a a a a"}).value, -1.5);
  EXPECT_THROW(score(R"({"rule": "repetition", "n": 0})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "repetition", "max_penalty": 1})", {""}), InputError);
}

}  // namespace
}  // namespace hone
