#include "rl/loss.h"

#include <gtest/gtest.h>

#include <cmath>

namespace hone {
namespace {

TEST(PolicyLoss, DerivativeMatchesFiniteDifferences) {
  const PolicyLossOptions options{.epsilon = 0.2, .epsilon_high = 0.28, .beta = 0.04};
  for (double advantage : {-1.5, 0.7})
    for (double logprob : {-3.0, -2.2, -2.0, -1.95, -1.0}) {
      const double h = 1e-6, old = -2.0, reference = -2.4;
      const auto value = [&](double lp) {
        return policy_token_loss(lp, old, reference, advantage, options).value;
      };
      const double numeric = (value(logprob + h) - value(logprob - h)) / (2 * h);
      EXPECT_NEAR(policy_token_loss(logprob, old, reference, advantage, options).dlogprob, numeric,
                  1e-6 * (1 + std::abs(numeric)));
    }
}

TEST(PolicyLoss, OnPolicyRatioIsExactlyOne) {
  const TokenLoss l = policy_token_loss(-1.234567f, -1.234567f, 0, 0.5, {});
  EXPECT_EQ(l.ratio, 1.0);
  EXPECT_EQ(l.value, -0.5);
  EXPECT_EQ(l.dlogprob, -0.5);
}

TEST(PolicyLoss, ClippedTokensHaveNoGradient) {
  const PolicyLossOptions options{.epsilon = 0.2, .epsilon_high = 0.28};
  const TokenLoss high = policy_token_loss(-1.0, -2.0, 0, 1.0, options),
                  low = policy_token_loss(-3.0, -2.0, 0, -1.0, options);
  EXPECT_TRUE(high.clipped_high);
  EXPECT_EQ(high.dlogprob, 0.0);
  EXPECT_DOUBLE_EQ(high.value, -1.28);
  EXPECT_TRUE(low.clipped_low);
  EXPECT_EQ(low.dlogprob, 0.0);
  EXPECT_DOUBLE_EQ(low.value, 0.8);
  // The other sides are not clipped: a bad token that became likelier, a good one that became rarer.
  EXPECT_NE(policy_token_loss(-1.0, -2.0, 0, -1.0, options).dlogprob, 0.0);
  EXPECT_NE(policy_token_loss(-3.0, -2.0, 0, 1.0, options).dlogprob, 0.0);
}

TEST(PolicyLoss, K3GradientIsThePublishedValue) {
  const TokenLoss l = policy_token_loss(-3.0, -3.0, -1.0, 0.0, {.beta = 1.0});
  EXPECT_NEAR(l.dlogprob, -6.389, 1e-3);  // 1 - e^2
  EXPECT_NEAR(l.kl, std::exp(2.0) - 3, 1e-12);
}

}  // namespace
}  // namespace hone
