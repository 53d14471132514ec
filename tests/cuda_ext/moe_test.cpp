// Routing, dispatch and combination of experts equal their scalar definition bit for bit on every path;
// gradients against finite differences in float64; what the choice does with ties, groups, NaN and bad
// options.
#include "tests/reference/moe.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
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
using ops::ExpertDispatch;
using ops::RouterOptions;
using ops::Routing;

class Moe : public OnEveryPath {};

struct Case {
  int64_t tokens, experts;
  RouterOptions options;
};

/// Both forms, groups, E = 1, top_k = E, no tokens, one token, sizes around 16 lanes.
std::vector<Case> cases() {
  return {
      {33, 8, {.top_k = 2}},
      {1, 1, {.top_k = 1}},
      {0, 8, {.top_k = 2}},
      {7, 5, {.top_k = 5, .scale = 2.5}},
      {70, 37, {.top_k = 3, .normalize = false, .scale = 1.5}},
      {50, 64, {.top_k = 8, .num_groups = 8, .top_groups = 4, .scale = 2.5}},
      {50, 12, {.top_k = 4, .num_groups = 12, .top_groups = 4}},
      {33, 8, {.sigmoid = false, .top_k = 2}},
      {1, 1, {.sigmoid = false, .top_k = 1}},
      {9, 17, {.sigmoid = false, .top_k = 17}},
      {40, 128, {.sigmoid = false, .top_k = 8, .normalize = false}},
      {40,
       24,
       {.sigmoid = false, .top_k = 6, .num_groups = 8, .top_groups = 3, .normalize = false, .scale = 16}},
  };
}

std::string name(const Case& c) {
  return "T " + std::to_string(c.tokens) + " E " + std::to_string(c.experts);
}

/// Logits with ties: every value is a multiple of 1/4.
Tensor quarters(int64_t tokens, int64_t experts, uint32_t seed) {
  return normal_tensor({tokens, experts}, seed).mul(4).round().div(4);
}

std::vector<float> row(const Tensor& t, int64_t i) { return values<float>(t.select(0, i)); }

reference::TokenRouting<float> reference_routing(const Tensor& logits, const Tensor& bias, int64_t t,
                                                 const RouterOptions& o) {
  return reference::route(row(logits, t), bias.defined() ? values<float>(bias) : std::vector<float>{}, o);
}

TEST_F(Moe, RoutingEqualsTheDefinition) {
  for (const Case& c : cases())
    for (const bool with_bias : {false, true})
      for (const bool ties : {false, true}) {
        const Tensor logits =
            ties ? quarters(c.tokens, c.experts, 1) : normal_tensor({c.tokens, c.experts}, 1);
        const Tensor bias = with_bias ? normal_tensor({c.experts}, 2, 0.3f) : Tensor();
        const Routing r = ops::route(logits, bias, c.options);
        for (int64_t t = 0; t < c.tokens; ++t) {
          const auto expected = reference_routing(logits, bias, t, c.options);
          EXPECT_TRUE(same_bits(row(r.scores, t), expected.scores)) << name(c);
          EXPECT_EQ(values<int32_t>(r.experts[t]), expected.experts) << name(c) << " token " << t;
          EXPECT_TRUE(same_bits(row(r.weights, t), expected.weights)) << name(c);
        }
      }
}

TEST_F(Moe, RoutingGradientEqualsTheDefinition) {
  for (const Case& c : cases())
    for (const bool with_dscores : {false, true}) {
      const Tensor logits = normal_tensor({c.tokens, c.experts}, 3),
                   dweights = normal_tensor({c.tokens, c.options.top_k}, 4);
      const Tensor dscores = with_dscores ? normal_tensor({c.tokens, c.experts}, 5) : Tensor();
      Tensor dlogits = at::full({c.tokens, c.experts}, 9.0f);
      ops::route_backward_(dlogits, dweights, dscores, ops::route(logits, {}, c.options), c.options);
      for (int64_t t = 0; t < c.tokens; ++t)
        EXPECT_TRUE(same_bits(
            row(dlogits, t),
            reference::route_backward(row(dweights, t), with_dscores ? row(dscores, t) : std::vector<float>{},
                                      reference_routing(logits, {}, t, c.options), c.options)))
            << name(c);
    }
}

