// The language-model head's scores and gradients equal their scalar definition bit for bit on every path, do
// not depend on the batch, and agree with float64 and finite differences. Sampling is tested in
// sampling_test.cpp.
#include "tests/reference/lm_head.h"

#include <ATen/core/Tensor.h>
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
using ops::TokenScores;

class LmHead : public OnEveryPath {};

struct Shape {
  int64_t T, V, K;
};

/// V around a lane, a panel and a block; more rows than are scored at once; several blocks; GPT-2's
/// vocabulary.
const std::vector<Shape> kShapes = {{0, 37, 8},  {1, 1, 1},    {5, 37, 24},    {33, 450, 16},
                                    {7, 513, 5}, {3, 1537, 9}, {600, 1100, 3}, {2, 50257, 6}};

Tensor random_targets(int64_t rows, int64_t vocab_size, uint32_t seed) {
  Tensor t = at::empty({rows}, at::kInt);
  std::mt19937 generator(seed);
  for (int64_t i = 0; i < rows; ++i) t.data_ptr<int32_t>()[i] = int32_t(generator() % uint32_t(vocab_size));
  return t;
}

/// What a call needs; logits have a spread of about 4.
struct Inputs {
  Tensor x, w, packed, targets;
  explicit Inputs(const Shape& s)
      : x(normal_tensor({s.T, s.K}, 1)),
        w(normal_tensor({s.V, s.K}, 2, 4.0f / std::sqrt(float(s.K)))),
        packed(ops::pack_weight(w)),
        targets(random_targets(s.T, s.V, 3)) {}
  TokenScores scores(double temperature) const {
    return ops::lm_head_logprobs(x, packed, w.size(0), targets, temperature);
  }
  std::vector<float> z(int64_t t, float scale) const {
    return reference::head_z(x.const_data_ptr<float>() + t * x.size(1), w.const_data_ptr<float>(), w.size(0),
                             w.size(1), scale);
  }
};

std::string name(const Shape& s) {
  return "T " + std::to_string(s.T) + " V " + std::to_string(s.V) + " K " + std::to_string(s.K);
}

struct Scores {
  std::vector<float> logprobs, entropy, lse;  // [T]
};

Scores scores_by_definition(const Inputs& in, double temperature) {
  Scores scores;
  for (int64_t t = 0; t < in.x.size(0); ++t) {
    const std::vector<float> z = in.z(t, 1.0f / float(temperature));
    const auto row = reference::score_row(z);
    scores.logprobs.push_back(z[size_t(in.targets.const_data_ptr<int32_t>()[t])] - row.lse);
    scores.entropy.push_back(row.entropy);
    scores.lse.push_back(row.lse);
  }
  return scores;
}

TEST_F(LmHead, ScoresEqualTheDefinition) {
  const std::vector<double> temperatures = {1.0, 0.6};
  const auto& expected = once([&] {
    std::vector<Scores> all;
    for (const Shape& s : kShapes)
      for (const double temperature : temperatures)
        all.push_back(scores_by_definition(Inputs(s), temperature));
    return all;
  });
  size_t next = 0;
  for (const Shape& s : kShapes)
    for (const double temperature : temperatures) {
      const TokenScores got = Inputs(s).scores(temperature);
      const Scores& wanted = expected[next++];
      EXPECT_TRUE(same_bits(values<float>(got.lse), wanted.lse)) << name(s);
      EXPECT_TRUE(same_bits(values<float>(got.logprobs), wanted.logprobs)) << name(s);
      EXPECT_TRUE(same_bits(values<float>(got.entropy), wanted.entropy)) << name(s);
    }
}

