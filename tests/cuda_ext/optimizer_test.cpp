// AdamW and the gradient's norm equal their scalar definition bit for bit on every path, and torch's AdamW
// within a bound.
#include "tests/reference/optimizer.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "cuda_ext/ops.h"
#include "tests/cuda_ext/paths.h"

namespace hone {
namespace {

using at::Tensor;
using ops::AdamWOptions;

class Optimizer : public OnEveryPath {};

/// Weights and moments in the middle of training.
struct State {
  Tensor w, m, v;  // [n]
  explicit State(int64_t n)
      : w(normal_tensor({n}, 1)), m(normal_tensor({n}, 2, 0.1f)), v(normal_tensor({n}, 3, 0.1f).square()) {}
};

const AdamWOptions kOptions{
    .learning_rate = 3e-3, .beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-8, .weight_decay = 0.1};

TEST_F(Optimizer, AdamWEqualsTheDefinition) {
  for (const int64_t n : {0, 1, 15, 16, 17, 100003})
    for (const int64_t step : {1, 2, 7, 1000, 123456}) {
      AdamWOptions o = kOptions;
      o.step = step;
      o.gradient_scale = step == 7 ? 0.37 : 1.0;
      State got(n), wanted(n);
      const Tensor gradient = normal_tensor({n}, 4);
      ops::adamw_(got.w, got.m, got.v, gradient, o);
      reference::adamw(wanted.w.data_ptr<float>(), wanted.m.data_ptr<float>(), wanted.v.data_ptr<float>(),
                       gradient.const_data_ptr<float>(), n, o);
      EXPECT_TRUE(same_bits(got.w, wanted.w)) << n << " step " << step;
      EXPECT_TRUE(same_bits(got.m, wanted.m));
      EXPECT_TRUE(same_bits(got.v, wanted.v));
    }
}

TEST_F(Optimizer, AdamWOfAPartIsThePartOfTheWhole) {
  State whole(1000), parts(1000);
  const Tensor gradient = normal_tensor({1000}, 5);
  ops::adamw_(whole.w, whole.m, whole.v, gradient, kOptions);
  for (const auto& [begin, n] : {std::pair<int64_t, int64_t>{0, 333}, {333, 1}, {334, 666}}) {
    Tensor w = parts.w.narrow(0, begin, n), m = parts.m.narrow(0, begin, n), v = parts.v.narrow(0, begin, n);
    ops::adamw_(w, m, v, gradient.narrow(0, begin, n), kOptions);
  }
  EXPECT_TRUE(same_bits(parts.w, whole.w));
}

/// Largest |hone - torch| of the weights after `steps` steps; `ours` and torch may be given different
/// options.
double distance_to_torch(int64_t steps, AdamWOptions ours) {
  State a(1003), b(1003);
  for (int64_t step = 1; step <= steps; ++step) {
    const Tensor gradient = normal_tensor({1003}, uint32_t(step));
    ours.step = step;
    ops::adamw_(a.w, a.m, a.v, gradient, ours);
    const Tensor count = at::full({}, double(step), at::kFloat);
    at::_fused_adamw_({b.w}, {gradient}, {b.m}, {b.v}, {}, {count}, kOptions.learning_rate, kOptions.beta1,
                      kOptions.beta2, kOptions.weight_decay, kOptions.epsilon, false, false);
  }
  double worst = 0;
  const std::vector<float> x = values<float>(a.w), y = values<float>(b.w);
  for (size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::fabs(double(x[i]) - double(y[i])));
  return worst;
}

TEST_F(Optimizer, AdamWIsTorchsArithmetic) {
  // A step rounds a weight of size up to 4 to within 2^-23, twice, and its update to a few ulps of
  // learning_rate * 10.
  EXPECT_LT(distance_to_torch(10, kOptions), 10 * (2 * 0x1p-22 + 8 * 0x1p-24 * kOptions.learning_rate * 10));
  AdamWOptions coupled = kOptions;
  coupled.weight_decay = 0;
  EXPECT_GT(distance_to_torch(10, coupled), 1e-4) << "a missing decay must show";
  AdamWOptions other_epsilon = kOptions;
  other_epsilon.epsilon = 1e-3;
  EXPECT_GT(distance_to_torch(10, other_epsilon), 1e-5) << "another epsilon must show";
}

TEST_F(Optimizer, AdamWIsCloseToFloat64) {
  const int64_t n = 1000;
  State got(n);
  AdamWOptions o = kOptions;
  o.step = 5;
  const Tensor gradient = normal_tensor({n}, 6);
  const auto wide = [](const Tensor& t) { return values<double>(t.to(at::kDouble)); };
  std::vector<double> w = wide(got.w), m = wide(got.m), v = wide(got.v), g = wide(gradient);
  ops::adamw_(got.w, got.m, got.v, gradient, o);
  reference::adamw(w.data(), m.data(), v.data(), g.data(), n, o);
  for (size_t i = 0; i < size_t(n); ++i)
    EXPECT_NEAR(double(values<float>(got.w)[i]), w[i],
                2 * 0x1p-24 * std::fabs(w[i]) + 1e-6 * o.learning_rate * 10);
}

TEST_F(Optimizer, PowersOfTheBetasAreAccurate) {
  for (const double beta : {0.9, 0.95, 0.999, 0.9999})
    for (const int64_t step : {1, 2, 3, 10, 1000, 1000000}) {
      const double wanted = std::pow(beta, double(step));
      EXPECT_NEAR(reference::power(beta, step), wanted, wanted * double(step) * 0x1p-52);
    }
}

TEST_F(Optimizer, SumOfSquaresEqualsTheDefinition) {
  for (const int64_t n : {0, 1, 16, 17, 4095, 4096, 4097, 100003}) {
    const Tensor x = normal_tensor({n}, 7);
    const double got = ops::sum_of_squares(x);
    EXPECT_EQ(got, reference::sum_of_squares(x.const_data_ptr<float>(), n)) << n;
    double plain = 0;
    for (const float value : values<float>(x)) plain += double(value) * double(value);
    EXPECT_NEAR(got, plain, 0x1p-23 * 256 * (plain + 1));  // a lane is a chain of at most 256
    if (n == 100003) {
      EXPECT_NE(got, plain) << "another order must show";
    }
  }
}

TEST_F(Optimizer, ANanOrAnInfinityReachesTheNorm) {
  Tensor x = normal_tensor({5000}, 8);
  x.data_ptr<float>()[4999] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(ops::sum_of_squares(x)));
  x.data_ptr<float>()[4999] = 1e30f;
  EXPECT_TRUE(std::isinf(ops::sum_of_squares(x)));
}

TEST(OptimizerInput, ImpossibleValuesAreNamed) {
  State s(8);
  const auto message = [&](AdamWOptions o, const Tensor& gradient) -> std::string {
    try {
      ops::adamw_(s.w, s.m, s.v, gradient, o);
    } catch (const c10::Error& error) {
      return error.what_without_backtrace();
    }
    return "";
  };
  EXPECT_NE(message({.step = 0}, at::zeros({8})).find("step is 0"), std::string::npos);
  EXPECT_NE(message({.beta1 = 1.0}, at::zeros({8})).find("beta1 is 1"), std::string::npos);
  EXPECT_NE(message({}, at::zeros({9})).find("gradient: expected 8"), std::string::npos);
  EXPECT_NE(message({}, at::zeros({8}, at::kDouble)).find("Double"), std::string::npos);
}

}  // namespace
}  // namespace hone
