#include "rl/advantage.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace hone {
namespace {

std::vector<double> binary(int correct, int size) {
  std::vector<double> rewards(size, 0.0);
  std::fill_n(rewards.begin(), correct, 1.0);
  return rewards;
}

// The published table for groups of eight binary rewards; the guard of 1e-4 in the divisor moves the last digits.
TEST(Advantage, MatchesTheTableForEightBinaryRewards) {
  const struct {
    int correct;
    double population, wrong_population, sample, wrong_sample, none, wrong_none;
  } rows[] = {{1, 2.6458, -0.3780, 2.4749, -0.3536, 0.875, -0.125},
              {2, 1.7321, -0.5774, 1.6202, -0.5401, 0.750, -0.250},
              {4, 1.0, -1.0, 0.9354, -0.9354, 0.5, -0.5},
              {7, 0.3780, -2.6458, 0.3536, -2.4749, 0.125, -0.875}};
  for (const auto& row : rows) {
    const auto rewards = binary(row.correct, 8);
    const auto population = group_advantages(rewards, ScaleRewards::kGroupPopulation);
    const auto sample = group_advantages(rewards, ScaleRewards::kGroup);
    const auto none = group_advantages(rewards, ScaleRewards::kNone);
    EXPECT_NEAR(population.front(), row.population, 1.2e-3);
    EXPECT_NEAR(population.back(), row.wrong_population, 1.2e-3);
    EXPECT_NEAR(sample.front(), row.sample, 1.2e-3);
    EXPECT_NEAR(sample.back(), row.wrong_sample, 1.2e-3);
    EXPECT_DOUBLE_EQ(none.front(), row.none);
    EXPECT_DOUBLE_EQ(none.back(), row.wrong_none);
  }
}

TEST(Advantage, EqualRewardsGiveExactlyZero) {
  for (double r : {0.0, 0.1, 1.7}) {
    EXPECT_TRUE(is_zero_signal(std::vector<double>(7, r)));
    for (double a : group_advantages(std::vector<double>(7, r), ScaleRewards::kGroup)) EXPECT_EQ(a, 0.0);
  }
  EXPECT_FALSE(is_zero_signal({0.1, 0.1, 0.2}));
}

TEST(Advantage, OneRewardIsAnError) { EXPECT_THROW(group_advantages({1.0}, ScaleRewards::kGroup), Error); }

TEST(Advantage, UnknownScaleNamesTheChoices) {
  try {
    parse_scale_rewards("batch");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("group_population"), std::string::npos);
  }
}

}  // namespace
}  // namespace hone
