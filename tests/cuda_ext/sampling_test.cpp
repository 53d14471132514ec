// Sampling from the language-model head: bits of the definition on every path, the trainer's
// log-probabilities, frequencies of the softmax, filters by hand-made examples, and draws that depend on
// nothing but their key and position.
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

#include "cuda_ext/cpu/lm_head.h"
#include "cuda_ext/ops.h"
#include "tests/cuda_ext/paths.h"
#include "tests/reference/lm_head.h"

namespace hone {
namespace {

using at::Tensor;
using ops::RowSampling;
using ops::Sampled;

class Sampling : public OnEveryPath {};

/// Rows whose logits are given: x = 1, w = the logits, K = 1.
struct GivenLogits {
  Tensor packed;
  int64_t vocab_size;
  explicit GivenLogits(const std::vector<float>& logits)
      : packed(ops::pack_weight(at::tensor(logits).unsqueeze(1))), vocab_size(int64_t(logits.size())) {}
  Sampled sample(const std::vector<RowSampling>& rows) const {
    return ops::lm_head_sample(at::full({int64_t(rows.size()), 1}, 1.0f), packed, vocab_size, rows.data());
  }
};

/// Options that differ from row to row: plain, greedy, cold, hot, and every filter alone and together.
RowSampling options_of_row(int64_t t) {
  RowSampling o{.key = mix(99, uint64_t(t)), .position = uint32_t(7 + t)};
  switch (t % 8) {
    case 1:
      o.temperature = 0;
      break;
    case 2:
      o.temperature = 0.6f;
      break;
    case 3:
      o.top_k = 5;
      break;
    case 4:
      o.top_p = 0.8f;
      break;
    case 5:
      o.min_p = 0.2f;
      break;
    case 6:
      o.temperature = 1.3f, o.top_k = 40, o.top_p = 0.95f, o.min_p = 0.01f;
      break;
    case 7:
      o.temperature = 0, o.top_k = 3, o.top_p = 0.5f;
      break;
    default:
      break;
  }
  return o;
}

std::vector<RowSampling> options_of_rows(int64_t rows) {
  std::vector<RowSampling> options;
  for (int64_t t = 0; t < rows; ++t) options.push_back(options_of_row(t));
  return options;
}

/// Logits [T, V] = x w^T with ties in them: w repeats itself.
struct Inputs {
  Tensor x, w, packed;
  Inputs(int64_t T, int64_t V, int64_t K)
      : x(normal_tensor({T, K}, 1)), w(normal_tensor({V, K}, 2, 3.0f / std::sqrt(float(K)))) {
    for (int64_t v = 7; v < V; v += 7) w[v].copy_(w[v - 7]);
    packed = ops::pack_weight(w);
  }
  std::vector<float> logits(int64_t t) const {
    return reference::head_z(x.const_data_ptr<float>() + t * x.size(1), w.const_data_ptr<float>(), w.size(0),
                             w.size(1), 1.0f);
  }
  Sampled sample(const std::vector<RowSampling>& rows) const {
    return ops::lm_head_sample(x, packed, w.size(0), rows.data());
  }
};

/// Rows, vocabulary, width: around a lane, a panel and a block; more rows than are drawn at once; GPT-2's
/// vocabulary.
const std::vector<std::tuple<int64_t, int64_t, int64_t>> kShapes = {
    {0, 37, 3},   {8, 1, 2},     {40, 37, 3},   {24, 450, 8},
    {16, 513, 2}, {16, 1600, 4}, {530, 600, 2}, {8, 50257, 3}};

std::vector<std::vector<reference::RowSample>> samples_by_definition() {
  std::vector<std::vector<reference::RowSample>> by_shape;
  for (const auto& [T, V, K] : kShapes) {
    const Inputs in(T, V, K);
    auto& samples = by_shape.emplace_back();
    for (int64_t t = 0; t < T; ++t) samples.push_back(reference::sample_row(in.logits(t), options_of_row(t)));
  }
  return by_shape;
}

TEST_F(Sampling, EqualsTheDefinition) {
  const auto& by_shape = once(samples_by_definition);
  for (size_t i = 0; i < kShapes.size(); ++i) {
    const auto& [T, V, K] = kShapes[i];
    const Sampled got = Inputs(T, V, K).sample(options_of_rows(T));
    const std::vector<int32_t> ids = values<int32_t>(got.ids);
    const std::vector<float> logprobs = values<float>(got.logprobs);
    for (size_t t = 0; t < size_t(T); ++t) {
      EXPECT_EQ(ids[t], by_shape[i][t].id) << "V " << V << " row " << t;
      EXPECT_TRUE(same_bits({logprobs[t]}, {by_shape[i][t].logprob})) << "V " << V << " row " << t;
    }
  }
}

TEST_F(Sampling, NoiseIsPhiloxByKeyPositionAndId) {
  for (const uint64_t key : {uint64_t{0}, ~uint64_t{0}, mix(3, 4)}) {
    const RowSampling o{.key = key, .position = 0xFFFFFFFFu - uint32_t(key & 7)};
    cpu::HeadDraw draw{.key_lo = key_of(key).lo, .key_hi = key_of(key).hi, .position = o.position};
    std::vector<float> noise(1000), expected;
    for (const int64_t first : {int64_t{0}, int64_t{512}, int64_t{151552}}) {
      cpu::dispatch([&](auto isa) { cpu::gumbel_values<isa>(noise.data(), draw, first, 1000); });
      expected.clear();
      for (int64_t i = 0; i < 1000; ++i) expected.push_back(reference::gumbel(o, first + i));
      EXPECT_TRUE(same_bits(noise, expected));
    }
  }
}

TEST_F(Sampling, LogprobsAreTheTrainersBits) {
  const Inputs in(50, 700, 5);
  for (const float temperature : {1.0f, 0.6f, 1.7f}) {
    std::vector<RowSampling> rows(50);
    for (size_t t = 0; t < rows.size(); ++t) rows[t] = {.key = t, .position = 3, .temperature = temperature};
    const Sampled got = in.sample(rows);
    EXPECT_TRUE(same_bits(
        got.logprobs, ops::lm_head_logprobs(in.x, in.packed, 700, got.ids, double(temperature)).logprobs));
  }
}

TEST_F(Sampling, ARowIsDrawnAloneAsInABatch) {
  const Inputs in(530, 600, 4);
  const std::vector<RowSampling> rows = options_of_rows(530);
  const Sampled whole = in.sample(rows);
  for (const int64_t t : {0, 1, 2, 3, 4, 5, 6, 7, 511, 512, 526}) {
    const Sampled alone = ops::lm_head_sample(in.x.narrow(0, t, 1), in.packed, 600, &rows[size_t(t)]);
    EXPECT_EQ(values<int32_t>(alone.ids)[0], values<int32_t>(whole.ids)[size_t(t)]) << t;
    EXPECT_TRUE(same_bits(alone.logprobs, whole.logprobs.narrow(0, t, 1))) << t;
  }
  const Sampled reversed = ops::lm_head_sample(in.x.flip(0), in.packed, 600,
                                               std::vector<RowSampling>(rows.rbegin(), rows.rend()).data());
  EXPECT_TRUE(same_bits(reversed.logprobs.flip(0), whole.logprobs));
}

TEST_F(Sampling, KeyAndPositionChangeTheDraw) {
  const GivenLogits flat(std::vector<float>(5000, 0.0f));
  const std::vector<int32_t> ids =
      values<int32_t>(flat.sample({{.key = 1, .position = 1},
                                   {.key = 1, .position = 1},
                                   {.key = 1, .position = 2},
                                   {.key = 2, .position = 1},
                                   {.key = uint64_t{1} << 32 | 1, .position = 1}})
                          .ids);
  EXPECT_EQ(ids[0], ids[1]);
  for (size_t i = 2; i < 5; ++i) EXPECT_NE(ids[0], ids[i]) << i;
}

/// Chi-square of 20,000 draws (keys and positions all different) against probabilities; those of 0 must not
/// be drawn.
double chi_square(const std::vector<float>& logits, const RowSampling& o,
                  const std::vector<double>& probabilities) {
  const GivenLogits given(logits);
  std::vector<RowSampling> rows(20000, o);
  for (size_t t = 0; t < rows.size(); ++t)
    rows[t].key = mix(5, t / 100), rows[t].position = uint32_t(t % 100);
  std::vector<double> count(logits.size(), 0);
  for (const int32_t id : values<int32_t>(given.sample(rows).ids)) ++count[size_t(id)];
  double chi = 0;
  for (size_t v = 0; v < count.size(); ++v) {
    const double expected = probabilities[v] * double(rows.size());
    if (expected == 0 && count[v] > 0) return INFINITY;
    if (expected > 0) chi += (count[v] - expected) * (count[v] - expected) / expected;
  }
  return chi;
}

std::vector<double> softmax(const std::vector<float>& logits, double temperature) {
  std::vector<double> p;
  double sum = 0;
  for (const float z : logits) sum += p.emplace_back(std::exp(double(z) / temperature));
  for (double& value : p) value /= sum;
  return p;
}

TEST(SamplingFrequencies, AreThoseOfTheSoftmax) {
  const std::vector<float> logits = values<float>(normal_tensor({20}, 11));
  const double limit = 43.82;  // 0.999 quantile of chi-square with 19 degrees of freedom
  EXPECT_LT(chi_square(logits, {}, softmax(logits, 1.0)), limit);
  EXPECT_LT(chi_square(logits, {.temperature = 0.7f}, softmax(logits, 0.7)), limit);
  EXPECT_GT(chi_square(logits, {.temperature = 0.9f}, softmax(logits, 1.0)), limit)
      << "another distribution must show";
}

TEST(SamplingFrequencies, UnderFiltersAreRenormalised) {
  // Probabilities 0.4, 0.3, 0.2, 0.1 in an order that is not sorted.
  const std::vector<double> p = {0.1, 0.4, 0.2, 0.3};
  std::vector<float> logits;
  for (const double value : p) logits.push_back(float(std::log(value)));
  const double limit = 16.27;  // 0.999 quantile, 3 degrees of freedom
  EXPECT_LT(chi_square(logits, {.top_k = 2}, {0, 4.0 / 7, 0, 3.0 / 7}), limit);
  EXPECT_LT(chi_square(logits, {.top_p = 0.85f}, {0, 4.0 / 9, 2.0 / 9, 3.0 / 9}), limit);
  EXPECT_LT(chi_square(logits, {.min_p = 0.4f}, {0, 4.0 / 9, 2.0 / 9, 3.0 / 9}), limit);
}

/// The ids that a filter keeps of logits.
std::vector<int32_t> kept(std::vector<float> z, const cpu::HeadFilter& filter) {
  cpu::filter_row(z.data(), int64_t(z.size()), filter);
  std::vector<int32_t> ids;
  for (size_t v = 0; v < z.size(); ++v)
    if (z[v] > -INFINITY) ids.push_back(int32_t(v));
  return ids;
}

TEST_F(Sampling, FiltersKeepWhatTheyShould) {
  const float a = std::log(0.4f), b = std::log(0.3f), c = std::log(0.2f), d = std::log(0.1f);
  using Ids = std::vector<int32_t>;
  const std::vector<float> z = {d, a, c, b};
  EXPECT_EQ(kept(z, {.top_k = 1}), (Ids{1}));
  EXPECT_EQ(kept(z, {.top_k = 3}), (Ids{1, 2, 3}));
  EXPECT_EQ(kept(z, {.top_p = 0.39f}), (Ids{1}));
  EXPECT_EQ(kept(z, {.top_p = 0.41f}), (Ids{1, 3}));
  EXPECT_EQ(kept(z, {.top_p = 0.71f}), (Ids{1, 2, 3}));
  EXPECT_EQ(kept(z, {.top_p = 1e-9f}), (Ids{1})) << "at least one stays";
  EXPECT_EQ(kept(z, {.min_p = 1.0f}), (Ids{1})) << "at least one stays";
  EXPECT_EQ(kept(z, {.min_p = 0.49f}), (Ids{1, 2, 3}));
  // Over the two that top_k keeps, 4/7 and 3/7, the first alone reaches 0.57; over all four it would not.
  EXPECT_EQ(kept(z, {.top_k = 2, .top_p = 0.57f}), (Ids{1}));
  EXPECT_EQ(kept(z, {.top_p = 0.57f}), (Ids{1, 3}));
  // Ties go to the lower id.
  EXPECT_EQ(kept({0, 0, 0, 0}, {.top_k = 2}), (Ids{0, 1}));
  EXPECT_EQ(kept({0, 0, 0, 0}, {.top_p = 0.6f}), (Ids{0, 1, 2}));
  EXPECT_EQ(kept({0, 0, 0, 0}, {.top_p = 0.5f}), (Ids{0, 1})) << "a prefix that just reaches top_p is enough";
  EXPECT_EQ(kept({0, 0, 0, 0}, {.min_p = 1.0f}), (Ids{0, 1, 2, 3}));
}

TEST_F(Sampling, ANucleusOfHundredsIsThatOfAFullSort) {
  const std::vector<float> z = values<float>(normal_tensor({3000}, 12));
  for (const float top_p : {0.3f, 0.9f, 0.999f}) {
    const std::vector<float> expected = reference::filter_row(z, {.top_p = top_p});
    std::vector<float> got = z;
    cpu::filter_row(got.data(), 3000, {.top_p = top_p});
    EXPECT_TRUE(same_bits(got, expected)) << top_p;
  }
}

TEST_F(Sampling, GreedyTakesTheLowestOfTheBestWithItsPlainLogprob) {
  std::vector<float> logits(1200, 0.0f);
  logits[37] = logits[38] = logits[53] = logits[1100] = 2.0f;  // beside it, 16 on, in a later block
  const Sampled got = GivenLogits(logits).sample({{.temperature = 0}, {.temperature = 0, .top_k = 1}});
  EXPECT_EQ(values<int32_t>(got.ids), (std::vector<int32_t>{37, 37}));
  const double wanted = 2 - std::log(1196 + 4 * std::exp(2.0));
  for (const float logprob : values<float>(got.logprobs)) EXPECT_NEAR(logprob, wanted, 1e-5);
}

TEST_F(Sampling, OneTokenLeftHasLogprobZero) {
  const Sampled got =
      GivenLogits({0.0f, 3.0f, 1.0f}).sample({{.top_k = 1}, {.top_p = 0.1f}, {.min_p = 1.0f}});
  EXPECT_EQ(values<int32_t>(got.ids), (std::vector<int32_t>{1, 1, 1}));
  EXPECT_TRUE(same_bits(values<float>(got.logprobs), {0.0f, 0.0f, 0.0f}));
}

TEST_F(Sampling, AFilterThatKeepsAllChangesNoBit) {
  const Inputs in(20, 600, 4);
  std::vector<RowSampling> plain(20), filtered(20);
  for (size_t t = 0; t < 20; ++t) {
    plain[t] = {.key = t, .temperature = 0.9f};
    filtered[t] = plain[t];
    filtered[t].min_p = 1e-30f;
  }
  const Sampled a = in.sample(plain), b = in.sample(filtered);
  EXPECT_EQ(values<int32_t>(a.ids), values<int32_t>(b.ids));
  EXPECT_TRUE(same_bits(a.logprobs, b.logprobs));
}

TEST_F(Sampling, AnInfiniteLogitIsDrawnWithANanLogprob) {
  const float infinity = std::numeric_limits<float>::infinity();
  const Sampled got =
      GivenLogits({0.0f, infinity, 1.0f}).sample({{}, {.temperature = 0}, {.top_k = 2}, {.top_p = 0.5f}});
  for (const int32_t id : values<int32_t>(got.ids)) EXPECT_EQ(id, 1);
  for (const float logprob : values<float>(got.logprobs)) EXPECT_TRUE(std::isnan(logprob));
}

TEST_F(Sampling, ANanRowGivesAValidIdAndANanLogprob) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Sampled got =
      GivenLogits({nan, nan, nan}).sample({{}, {.temperature = 0}, {.top_k = 2}, {.top_p = 0.5f}});
  for (const int32_t id : values<int32_t>(got.ids)) EXPECT_EQ(id, 0);
  for (const float logprob : values<float>(got.logprobs)) EXPECT_TRUE(std::isnan(logprob));
}

TEST(SamplingInput, BadOptionsNameTheirRow) {
  const auto message = [](const RowSampling& second) -> std::string {
    try {
      GivenLogits({0.0f, 1.0f}).sample({{}, second});
    } catch (const c10::Error& error) {
      return error.what_without_backtrace();
    }
    return "";
  };
  EXPECT_NE(message({.temperature = -1}).find("temperature of row 1 is -1"), std::string::npos);
  EXPECT_NE(message({.top_k = -2}).find("top_k of row 1 is -2"), std::string::npos);
  EXPECT_NE(message({.top_p = 0}).find("top_p of row 1 is 0"), std::string::npos);
  EXPECT_NE(message({.min_p = 2}).find("min_p of row 1 is 2"), std::string::npos);
}

}  // namespace
}  // namespace hone
