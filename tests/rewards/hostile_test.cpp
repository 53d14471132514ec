// Hostile completions get their verdict from the math rule: none is taken for correct, none hangs, none needs a clock.
#include <gtest/gtest.h>

#include <iostream>

#include "tests/golds/hostile_pairs.h"
#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

TEST(Hostile, EveryInputGetsItsVerdict) {
  for (const HostileInput& input : hostile_inputs()) {
    const Reward reward =
        score(R"({"rule": "math"})", {.completion = input.completion, .row = {{"answer", input.gold}}});
    const bool may_pay = input.expected == Expected::kUnknown;
    EXPECT_TRUE(may_pay || reward.value == 0) << input.name << ": " << reward.detail;
    EXPECT_TRUE(reward.detail.contains("verdict")) << input.name;
  }
}

TEST(Hostile, AGoldMayBeHostileToo) {
  for (const HostileInput& input : hostile_inputs()) {
    const Reward reward =
        score(R"({"rule": "math"})", {.completion = "\\boxed{42}", .row = {{"answer", input.completion}}});
    EXPECT_TRUE(input.completion == "\\boxed{42}" || reward.value == 0)
        << input.name << ": " << reward.detail;
  }
}

}  // namespace
}  // namespace hone