TEST_F(LmHead, ScoresAgreeWithFloat64) {
  for (const Shape& s : kShapes) {
    const Inputs in(s);
    const TokenScores got = in.scores(0.6);
    const auto wide = [](const Tensor& t) { return values<double>(t.to(at::kDouble)); };
    const std::vector<double> w = wide(in.w);
    for (int64_t t = 0; t < std::min<int64_t>(s.T, 4); ++t) {
      const std::vector<double> x = wide(in.x[t]),
                                z = reference::head_z(x.data(), w.data(), s.V, s.K, 1 / 0.6);
      const auto row = reference::score_row(z);
      double size = 1;  // of the largest sum of |x w| behind a logit
      for (int64_t v = 0; v < s.V; ++v) {
        double sum = 0;
        for (int64_t k = 0; k < s.K; ++k) sum += std::fabs(x[size_t(k)] * w[size_t(v * s.K + k)]);
        size = std::max(size, sum / 0.6);
      }
      // K roundings of the logit, one of the scale, and a handful behind the sum of exponentials
      const double bound = 0x1p-24 * (double(s.K) + 2) * size + 0x1p-24 * 64;
      EXPECT_NEAR(double(values<float>(got.lse)[size_t(t)]), row.lse, bound) << name(s);
      EXPECT_NEAR(double(values<float>(got.logprobs)[size_t(t)]),
                  z[size_t(values<int32_t>(in.targets)[size_t(t)])] - row.lse, 2 * bound);
      EXPECT_NEAR(double(values<float>(got.entropy)[size_t(t)]), row.entropy,
                  4 * bound * std::max(1.0, row.entropy));
    }
  }
}

TEST_F(LmHead, EntropyOfAUniformRowIsTheLogOfTheVocabulary) {
  Inputs in({2, 1000, 4});
  in.x.zero_();
  for (const float e : values<float>(in.scores(1.0).entropy)) EXPECT_NEAR(e, std::log(1000.0), 1e-5);
}

TEST_F(LmHead, ARowIsScoredAloneAsInABatch) {
  const Inputs in({530, 513, 7});
  const TokenScores whole = in.scores(0.9);
  const TokenScores reversed =
      ops::lm_head_logprobs(in.x.flip(0), in.packed, 513, in.targets.flip(0).contiguous(), 0.9);
  EXPECT_TRUE(same_bits(reversed.logprobs.flip(0), whole.logprobs));
  EXPECT_TRUE(same_bits(reversed.entropy.flip(0), whole.entropy));
  for (const int64_t t : {0, 31, 511, 512, 529}) {
    const TokenScores alone = ops::lm_head_logprobs(with_strided_rows(in.x.narrow(0, t, 1)), in.packed, 513,
                                                    in.targets.narrow(0, t, 1), 0.9);
    EXPECT_TRUE(same_bits(alone.logprobs, whole.logprobs.narrow(0, t, 1)));
    EXPECT_TRUE(same_bits(alone.lse, whole.lse.narrow(0, t, 1)));
  }
}

TEST_F(LmHead, AnotherOrderOfTheSumWouldBeSeen) {
  const Inputs in({20, 1537, 9});
  std::vector<float> ascending;
  for (int64_t t = 0; t < 20; ++t) {
    const std::vector<float> z = in.z(t, 1.0f);
    const float m = *std::max_element(z.begin(), z.end());
    float sum = 0;
    for (const float value : z) sum = sum + reference::exp(value - m);
    ascending.push_back(m + reference::log(sum));
  }
  EXPECT_FALSE(same_bits(values<float>(in.scores(1.0).lse), ascending));
}

TEST_F(LmHead, NanAndInfinityShowInTheScores) {
  Inputs in({3, 600, 4});
  in.x.data_ptr<float>()[4] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> logprobs = values<float>(in.scores(1.0).logprobs);
  EXPECT_TRUE(std::isfinite(logprobs[0]));
  EXPECT_TRUE(std::isnan(logprobs[1]));
  EXPECT_TRUE(std::isfinite(logprobs[2]));
}

// ---- gradient ----

/// d loss / d logprob with zeros among them.
Tensor sparse_gradient(int64_t rows, uint32_t seed) {
  Tensor d = normal_tensor({rows}, seed);
  for (int64_t t = 0; t < rows; t += 3) d.data_ptr<float>()[t] = 0;
  return d;
}

struct Gradients {
  Tensor dx, dw;
};

