#include "rl/advantage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "core/philox.h"

namespace hone {
namespace {

const std::vector<double> kWeights{1.0, 0.5, -0.25};

std::vector<double> binary(int correct, int size) {
  std::vector<double> rewards(size, 0.0);
  std::fill_n(rewards.begin(), correct, 1.0);
  return rewards;
}

// The published table for groups of eight binary rewards; the guard of 1e-4 in the divisor moves the last
// digits.
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

/// Groups of three rules with values that a counter-based generator gives; where `missing` a rollout has no
/// reward.
std::vector<ScoredGroup> some_groups(uint64_t seed, bool missing) {
  PhiloxStream random(seed);
  std::vector<ScoredGroup> groups(1 + random.below(6));
  for (ScoredGroup& group : groups) {
    const uint32_t size = 2 + random.below(6);
    group.rules = {"a", "b", "c"};
    group.by_rule.resize(3);
    for (uint32_t g = 0; g < size; ++g) {
      const double values[] = {double(random.below(2)), 0.1 * random.below(4),
                               random.below(2) ? 100.0 : -3.5};
      group.rewards.push_back(0);
      for (size_t r = 0; r < 3; ++r) {
        group.by_rule[r].push_back({values[r], {}});
        group.rewards.back() += kWeights[r] * values[r];
      }
      group.errors.push_back(missing && random.below(4) == 0 ? "judge: late" : "");
    }
  }
  return groups;
}

/// GDPO (arXiv 2601.05242 section 3) as TRL computes it, in long double, step by step: over the step the mean
/// is subtracted too.
std::vector<std::vector<double>> slow_gdpo(const std::vector<ScoredGroup>& groups, bool sample) {
  using Number = long double;
  const auto moments = [&](const std::vector<Number>& x) {
    Number mean = 0, squares = 0;
    for (const Number v : x) mean += v / Number(x.size());
    for (const Number v : x) squares += (v - mean) * (v - mean);
    return std::pair(mean, std::sqrt(squares / Number(x.size() - (sample ? 1 : 0))));
  };
  std::vector<std::vector<Number>> sums;
  std::vector<Number> all;
  for (const ScoredGroup& group : groups) {
    sums.emplace_back(group.rewards.size(), 0);
    for (size_t r = 0; r < 3; ++r) {
      std::vector<Number> values;
      for (size_t g = 0; g < group.rewards.size(); ++g)
        if (group.has_reward(g)) values.push_back(group.by_rule[r][g].value);
      if (values.size() < 2) continue;
      const auto [mean, deviation] = moments(values);
      for (size_t g = 0; g < group.rewards.size(); ++g)
        if (group.has_reward(g))
          sums.back()[g] +=
              Number(kWeights[r]) * (Number(group.by_rule[r][g].value) - mean) / (deviation + 1e-4L);
    }
    for (size_t g = 0; g < group.rewards.size(); ++g)
      if (group.has_reward(g)) all.push_back(sums.back()[g]);
  }
  std::vector<std::vector<double>> out;
  const auto [mean, deviation] = all.size() > 1 ? moments(all) : std::pair<Number, Number>(0, 1);
  for (size_t p = 0; p < groups.size(); ++p) {
    out.emplace_back();
    for (size_t g = 0; g < sums[p].size(); ++g)
      out.back().push_back(groups[p].has_reward(g) ? double((sums[p][g] - mean) / (deviation + 1e-4L)) : 0.0);
  }
  return out;
}

TEST(StepAdvantages, NormalisedRulesAreThoseOfTheSlowReference) {
  double planted = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    for (const bool sample : {true, false}) {
      const std::vector<ScoredGroup> groups = some_groups(seed, seed % 2);
      const AdvantageOptions options{sample ? ScaleRewards::kGroup : ScaleRewards::kGroupPopulation, true};
      const auto fast = step_advantages(groups, kWeights, options), slow = slow_gdpo(groups, sample);
      const auto other = slow_gdpo(groups, !sample);
      for (size_t p = 0; p < groups.size(); ++p) {
        ASSERT_EQ(fast[p].size(), slow[p].size());
        for (size_t g = 0; g < slow[p].size(); ++g) {
          // Sums of at most 50 terms, divided by a deviation that is at least 1e-4: 50 * 2^-53 / 1e-4,
          // relative to values below 50.
          EXPECT_NEAR(fast[p][g], slow[p][g], 1e-9) << "seed " << seed;
          planted = std::max(planted, std::abs(fast[p][g] - other[p][g]));
        }
      }
    }
  }
  EXPECT_GT(planted, 1e-3) << "another divisor is seen";
}

TEST(StepAdvantages, EqualValuesOfEveryRuleGiveExactlyZero) {
  std::vector<ScoredGroup> groups = some_groups(7, false);
  for (std::vector<Reward>& rule : groups[0].by_rule) std::fill(rule.begin(), rule.end(), Reward{0.1, {}});
  const auto advantages = step_advantages(groups, kWeights, {ScaleRewards::kGroup, true});
  for (const double a : advantages[0]) EXPECT_EQ(a, 0.0);
}

TEST(StepAdvantages, ARolloutWithoutARewardDoesNotShowInTheOthers) {
  for (const bool normalize_rules : {false, true}) {
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const std::vector<ScoredGroup> all = some_groups(seed, true);
      std::vector<ScoredGroup> kept = all;
      for (size_t p = 0; p < all.size(); ++p) {
        kept[p].rewards.clear(), kept[p].errors.clear(), kept[p].by_rule.assign(3, {});
        for (size_t g = 0; g < all[p].rewards.size(); ++g) {
          if (!all[p].has_reward(g)) continue;
          kept[p].rewards.push_back(all[p].rewards[g]), kept[p].errors.push_back("");
          for (size_t r = 0; r < 3; ++r) kept[p].by_rule[r].push_back(all[p].by_rule[r][g]);
        }
      }
      const AdvantageOptions options{ScaleRewards::kGroup, normalize_rules};
      const auto with = step_advantages(all, kWeights, options),
                 without = step_advantages(kept, kWeights, options);
      for (size_t p = 0; p < all.size(); ++p) {
        size_t next = 0;
        for (size_t g = 0; g < all[p].rewards.size(); ++g)
          EXPECT_EQ(with[p][g], all[p].has_reward(g) ? without[p][next++] : 0.0);
      }
    }
  }
}

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
