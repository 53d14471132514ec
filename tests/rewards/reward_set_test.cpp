#include "rewards/reward_set.h"

#include <gtest/gtest.h>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

RolloutGroup group_of(const std::vector<std::string>& texts, Json row = {}) {
  RolloutGroup group;
  group.prompt.problem = {42, "make it", std::move(row)};
  for (const std::string& text : texts) group.rollouts.push_back(rollout_of({text}));
  return group;
}

TEST(RewardSet, SumsWithWeightsAndKeepsEveryRule) {
  const RewardSet set = reward_set(R"([{"rule": "pattern", "name": "a", "pattern": "a", "weight": 2},
                                       {"rule": "pattern", "name": "b", "pattern": "b", "weight": -0.5}])");
  const ScoredGroup scored = set.score(group_of({"a", "b", "ab", ""}));
  EXPECT_EQ(scored.rewards, (std::vector<double>{2.0, -0.5, 1.5, 0.0}));
  EXPECT_EQ(scored.rules, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(scored.by_rule[0][2].value, 1.0);
  EXPECT_EQ(scored.by_rule[1][0].value, 0.0);
  EXPECT_EQ(scored.group.rollouts.size(), 4u);
}

TEST(RewardSet, AGatePaysOnlyIfTheEarlierRuleDid) {
  const RewardSet set = reward_set(R"([{"rule": "pattern", "name": "a", "pattern": "a", "value": 0.5},
                                       {"rule": "pattern", "name": "b", "pattern": "b", "gate": "a"},
                                       {"rule": "pattern", "name": "c", "pattern": "b", "gate": {"rule": "a", "above": 0.7}}])");
  EXPECT_EQ(set.score(group_of({"a", "b", "ab"})).rewards, (std::vector<double>{0.5, 0.0, 1.5}));
}

TEST(RewardSet, AGateSeesTheClippedValueAndWhatItClosesIsNotClipped) {
  const RewardSet set = reward_set(
      R"([{"rule": "pattern", "name": "a", "pattern": "a", "value": 3, "otherwise": 1, "clip": [null, 2]},
          {"rule": "pattern", "name": "b", "pattern": "b", "value": 9, "gate": {"rule": "a", "above": 1.5}, "clip": [4, 5]},
          {"rule": "pattern", "name": "c", "pattern": "b", "value": 9, "gate": {"rule": "a", "above": 2}}])");
  EXPECT_EQ(set.score(group_of({"ab", "b", "a"})).rewards, (std::vector<double>{7.0, 1.0, 6.0}));
}

TEST(RewardSet, AClosedGateClosesTheGatesBehindIt) {
  const RewardSet set = reward_set(R"([{"rule": "pattern", "name": "a", "pattern": "a"},
                                       {"rule": "pattern", "name": "b", "pattern": "b", "gate": "a"},
                                       {"rule": "pattern", "name": "c", "pattern": "c", "gate": "b"}])");
  EXPECT_EQ(set.score(group_of({"bc", "abc", "ac"})).rewards, (std::vector<double>{0.0, 3.0, 1.0}));
}

TEST(RewardSet, ARuleSeesItsWholeGroup) {
  const RewardSet set =
      reward_set(R"([{"rule": "pattern", "pattern": "x", "weight": 0}, {"rule": "length"}])");
  EXPECT_EQ(set.score(group_of({"x", "xxx", "xxxxx"})).rewards, (std::vector<double>{0.5, 0.0, -0.5}));
}

TEST(RewardSet, ClipsTheValueBeforeItsWeight) {
  const RewardSet set = reward_set(
      R"([{"rule": "pattern", "name": "a", "pattern": "a", "per_match": 1, "clip": [1, 3], "weight": 10},
          {"rule": "pattern", "name": "b", "pattern": "b", "per_match": -1, "clip": [-2, null]}])");
  EXPECT_EQ(set.score(group_of({"", "aa", "aaaaa", "bbb"})).rewards,
            (std::vector<double>{10.0, 20.0, 30.0, 8.0}));
}

TEST(RewardSet, ListsAreChecked) {
  EXPECT_THROW(reward_set(R"([{"rule": "format"}, {"rule": "format"}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "format", "gate": "accuracy"}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "format", "gate": "format"}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "format", "clip": [1, 0]}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "format", "clip": 1}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "format", "wieght": 1}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"weight": 1}])"), InputError);
  EXPECT_THROW(reward_set(R"([{"rule": "length"}])"), InputError);  // nothing says what is right
  EXPECT_THROW(reward_set(R"([{"rule": "format"}, {"rule": "cosine", "correct": "accuracy"}])"), InputError);
  try {
    reward_set(R"([{"rule": "fromat"}])");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean format?"), std::string::npos) << e.what();
  }
}

TEST(RewardSet, AThrowingRuleIsNamedWithItsRollout) {
  const RewardSet set = reward_set(R"([{"rule": "exact_match", "field": "gold"}])");
  std::vector<RolloutGroup> groups;
  groups.push_back(group_of({"a", "b"}, {{"gold", "a"}}));
  groups.push_back(group_of({"a", "b"}, {{"other", "a"}}));
  try {
    set.score(groups);
    FAIL();
  } catch (const InputError& e) {  // the user's to mend: exit status 2
    EXPECT_EQ(std::string(e.what()),
              "reward rule \"exact_match\" on problem 42, rollout 0: exact_match: the row has no \"gold\"");
  }
}

TEST(RewardSet, ResultsDoNotDependOnWhatElseIsScored) {
  const RewardSet set = reward_set(
      R"([{"rule": "format"}, {"rule": "repetition", "n": 1}, {"rule": "language_consistency", "language": "en"}])");
  std::vector<RolloutGroup> groups;
  for (int p = 0; p < 40; ++p)
    groups.push_back(
        group_of({"a b a " + std::to_string(p % 7), "so \u6240 so", std::string(p, 'x') + " y y"}));
  const std::vector<ScoredGroup> all = set.score(groups);
  for (size_t p = 0; p < groups.size(); ++p) EXPECT_EQ(all[p].rewards, set.score(groups[p]).rewards);
}

}  // namespace
}  // namespace hone
