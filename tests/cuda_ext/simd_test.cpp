// The elementary functions: bits of the scalar program on every instruction set, error bounds against std::
// in float64, special values, and the sixteen-lane sum's order.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "cuda_ext/cpu/elementary.h"
#include "tests/cuda_ext/paths.h"
#include "tests/reference/elementary.h"

namespace hone {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

class Simd : public OnEveryPath {};

std::vector<float> exps(std::vector<float> x) {
  cpu::dispatch([&](auto isa) { cpu::exp_values<isa>(x.data(), x.data(), int64_t(x.size())); });
  return x;
}
std::vector<float> logs(std::vector<float> x) {
  cpu::dispatch([&](auto isa) { cpu::log_values<isa>(x.data(), x.data(), int64_t(x.size())); });
  return x;
}
std::vector<float> sigmoids(std::vector<float> x) {
  cpu::dispatch([&](auto isa) { cpu::sigmoid_values<isa>(x.data(), x.data(), int64_t(x.size())); });
  return x;
}

/// n values evenly spread, and every power of two times 1, 1.5 inside [low, high].
std::vector<float> spread(float low, float high, int n) {
  std::vector<float> x;
  for (int i = 0; i <= n; ++i) x.push_back(float(low + (double(high) - low) * i / n));
  for (int e = -149; e < 128; ++e)
    for (const float m : {1.0f, 1.5f})
      for (const float sign : {1.0f, -1.0f}) {
        const float value = sign * std::ldexp(m, e);
        if (value >= low && value <= high) x.push_back(value);
      }
  return x;
}

/// Positive normal numbers: random bits.
std::vector<float> positive(int n) {
  std::mt19937 generator(1);
  std::vector<float> x;
  while (int(x.size()) < n) {
    const float value = std::bit_cast<float>(uint32_t(generator() >> 1));
    if (std::isnormal(value)) x.push_back(value);
  }
  return x;
}

/// Largest distance to the exact value, in units of the float32 spacing at that value.
double worst_ulps(const std::vector<float>& got, const std::vector<float>& x, double (*exact)(double)) {
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double wanted = exact(double(x[i]));
    const float near = float(std::fabs(wanted));
    const double ulp = double(std::nextafter(near, kInfinity)) - double(near);
    worst = std::max(worst, std::fabs(double(got[i]) - wanted) / ulp);
  }
  return worst;
}

double exact_exp(double x) { return std::exp(x); }
double exact_log(double x) { return std::log(x); }
double exact_sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

TEST_F(Simd, EqualsTheScalarPrograms) {
  std::vector<float> x = spread(-120, 100, 20011), expected_exp, expected_sigmoid, expected_log;
  for (const float special :
       {0.0f, -0.0f, kInfinity, -kInfinity, kNan, 1e30f, -1e30f, 88.73f, 88.731f, -103.98f, -103.981f})
    x.push_back(special);
  for (const float value : x) {
    expected_exp.push_back(reference::exp(value));
    expected_sigmoid.push_back(reference::sigmoid(value));
  }
  EXPECT_TRUE(same_bits(exps(x), expected_exp));
  EXPECT_TRUE(same_bits(sigmoids(x), expected_sigmoid));
  const std::vector<float> p = positive(20011);
  for (const float value : p) expected_log.push_back(reference::log(value));
  EXPECT_TRUE(same_bits(logs(p), expected_log));
}

TEST_F(Simd, ExpIsWithinOneUlp) {
  const std::vector<float> x = spread(-87.3f, 88.72f, 200003);
  EXPECT_LT(worst_ulps(exps(x), x, exact_exp), 1.0);
  const std::vector<float> small =
      spread(-103.0f, -87.3f, 20011);  // results below the normal range: two roundings
  EXPECT_LT(worst_ulps(exps(small), small, exact_exp), 1.51);
}

TEST_F(Simd, LogIsWithinOneUlp) {
  const std::vector<float> x = positive(200003), near_one = spread(0.5f, 2.0f, 200003);
  EXPECT_LT(worst_ulps(logs(x), x, exact_log), 1.0);
  EXPECT_LT(worst_ulps(logs(near_one), near_one, exact_log), 1.0);
}

TEST_F(Simd, SigmoidIsWithinThreeUlps) {
  const std::vector<float> x = spread(-87.0f, 88.0f, 200003);
  EXPECT_LT(worst_ulps(sigmoids(x), x, exact_sigmoid), 3.0);
}

TEST_F(Simd, AnErrorOfTwoUlpsWouldBeSeen) {
  const std::vector<float> x = spread(-87.3f, 88.72f, 2003);
  std::vector<float> y = exps(x);
  float& victim = y[1000];
  for (int i = 0; i < 2; ++i) victim = std::nextafter(victim, kInfinity);
  EXPECT_GT(worst_ulps(y, x, exact_exp), 1.0);
}

TEST_F(Simd, SpecialValues) {
  EXPECT_TRUE(same_bits(exps({0.0f, -0.0f, -kInfinity, kInfinity, -1000.0f, 1000.0f, kNan}),
                        {1.0f, 1.0f, 0.0f, kInfinity, 0.0f, kInfinity, kNan}));
  EXPECT_TRUE(same_bits(logs({1.0f}), {0.0f}));
  EXPECT_TRUE(same_bits(sigmoids({0.0f, kInfinity, -kInfinity, kNan}), {0.5f, 1.0f, 0.0f, kNan}));
}

TEST_F(Simd, SumTakesLanesByIndexAndOneTree) {
  std::mt19937 generator(7);
  std::normal_distribution<float> normal;
  for (const int64_t n : {0, 1, 15, 16, 17, 31, 100, 1000}) {
    std::vector<float> x;
    reference::LaneSum<float> expected;
    float ascending = 0;
    for (int64_t i = 0; i < n; ++i) {
      x.push_back(normal(generator));
      expected.add(i, x.back());
      ascending += x.back();
    }
    float got = -1;
    cpu::dispatch([&](auto isa) { cpu::sum_values<isa>(&got, x.data(), n); });
    EXPECT_TRUE(same_bits({got}, {expected.total()})) << n;
    if (n == 1000) {
      EXPECT_NE(got, ascending) << "another order must show";
    }
  }
}

}  // namespace
}  // namespace hone
