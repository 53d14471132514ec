// Policies whose matrices are multiplied in bfloat16 on tensor cores: sampler and trainer agree bit for bit, neither
// batches nor micro-batches show, an update reaches the sampler, and log-probabilities and gradients are float32's up
// to the rounding of the operands.
#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "cuda_ext/device.h"
#include "rl/trainer.h"
#include "rollout/engine.h"
#include "rollout/logprobs.h"
#include "tests/gpu/test_gpu.h"
#include "tests/model/small_models.h"

namespace hone {
namespace {

/// The greatest |difference| of log-probabilities from float32's, and of gradients relative to their norm. Operands
/// are rounded by up to 2^-9; small models have products of 48 terms and three layers.
constexpr double kLogprobBound = 0.15, kGradientBound = 0.1;

class GpuBf16 : public OnGpu<testing::TestWithParam<std::string>> {
 protected:
  Decoder policy(at::ScalarType products = at::kBFloat16) const {
    const Model model = small_model(GetParam());
    return Decoder(model.config, model.flat.to(gpu()), products);
  }
};

std::string no_text(std::span<const TokenId>) { return {}; }

std::vector<TokenId> some_ids(int first, int count) {
  std::vector<TokenId> out;
  for (int i = 0; i < count; ++i) out.push_back(TokenId((first + 13 * i) % 90 + 2));
  return out;
}
std::vector<SampleRequest> requests() {
  std::vector<SampleRequest> all(3);
  for (size_t i = 0; i < all.size(); ++i) {
    all[i].prompt = some_ids(int(i), 3 + 9 * int(i));
    all[i].keys = {11 * i + 1, 11 * i + 2};
    all[i].options.max_new_tokens = 6;
  }
  return all;
}
using Rollouts = std::vector<std::vector<Rollout>>;
Rollouts sampled(const Decoder& decoder, std::span<const SampleRequest> asked,
                 int64_t batched_tokens = 2048) {
  EngineOptions options;
  options.scheduler.max_batched_tokens = batched_tokens;
  return Engine(decoder, no_text, options).generate(asked);
}

/// A group of each request with its rollouts.
std::vector<TrainingGroup> groups_of(std::span<const SampleRequest> asked, const Rollouts& rollouts) {
  std::vector<TrainingGroup> groups;
  for (size_t p = 0; p < asked.size(); ++p) {
    groups.push_back({asked[p].prompt, {}});
    for (size_t g = 0; g < rollouts[p].size(); ++g)
      groups.back().samples.push_back({.ids = rollouts[p][g].ids,
                                       .sampler_logprobs = rollouts[p][g].logprobs,
                                       .weight = g ? -0.25 : 0.5});
  }
  return groups;
}
TokenLoss some_loss(const TrainingSample&, size_t token, double logprob) {
  TokenLoss l;
  l.value = -logprob, l.dlogprob = token == 1 ? 0.0 : -1.0;
  return l;
}

TEST_P(GpuBf16, TheTrainerHasTheSamplersBits) {
  const std::vector<SampleRequest> asked = requests();
  Trainer trainer(policy());
  for (int step = 0; step < 2; ++step) {  // the second time on the weights that the first has left
    const Rollouts rollouts = sampled(trainer.policy(), asked);
    const UpdateStats stats = trainer.update(groups_of(asked, rollouts), some_loss, {}, {}, 1e-2);
    EXPECT_EQ(stats.max_logprob_difference, 0);
    EXPECT_GT(stats.grad_norm, 0);
  }
}

TEST_P(GpuBf16, BatchesDoNotShow) {
  const std::vector<SampleRequest> asked = requests();
  const Decoder decoder = policy();
  const Rollouts together = sampled(decoder, asked), chunked = sampled(decoder, asked, 7);
  for (size_t p = 0; p < asked.size(); ++p) {
    const Rollouts alone = sampled(decoder, {&asked[p], 1});
    for (size_t g = 0; g < together[p].size(); ++g)
      for (const Rollout* other : {&chunked[p][g], &alone[0][g]}) {
        EXPECT_EQ(other->ids, together[p][g].ids);
        EXPECT_EQ(other->logprobs, together[p][g].logprobs);
      }
  }
}

TEST_P(GpuBf16, MicroBatchesDoNotShow) {
  const std::vector<SampleRequest> asked = requests();
  const Rollouts rollouts = sampled(policy(), asked);
  const auto updated = [&](int64_t tokens) {
    Trainer trainer(policy());
    trainer.update(groups_of(asked, rollouts), some_loss, {.micro_batch_tokens = tokens}, {}, 1e-2);
    return std::pair(trainer.policy().flat().cpu(), trainer.gradients().cpu());
  };
  const auto [whole, whole_gradients] = updated(16384);
  const auto [parts, parts_gradients] = updated(20);
  EXPECT_TRUE(at::equal(parts_gradients, whole_gradients));
  EXPECT_TRUE(at::equal(parts, whole));
}

TEST_P(GpuBf16, IsFloat32UpToTheRoundingOfOperands) {
  const std::vector<std::vector<TokenId>> sequences{some_ids(3, 30), some_ids(1, 5)};
  const auto got = sequence_logprobs(policy(), sequences),
             wanted = sequence_logprobs(policy(at::kFloat), sequences);
  double worst = 0;
  for (size_t s = 0; s < sequences.size(); ++s)
    for (size_t i = 1; i < sequences[s].size(); ++i)
      worst = std::max(worst, std::abs(double(got[s][i]) - double(wanted[s][i])));
  EXPECT_LT(worst, kLogprobBound);
  EXPECT_GT(worst, 0) << "nothing was rounded";

  const auto gradients = [&](at::ScalarType products) {
    Trainer trainer(policy(products));
    std::vector<TrainingGroup> groups{{some_ids(3, 18), {{.ids = some_ids(5, 7), .weight = 1}}}};
    trainer.update(groups, some_loss, {}, {}, 1e-2);
    return trainer.gradients().cpu();
  };
  const at::Tensor exact = gradients(at::kFloat), rounded = gradients(at::kBFloat16);
  const double error = (rounded - exact).norm().item<double>() / exact.norm().item<double>();
  EXPECT_LT(error, kGradientBound);
  EXPECT_GT(error, 0);
}

std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(Some, GpuBf16, testing::Values("qwen2", "qwen3_moe", "deepseek_v3", "gpt_oss"),
                         name_of);

TEST(Products, BfloatOnACpuIsRefused) {
  EXPECT_EQ(products_on(at::kCPU, "float32", "policy.dtype"), at::kFloat);
  try {
    products_on(at::kCPU, "bfloat16", "policy.dtype");
    FAIL() << "bfloat16 was taken on a CPU";
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(),
                 "policy.dtype: bfloat16 is computed on a GPU only, and this is the CPU; expected float32");
  }
}

}  // namespace
}  // namespace hone
