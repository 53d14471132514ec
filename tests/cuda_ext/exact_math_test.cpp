// Elementary functions in double precision: error bounds against long double libm, identities, golden bits,
// argument checks.
#include "core/exact_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "core/error.h"

namespace hone {
namespace {

std::vector<double> spread(double low, double high, int n) {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<double> x{low, high};
  for (int i = 0; i < n; ++i) x.push_back(uniform(generator));
  return x;
}

double relative(double got, long double wanted) { return double(std::fabs((got - wanted) / wanted)); }

TEST(ExactMath, ExpIsWithinFourUlpsHalf) {
  for (const double x : spread(-700, 700, 20000))
    ASSERT_LT(relative(exact_exp(x), std::exp((long double)x)), 4.5e-16) << x;
  for (const double x : spread(-1, 1, 20000))
    ASSERT_LT(relative(exact_exp(x), std::exp((long double)x)), 4.5e-16) << x;
}

TEST(ExactMath, LogIsWithinABoundOfItsLargestTerm) {
  for (const double exponent : spread(-300, 300, 20000)) {
    const double x = std::pow(10.0, exponent);
    ASSERT_LT(std::fabs(double(exact_log(x) - std::log((long double)x))),
              3e-16 * std::fmax(1.0, std::fabs(std::log(x))))
        << x;
  }
  for (const double x : spread(0.99, 1.01, 20000))
    ASSERT_LT(std::fabs(double(exact_log(x) - std::log((long double)x))), 3e-16 * std::fabs(x - 1.0) + 1e-18)
        << x;
  EXPECT_EQ(exact_log(1.0), 0.0);
}

TEST(ExactMath, PowRoundsToTheFloatOfTheTruePower) {
  for (const double theta : {1e4, 5e5, 1e6, 1e7})
    for (int i = 0; i < 64; ++i) {
      const double y = float(2 * i) / 128.0f;
      ASSERT_EQ(float(exact_pow(theta, y)), float(std::pow((long double)theta, (long double)y)))
          << theta << " " << i;
    }
}

TEST(ExactMath, SinAndCosAreWithinAnAbsoluteBound) {
  for (const double range : {1.0, 100.0, 1e6, 1073741824.0})
    for (const double x : spread(-range, range, 20000)) {
      const auto [s, c] = exact_sin_cos(x);
      ASSERT_LT(std::fabs(double(s - std::sin((long double)x))), 2.5e-16) << x;
      ASSERT_LT(std::fabs(double(c - std::cos((long double)x))), 2.5e-16) << x;
      ASSERT_EQ(exact_sin(x), s);
      ASSERT_EQ(exact_cos(x), c);
    }
}

TEST(ExactMath, TheBoundsNoticeAWrongReduction) {
  // Without the second part of pi/2 the reduction is off by n * 6e-17.
  const double x = 1e6, r = std::fma(-std::nearbyint(x / 1.5707963267948966), 1.5707963267948966, x);
  EXPECT_GT(std::fabs(double(std::sin(r) - std::sin((long double)x))) +
                std::fabs(double(std::cos(r) - std::cos((long double)x))),
            2.5e-16);
}

TEST(ExactMath, BitsAreTheSameOnEveryMachine) {
  uint64_t hash = 1469598103934665603u;
  const auto mix = [&](double x) { hash = (hash ^ std::bit_cast<uint64_t>(x)) * 1099511628211u; };
  for (int i = 1; i <= 1000; ++i) {
    const double x = i * 0.37;
    mix(exact_exp(x)), mix(exact_log(x)), mix(exact_pow(x, 0.61)), mix(exact_sin(x * 1000)),
        mix(exact_cos(x * 1000));
  }
  EXPECT_EQ(hash, 6012576478177519176u);
}

TEST(ExactMath, ArgumentsOutsideTheRangesAreErrors) {
  EXPECT_THROW(exact_exp(701.0), Error);
  EXPECT_THROW(exact_log(0.0), Error);
  EXPECT_THROW(exact_log(-1.0), Error);
  EXPECT_THROW(exact_log(NAN), Error);
  EXPECT_THROW(exact_sin(2e9), Error);
  EXPECT_THROW(exact_cos(INFINITY), Error);
}

}  // namespace
}  // namespace hone