/// A loss linear in weights and scores, in float64, with the chosen experts fixed.
double routing_loss(const std::vector<double>& logits, const std::vector<int32_t>& experts,
                    const std::vector<float>& dweights, const std::vector<float>& dscores,
                    const RouterOptions& o) {
  const std::vector<double> scores = reference::router_scores(logits, o.sigmoid);
  const std::vector<double> weights = reference::expert_weights(scores, experts, o);
  double loss = 0;
  for (size_t i = 0; i < weights.size(); ++i) loss += weights[i] * double(dweights[i]);
  for (size_t e = 0; e < scores.size(); ++e) loss += scores[e] * double(dscores[e]);
  return loss;
}

TEST_F(Moe, RoutingGradientAgreesWithFiniteDifferences) {
  for (const Case& c : cases()) {
    const Tensor logits = normal_tensor({c.tokens, c.experts}, 6),
                 dweights = normal_tensor({c.tokens, c.options.top_k}, 7);
    const Tensor dscores = normal_tensor({c.tokens, c.experts}, 8);
    const Routing r = ops::route(logits, {}, c.options);
    Tensor dlogits = at::empty({c.tokens, c.experts});
    ops::route_backward_(dlogits, dweights, dscores, r, c.options);
    for (int64_t t = 0; t < std::min<int64_t>(c.tokens, 5); ++t) {
      const std::vector<float> x = row(logits, t);
      const auto loss_at = [&](size_t e, double shift) {
        std::vector<double> moved(x.begin(), x.end());
        moved[e] += shift;
        return routing_loss(moved, values<int32_t>(r.experts[t]), row(dweights, t), row(dscores, t),
                            c.options);
      };
      for (size_t e = 0; e < x.size(); ++e) {
        const double h = 1e-5, wanted = (loss_at(e, h) - loss_at(e, -h)) / (2 * h),
                     got = double(row(dlogits, t)[e]);
        // float32 rounding of a sum over at most E terms of size up to scale, and h^2 of the difference
        // quotient
        const double bound = 1e-7 * (8 + double(c.experts)) * std::max(1.0, c.options.scale) + 1e-8;
        EXPECT_NEAR(got, wanted, bound) << name(c) << " expert " << e;
      }
    }
  }
}

TEST_F(Moe, AWrongNormalisationGradientWouldBeSeen) {
  RouterOptions o{.top_k = 2};
  const Tensor logits = normal_tensor({1, 8}, 6), dweights = normal_tensor({1, 2}, 7),
               dscores = at::zeros({1, 8});
  const Routing r = ops::route(logits, {}, o);
  Tensor dlogits = at::empty({1, 8});
  RouterOptions wrong = o;
  wrong.normalize = false;  // as if the divisor were a constant
  ops::route_backward_(dlogits, dweights, {}, r, wrong);
  const std::vector<float> x = row(logits, 0);
  const size_t chosen = size_t(values<int32_t>(r.experts)[0]);
  const auto loss_at = [&](double shift) {
    std::vector<double> moved(x.begin(), x.end());
    moved[chosen] += shift;
    return routing_loss(moved, values<int32_t>(r.experts), row(dweights, 0), row(dscores, 0), o);
  };
  EXPECT_GT(std::fabs(double(row(dlogits, 0)[chosen]) - (loss_at(1e-5) - loss_at(-1e-5)) / 2e-5), 1e-3);
}

TEST_F(Moe, ATokenRoutesAloneAsInABatch) {
  const RouterOptions o{.top_k = 4, .num_groups = 4, .top_groups = 2};
  const Tensor logits = normal_tensor({300, 16}, 9), bias = normal_tensor({16}, 10, 0.1f);
  const Routing whole = ops::route(logits, bias, o),
                reversed = ops::route(logits.flip(0).contiguous(), bias, o);
  EXPECT_TRUE(same_bits(reversed.weights.flip(0), whole.weights));
  for (const int64_t t : {0, 17, 299}) {
    const Routing alone = ops::route(logits.narrow(0, t, 1).contiguous(), bias, o);
    EXPECT_TRUE(same_bits(alone.scores, whole.scores.narrow(0, t, 1)));
    EXPECT_TRUE(same_bits(alone.weights, whole.weights.narrow(0, t, 1)));
    EXPECT_EQ(values<int32_t>(alone.experts), values<int32_t>(whole.experts[t]));
  }
}

