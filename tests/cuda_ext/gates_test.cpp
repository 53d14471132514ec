// Gates and clamps: bits of the definitions on every instruction set and thread count, gradients against
// finite differences in float64.
#include <cmath>

#include "cuda_ext/ops.h"
#include "tests/cuda_ext/paths.h"
#include "tests/reference/rows.h"

namespace hone {
namespace {

class Gates : public OnEveryPath {};

struct Shape {
  int64_t T, K;
};
const std::vector<Shape> kShapes{{0, 8}, {1, 1}, {3, 17}, {5, 16}, {40, 48}, {2, 1030}, {700, 64}};
constexpr float kAlpha = 1.702f, kLimit = 2.5f;

TEST_F(Gates, ClampedSwigluAndItsBackwardHaveTheBitsOfTheDefinition) {
  for (const auto& [T, K] : kShapes) {
    const at::Tensor gate_up = normal_tensor({T, 2 * K}, 1, 3.0f), dout = normal_tensor({T, K}, 2);
    at::Tensor out = with_strided_rows(at::full({T, K}, 5.0f)), d = gate_up.clone();
    ops::clamped_swiglu_(out, with_strided_rows(gate_up), kAlpha, kLimit);
    ops::clamped_swiglu_backward_(d, with_strided_rows(dout), d, kAlpha, kLimit);  // in place
    const std::vector<float> in = values<float>(gate_up), from = values<float>(dout);
    std::vector<float> wanted, wanted_d;
    for (size_t i = 0; i < from.size(); ++i) {
      wanted.push_back(reference::clamped_swiglu(in[2 * i], in[2 * i + 1], kAlpha, kLimit));
      const auto g = reference::clamped_swiglu_backward(from[i], in[2 * i], in[2 * i + 1], kAlpha, kLimit);
      wanted_d.push_back(g.gate), wanted_d.push_back(g.up);
    }
    EXPECT_TRUE(same_bits(values<float>(out), wanted)) << T << " " << K;
    EXPECT_TRUE(same_bits(values<float>(d), wanted_d)) << T << " " << K;
  }
}

TEST_F(Gates, ClampKeepsWhatIsWithinAndItsGradient) {
  for (const auto& [T, K] : kShapes) {
    const at::Tensor x = normal_tensor({T, K}, 1, 3.0f);
    at::Tensor out = with_strided_rows(at::full({T, K}, 5.0f)),
               d = with_strided_rows(normal_tensor({T, K}, 2));
    std::vector<float> wanted = values<float>(x), wanted_d = values<float>(d);
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (std::abs(wanted[i]) > kLimit) wanted_d[i] = 0;
      wanted[i] = reference::clamped(wanted[i], kLimit);
    }
    ops::clamp_(out, with_strided_rows(x), kLimit);
    ops::clamp_backward_(d, x, kLimit);
    EXPECT_TRUE(same_bits(values<float>(out), wanted));
    EXPECT_TRUE(same_bits(values<float>(d), wanted_d));
  }
}

TEST_F(Gates, SigmoidGateAndItsBackwardHaveTheBitsOfTheDefinition) {
  for (const auto& [T, K] : kShapes) {
    const at::Tensor y = normal_tensor({T, K}, 1), gate = normal_tensor({T, 1}, 2, 3.0f),
                     dout = normal_tensor({T, K}, 3);
    at::Tensor out = with_strided_rows(at::full({T, K}, 5.0f)),
               dy = with_strided_rows(at::full({T, K}, 5.0f)), dgate = at::full({T, 1}, 5.0f);
    ops::sigmoid_gate_(out, with_strided_rows(y), gate);
    ops::sigmoid_gate_backward_(dy, dgate, with_strided_rows(dout), with_strided_rows(y), gate);
    const std::vector<float> in = values<float>(y), g = values<float>(gate), d = values<float>(dout);
    std::vector<float> wanted, wanted_dy(in.size()), wanted_dgate;
    for (int64_t t = 0; t < T; ++t) {
      for (int64_t k = 0; k < K; ++k) wanted.push_back(reference::sigmoid(g[t]) * in[t * K + k]);
      wanted_dgate.push_back(reference::sigmoid_gate_backward(wanted_dy.data() + t * K, d.data() + t * K,
                                                              in.data() + t * K, g[t], K));
    }
    EXPECT_TRUE(same_bits(values<float>(out), wanted)) << T << " " << K;
    EXPECT_TRUE(same_bits(values<float>(dy), wanted_dy)) << T << " " << K;
    EXPECT_TRUE(same_bits(values<float>(dgate), wanted_dgate)) << T << " " << K;
  }
}

/// The formulas themselves, in float64: the truncation error of central differences is about 1e-9.
TEST(GatesGradient, IsThatOfFiniteDifferences) {
  const double h = 1e-5, alpha = 1.702, limit = 2.5;
  for (const double gate : {-9.0, -1.2, 0.3, 2.4, 2.6})
    for (const double up : {-2.6, -2.4, 0.1, 2.4, 3.0}) {
      const auto f = [&](double g, double u) { return reference::clamped_swiglu(g, u, alpha, limit); };
      const auto d = reference::clamped_swiglu_backward(1.0, gate, up, alpha, limit);
      EXPECT_NEAR(d.gate, (f(gate + h, up) - f(gate - h, up)) / (2 * h), 1e-8) << gate << " " << up;
      EXPECT_NEAR(d.up, (f(gate, up + h) - f(gate, up - h)) / (2 * h), 1e-8) << gate << " " << up;
    }
  const double y[3] = {0.3, -2, 1}, dout[3] = {1, 0.5, -0.2};
  double dy[3];
  const auto f = [&](double gate) {
    double sum = 0;
    for (int k = 0; k < 3; ++k) sum += dout[k] * y[k] * reference::sigmoid(gate);
    return sum;
  };
  EXPECT_NEAR(reference::sigmoid_gate_backward(dy, dout, y, 0.7, 3), (f(0.7 + h) - f(0.7 - h)) / (2 * h),
              1e-8);
}

}  // namespace
}  // namespace hone
