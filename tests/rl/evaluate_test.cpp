#include "rl/evaluate.h"

#include <gtest/gtest.h>

#include "rl/optimizer.h"

namespace hone {
namespace {

// arXiv 2107.03374 eq. 1, n = 64, computed by hand from the binomials.
TEST(PassAtK, MatchesTheUnbiasedEstimator) {
  EXPECT_NEAR(pass_at_k(64, 1, 1), 0.015625, 1e-12);
  EXPECT_NEAR(pass_at_k(64, 1, 8), 0.125, 1e-12);
  EXPECT_NEAR(pass_at_k(64, 4, 8), 0.421933, 1e-6);
  EXPECT_NEAR(pass_at_k(64, 16, 16), 0.995384, 1e-6);
  EXPECT_NEAR(pass_at_k(64, 32, 4), 0.943404, 1e-6);
}

TEST(PassAtK, EdgesAreExact) {
  EXPECT_EQ(pass_at_k(4, 0, 4), 0.0);
  EXPECT_EQ(pass_at_k(4, 1, 4), 1.0);
  EXPECT_EQ(pass_at_k(4, 4, 1), 1.0);
}

TEST(LearningRate, SchedulesRiseAndFallAsTheySay) {
  OptimizerOptions o;
  o.learning_rate = 1.0, o.warmup_steps = 4, o.lr_end = 0.1;
  EXPECT_DOUBLE_EQ(learning_rate_at(o, 0, 20), 0.25);
  EXPECT_DOUBLE_EQ(learning_rate_at(o, 3, 20), 1.0);
  EXPECT_DOUBLE_EQ(learning_rate_at(o, 19, 20), 1.0);
  o.lr_schedule = "linear";
  EXPECT_DOUBLE_EQ(learning_rate_at(o, 12, 20), 0.55);
  o.lr_schedule = "cosine";
  EXPECT_NEAR(learning_rate_at(o, 12, 20), 0.55, 1e-12);
  EXPECT_DOUBLE_EQ(learning_rate_at(o, 20, 20), 0.1);
}

}  // namespace
}  // namespace hone