TEST_F(Moe, TiesGoToTheLowerIdAndBiasMovesOnlyTheChoice) {
  const Routing ties = ops::route(at::zeros({1, 8}), {}, {.top_k = 3});
  EXPECT_EQ(values<int32_t>(ties.experts), (std::vector<int32_t>{0, 1, 2}));
  const Tensor bias = at::tensor({0.0f, 0.0f, 0.0f, 0.0f, 0.0f, 1.0f, 0.0f, 2.0f});
  const Routing biased = ops::route(at::zeros({1, 8}), bias, {.top_k = 3});
  EXPECT_EQ(values<int32_t>(biased.experts), (std::vector<int32_t>{0, 5, 7}));
  EXPECT_TRUE(same_bits(biased.weights, ties.weights));
  // Groups of two: sums 0.9 + 0.1, 0.6 + 0.6, so the second group wins although the best expert is in the
  // first.
  const auto logit = [](double p) { return float(std::log(p / (1 - p))); };
  const Tensor grouped = at::tensor({logit(0.9), logit(0.1), logit(0.6), logit(0.6)}).unsqueeze(0);
  EXPECT_EQ(values<int32_t>(ops::route(grouped, {}, {.top_k = 2, .num_groups = 2, .top_groups = 1}).experts),
            (std::vector<int32_t>{2, 3}));
  EXPECT_EQ(
      values<int32_t>(
          ops::route(grouped, {}, {.sigmoid = false, .top_k = 2, .num_groups = 2, .top_groups = 1}).experts),
      (std::vector<int32_t>{0, 1}));
}

TEST_F(Moe, AClosedGroupStaysClosedWhenItsRivalsAreNegative) {
  // All corrected choices of the kept group are below 0: a mask of zeros instead of -infinity would let the
  // others in.
  const Tensor bias = at::tensor({-2.0f, -2.0f, -3.0f, -3.0f});
  const Routing r = ops::route(at::zeros({1, 4}), bias, {.top_k = 2, .num_groups = 2, .top_groups = 1});
  EXPECT_EQ(values<int32_t>(r.experts), (std::vector<int32_t>{0, 1}));
}

TEST_F(Moe, NanLogitsGiveValidExpertsAndNanWeights) {
  const Tensor logits = at::full({3, 8}, std::numeric_limits<float>::quiet_NaN());
  for (const bool sigmoid : {false, true}) {
    const Routing r =
        ops::route(logits, {}, {.sigmoid = sigmoid, .top_k = 3, .num_groups = 2, .top_groups = 1});
    EXPECT_EQ(values<int32_t>(r.experts[0]), (std::vector<int32_t>{0, 1, 2}));
    EXPECT_TRUE(std::isnan(values<float>(r.weights)[0]));
  }
}

TEST_F(Moe, DispatchIsAStableSort) {
  for (const Case& c : cases()) {
    const Routing r = ops::route(normal_tensor({c.tokens, c.experts}, 11), {}, c.options);
    const ExpertDispatch d = ops::dispatch_experts(r.experts, c.experts);
    const std::vector<int32_t> experts = values<int32_t>(r.experts), order = values<int32_t>(d.order);
    const std::vector<int32_t> inverse = values<int32_t>(d.inverse);
    std::vector<int32_t> expected(experts.size());
    for (size_t i = 0; i < expected.size(); ++i) expected[i] = int32_t(i);
    std::stable_sort(expected.begin(), expected.end(),
                     [&](int a, int b) { return experts[size_t(a)] < experts[size_t(b)]; });
    EXPECT_EQ(order, expected);
    std::vector<int64_t> offsets(size_t(c.experts) + 1, 0);
    for (const int32_t e : experts)
      for (size_t later = size_t(e) + 1; later < offsets.size(); ++later) ++offsets[later];
    EXPECT_EQ(values<int64_t>(d.offsets), offsets);
    for (size_t i = 0; i < order.size(); ++i) EXPECT_EQ(inverse[size_t(order[i])], int32_t(i));
  }
}