Gradients gradients(const Inputs& in, const Tensor& dlogprobs, double temperature, const Tensor& dw_start) {
  Gradients g{with_strided_rows(at::full(in.x.sizes(), 7.0f)), dw_start.clone()};
  ops::lm_head_backward_(g.dx, g.dw, dlogprobs, in.x, in.w, in.packed, in.targets, in.scores(temperature),
                         temperature);
  return g;
}

/// The two chains as loops; `lse` is part of what the gradient is given.
Gradients gradients_by_definition(const Inputs& in, const Tensor& dlogprobs, float temperature,
                                  const Tensor& lse, const Tensor& dw_start) {
  const int64_t V = in.w.size(0), K = in.w.size(1);
  const float scale = 1.0f / temperature;
  Gradients g{at::zeros(in.x.sizes()), dw_start.clone()};
  const float *w = in.w.const_data_ptr<float>(), *d = dlogprobs.const_data_ptr<float>();
  float* dw = g.dw.data_ptr<float>();
  for (int64_t t = 0; t < in.x.size(0); ++t) {
    if (d[t] == 0) continue;
    const float* x = in.x.const_data_ptr<float>() + t * K;
    float* dx = g.dx.data_ptr<float>() + t * K;
    const std::vector<float> dlogits = reference::head_gradient(
        in.z(t, scale), lse.const_data_ptr<float>()[t], in.targets.const_data_ptr<int32_t>()[t], d[t], scale);
    for (int64_t v = 0; v < V; ++v)
      for (int64_t k = 0; k < K; ++k) {
        dx[k] = std::fma(dlogits[size_t(v)], w[v * K + k], dx[k]);
        dw[v * K + k] = std::fma(dlogits[size_t(v)], x[k], dw[v * K + k]);
      }
  }
  return g;
}

TEST_F(LmHead, GradientEqualsTheDefinition) {
  const auto dlogprobs = [](const Shape& s, bool zeros) {
    return zeros ? sparse_gradient(s.T, 4) : normal_tensor({s.T}, 4);
  };
  const auto start = [](const Shape& s) { return normal_tensor({s.V, s.K}, 5); };
  const auto& expected = once([&] {
    std::vector<Gradients> all;
    for (const Shape& s : kShapes)
      for (const bool zeros : {false, true}) {
        const Inputs in(s);
        all.push_back(gradients_by_definition(in, dlogprobs(s, zeros), 0.7f, in.scores(0.7).lse, start(s)));
      }
    return all;
  });
  size_t next = 0;
  for (const Shape& s : kShapes)
    for (const bool zeros : {false, true}) {
      const Gradients got = gradients(Inputs(s), dlogprobs(s, zeros), 0.7, start(s)),
                      &wanted = expected[next++];
      EXPECT_TRUE(same_bits(got.dx, wanted.dx)) << name(s);
      EXPECT_TRUE(same_bits(got.dw, wanted.dw)) << name(s);
    }
}

TEST_F(LmHead, MicroBatchesAddUpToTheWholeBatch) {
  const Inputs in({700, 530, 2});
  const Tensor d = sparse_gradient(700, 6), start = normal_tensor({530, 2}, 7);
  const Gradients whole = gradients(in, d, 1.0, start);
  for (const std::vector<int64_t>& sizes : {std::vector<int64_t>{1, 699}, {512, 188}, {100, 100, 100, 400}}) {
    Tensor dw = start.clone(), dx = at::empty({700, 2});
    int64_t begin = 0;
    for (const int64_t n : sizes) {
      Inputs part = in;
      part.x = in.x.narrow(0, begin, n), part.targets = in.targets.narrow(0, begin, n);
      Tensor dx_part = dx.narrow(0, begin, n);
      ops::lm_head_backward_(dx_part, dw, d.narrow(0, begin, n), part.x, in.w, in.packed, part.targets,
                             part.scores(1.0), 1.0);
      begin += n;
    }
    EXPECT_TRUE(same_bits(dw, whole.dw));
    EXPECT_TRUE(same_bits(dx, whole.dx));
  }
}

TEST_F(LmHead, AnotherOrderOfTokensWouldBeSeen) {
  const Inputs in({64, 40, 5});
  Inputs reversed = in;
  reversed.x = in.x.flip(0), reversed.targets = in.targets.flip(0).contiguous();
  const Tensor d = normal_tensor({64}, 6), start = at::zeros({40, 5});
  const Gradients a = gradients(in, d, 1.0, start),
                  b = gradients(reversed, d.flip(0).contiguous(), 1.0, start);
  EXPECT_TRUE(same_bits(b.dx.flip(0), a.dx));
  EXPECT_FALSE(same_bits(b.dw, a.dw));
}

/// Sum over rows of d * logprob, in float64; entry `moved` of x (or of w) is shifted.
double loss(const Inputs& in, const Tensor& d, double temperature, bool shift_x, size_t moved, double shift) {
  std::vector<double> x = values<double>(in.x.to(at::kDouble)), w = values<double>(in.w.to(at::kDouble));
  (shift_x ? x : w)[moved] += shift;
  const int64_t V = in.w.size(0), K = in.w.size(1);
  double total = 0;
  for (int64_t t = 0; t < in.x.size(0); ++t) {
    const std::vector<double> z = reference::head_z(x.data() + t * K, w.data(), V, K, 1 / temperature);
    total += double(d.const_data_ptr<float>()[t]) *
             (z[size_t(in.targets.const_data_ptr<int32_t>()[t])] - reference::score_row(z).lse);
  }
  return total;
}

/// Largest distance of the gradients for `temperature` to difference quotients of the loss at temperature
/// 0.7.
double worst_gradient_error(double temperature) {
  const Inputs in({4, 23, 6});
  const Tensor d = sparse_gradient(4, 8);
  const Gradients got = gradients(in, d, temperature, at::zeros({23, 6}));
  double worst = 0;
  for (const bool of_x : {true, false}) {
    const std::vector<float> gradient = values<float>(of_x ? got.dx : got.dw);
    for (size_t i = 0; i < gradient.size(); ++i) {
      const double h = 1e-5;
      const double wanted = (loss(in, d, 0.7, of_x, i, h) - loss(in, d, 0.7, of_x, i, -h)) / (2 * h);
      worst = std::max(worst, std::fabs(double(gradient[i]) - wanted));
    }
  }
  return worst;
}

TEST_F(LmHead, GradientAgreesWithFiniteDifferences) {
  // Probabilities are good to about 2^-24 times the size of z (some 20) and a few more; sums over 23 terms of
  // size up to 10.
  EXPECT_LT(worst_gradient_error(0.7), 0x1p-24 * 40 * 23 * 10);
  EXPECT_GT(worst_gradient_error(0.71), 1e-3) << "a wrong temperature must show";
}

TEST_F(LmHead, RowsWithoutGradientGetZeroWhateverTheyHold) {
  Inputs in({5, 37, 4});
  const TokenScores scores = in.scores(1.0);
  Tensor d = at::zeros({5}), dx = at::full({5, 4}, 3.0f), dw = at::zeros({37, 4});
  in.x.data_ptr<float>()[0] = std::numeric_limits<float>::quiet_NaN();
  ops::lm_head_backward_(dx, dw, d, in.x, in.w, in.packed, in.targets, scores, 1.0);
  EXPECT_TRUE(same_bits(dx, at::zeros({5, 4})));
  EXPECT_TRUE(same_bits(dw, at::zeros({37, 4})));
}

TEST(LmHeadInput, BadArgumentsNameTheirValues) {
  const Inputs in({2, 37, 4});
  const auto message = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const c10::Error& error) {
      return error.what_without_backtrace();
    }
    return "";
  };
  const Tensor bad = at::full({2}, 37, at::kInt);
  EXPECT_NE(message([&] {
              ops::lm_head_logprobs(in.x, in.packed, 37, bad, 1.0);
            }).find("target 37 of row 0, expected 0 to 36"),
            std::string::npos);
  EXPECT_NE(message([&] { in.scores(0.0); }).find("temperature is 0"), std::string::npos);
  EXPECT_NE(message([&] { ops::lm_head_logprobs(in.x, in.packed, 65, in.targets, 1.0); }).find("of V 65"),
            std::string::npos);
}

}  // namespace
}  // namespace hone