/// Tokens sorted by expert, with widths around 16 lanes.
struct Sorted {
  Routing routing;
  ExpertDispatch dispatch;
};
Sorted sorted(int64_t tokens, int64_t experts, int64_t top_k) {
  Sorted s{ops::route(normal_tensor({tokens, experts}, 12), {}, {.top_k = top_k}), {}};
  s.dispatch = ops::dispatch_experts(s.routing.experts, experts);
  return s;
}

TEST_F(Moe, GatherAndItsGradientFollowTheOrder) {
  for (const int64_t width : {1, 15, 16, 37}) {
    const Sorted s = sorted(41, 8, 3);
    const Tensor x = normal_tensor({41, width}, 13), dy = normal_tensor({123, width}, 14),
                 start = normal_tensor({41, width}, 15);
    Tensor out = with_strided_rows(at::zeros({123, width})), dx = with_strided_rows(start);
    ops::gather_rows_(out, with_strided_rows(x), s.dispatch);
    ops::gather_rows_backward_(dx, with_strided_rows(dy), s.dispatch);
    const std::vector<int32_t> order = values<int32_t>(s.dispatch.order),
                               inverse = values<int32_t>(s.dispatch.inverse);
    for (int64_t i = 0; i < 123; ++i) EXPECT_TRUE(same_bits(row(out, i), row(x, order[size_t(i)] / 3)));
    for (int64_t t = 0; t < 41; ++t) {
      std::vector<float> expected = row(start, t);
      for (size_t slot = 0; slot < 3; ++slot)
        for (size_t k = 0; k < expected.size(); ++k)
          expected[k] = expected[k] + row(dy, inverse[size_t(t) * 3 + slot])[k];
      EXPECT_TRUE(same_bits(row(dx, t), expected));
    }
  }
}

TEST_F(Moe, CombineEqualsTheDefinition) {
  for (const int64_t width : {1, 16, 37})
    for (const bool with_shared : {false, true}) {
      const Sorted s = sorted(41, 8, 3);
      const Tensor y = normal_tensor({123, width}, 16),
                   shared = with_shared ? normal_tensor({41, width}, 17) : Tensor();
      Tensor out = with_strided_rows(at::full({41, width}, 3.0f));
      ops::combine_experts_(out, with_strided_rows(y), s.routing.weights, s.dispatch,
                            with_shared ? with_strided_rows(shared) : shared);
      const std::vector<int32_t> inverse = values<int32_t>(s.dispatch.inverse);
      for (int64_t t = 0; t < 41; ++t) {
        std::vector<const float*> rows;
        for (int64_t slot = 0; slot < 3; ++slot)
          rows.push_back(y.const_data_ptr<float>() + inverse[size_t(t * 3 + slot)] * width);
        std::vector<float> expected(size_t(width), 0.0f);
        reference::combine(expected.data(), rows, row(s.routing.weights, t),
                           with_shared ? shared.const_data_ptr<float>() + t * width : nullptr, width);
        EXPECT_TRUE(same_bits(row(out, t), expected));
      }
    }
}

TEST_F(Moe, CombineGradientEqualsTheDefinitionAlsoInPlace) {
  for (const int64_t width : {1, 16, 37, 200})
    for (const bool in_place : {false, true}) {
      const Sorted s = sorted(41, 8, 3);
      const Tensor y = normal_tensor({123, width}, 18), dout = normal_tensor({41, width}, 19);
      Tensor dy = in_place ? y.clone() : at::full({123, width}, 5.0f), dweights = at::full({41, 3}, 5.0f);
      ops::combine_experts_backward_(dy, dweights, with_strided_rows(dout), in_place ? dy : y,
                                     s.routing.weights, s.dispatch);
      const std::vector<int32_t> inverse = values<int32_t>(s.dispatch.inverse);
      const std::vector<float> weights = values<float>(s.routing.weights);
      for (int64_t i = 0; i < 123; ++i) {
        std::vector<float> expected = row(dout, i / 3);
        EXPECT_EQ(
            values<float>(dweights)[size_t(i)],
            reference::dot(expected.data(), y.const_data_ptr<float>() + inverse[size_t(i)] * width, width));
        for (float& value : expected) value = weights[size_t(i)] * value;
        EXPECT_TRUE(same_bits(row(dy, inverse[size_t(i)]), expected));
      }
    }
}

TEST_F(Moe, CombineGradientAgreesWithTheDerivativeInFloat64) {
  // out is linear in y and in the weights: the derivatives are the products themselves.
  const int64_t width = 37;
  const Sorted s = sorted(4, 8, 2);
  const Tensor y = normal_tensor({8, width}, 20), dout = normal_tensor({4, width}, 21);
  Tensor dy = at::empty({8, width}), dweights = at::empty({4, 2});
  ops::combine_experts_backward_(dy, dweights, dout, y, s.routing.weights, s.dispatch);
  const std::vector<int32_t> inverse = values<int32_t>(s.dispatch.inverse);
  for (int64_t i = 0; i < 8; ++i) {
    double wanted = 0;
    for (int64_t k = 0; k < width; ++k)
      wanted += double(row(dout, i / 2)[size_t(k)]) * double(row(y, inverse[size_t(i)])[size_t(k)]);
    EXPECT_NEAR(double(values<float>(dweights)[size_t(i)]), wanted, 6e-8 * 8 * double(width));
    EXPECT_NEAR(double(row(dy, inverse[size_t(i)])[3]),
                double(values<float>(s.routing.weights)[size_t(i)]) * double(row(dout, i / 2)[3]), 1e-6);
  }
}

TEST_F(Moe, AnotherOrderOfExpertsWouldBeSeen) {
  const Sorted s = sorted(64, 8, 4);
  const Tensor y = normal_tensor({256, 37}, 22);
  Tensor out = at::empty({64, 37});
  ops::combine_experts_(out, y, s.routing.weights, s.dispatch, {});
  std::vector<float> expected, descending;
  const std::vector<int32_t> inverse = values<int32_t>(s.dispatch.inverse);
  for (int64_t t = 0; t < 64; ++t)
    for (int64_t k = 0; k < 37; ++k) {
      float sum = 0;
      for (int64_t slot = 3; slot >= 0; --slot)
        sum = std::fma(row(s.routing.weights, t)[size_t(slot)],
                       row(y, inverse[size_t(t * 4 + slot)])[size_t(k)], sum);
      descending.push_back(sum);
    }
  EXPECT_FALSE(same_bits(values<float>(out), descending));
}

TEST(MoeInput, ImpossibleOptionsNameTheirValues) {
  const auto message = [](const RouterOptions& o, int64_t experts) -> std::string {
    try {
      ops::route(at::zeros({2, experts}), {}, o);
    } catch (const c10::Error& error) {
      return error.what_without_backtrace();
    }
    return "";
  };
  EXPECT_NE(message({.top_k = 9}, 8).find("top_k is 9, expected 1 to 8"), std::string::npos);
  EXPECT_NE(message({.top_k = 3, .num_groups = 4, .top_groups = 1}, 8).find("top_k is 3, expected 1 to 2"),
            std::string::npos);
  EXPECT_NE(message({.num_groups = 3}, 8).find("num_groups is 3"), std::string::npos);
  EXPECT_NE(message({.num_groups = 4, .top_groups = 5}, 8).find("top_groups is 5"), std::string::npos);
  EXPECT_NE(message({}, 2000).find("2000 experts"), std::string::npos);
  EXPECT_THROW(ops::dispatch_experts(at::full({1, 1}, 8, at::kInt), 8), c10::Error);
  EXPECT_THROW(ops::route(at::zeros({2, 8}), at::zeros({7}), {}), c10::Error);
}

}  // namespace
}  // namespace hone
