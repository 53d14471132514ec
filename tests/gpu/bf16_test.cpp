// Policies whose matrices are multiplied in bfloat16 on tensor cores: sampler and trainer agree bit for bit, neither
// batches nor micro-batches show, an update reaches the sampler, and log-probabilities and gradients are float32's up
// to the rounding of the operands.
#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <iostream>

#include "core/error.h"
#include "cuda_ext/device.h"
#include "rl/trainer.h"
#include "rollout/engine.h"
#include "rollout/logprobs.h"
#include "tests/gpu/test_gpu.h"
#include "tests/model/small_models.h"

namespace hone {
namespace {

/// Differences from float32 may be so many times those that rounding the weights alone to bfloat16 makes in float32:
/// operands of every product are rounded as well, forward and backward.
constexpr double kTimesRoundedWeights = 2;

class GpuBf16 : public OnGpu<testing::TestWithParam<std::string>> {
 protected:
  Decoder policy() const {
    const Model model = small_model(GetParam());
    return Decoder(model.config, model.flat.to(gpu()), at::kBFloat16);
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
  const auto updated = [&](int64_t tokens, bool checkpointing) {
    Trainer trainer(policy());
    trainer.update(groups_of(asked, rollouts), some_loss,
                   {.micro_batch_tokens = tokens, .gradient_checkpointing = checkpointing}, {}, 1e-2);
    return std::pair(trainer.policy().flat().cpu(), trainer.gradients().cpu());
  };
  const auto [whole, whole_gradients] = updated(16384, false);
  const auto [parts, parts_gradients] = updated(20, true);
  EXPECT_TRUE(at::equal(parts_gradients, whole_gradients));
  EXPECT_TRUE(at::equal(parts, whole));
}

/// Every expert is chosen: a router's scores lie close to each other now and then, and then rounding decides who is.
Model model_without_choices(const std::string& architecture) {
  Json config = Json::parse(small_config(architecture));
  for (const char* experts : {"num_experts", "n_routed_experts", "num_local_experts"})
    if (config.contains(experts)) config["num_experts_per_tok"] = config[experts];
  if (config.contains("n_group")) config["topk_group"] = config["n_group"];
  return create_model(parse_document("small", config.dump()), "", 1);
}

/// Log-probabilities of some texts, and gradients of one.
struct Results {
  std::vector<float> logprobs, gradients;
};
Results results_of(const std::function<Decoder()>& policy) {
  const std::vector<std::vector<TokenId>> sequences{some_ids(3, 30), some_ids(1, 5)};
  Results r;
  for (const std::vector<float>& of_sequence : sequence_logprobs(policy(), sequences))
    r.logprobs.insert(r.logprobs.end(), of_sequence.begin() + 1, of_sequence.end());
  Trainer trainer(policy());
  std::vector<TrainingGroup> groups{{some_ids(3, 18), {{.ids = some_ids(5, 7), .weight = 1}}}};
  trainer.update(groups, some_loss, {}, {}, 1e-2);
  const at::Tensor gradients = trainer.gradients().cpu();
  r.gradients.assign(gradients.const_data_ptr<float>(),
                     gradients.const_data_ptr<float>() + gradients.numel());
  return r;
}
/// Root mean square of the difference, relative to that of the numbers.
double distance(const std::vector<float>& a, const std::vector<float>& from) {
  double squares = 0, wrong = 0;
  for (size_t i = 0; i < a.size(); ++i)
    squares += double(from[i]) * from[i], wrong += (double(a[i]) - from[i]) * (double(a[i]) - from[i]);
  return std::sqrt(wrong / squares);
}

TEST_P(GpuBf16, IsFloat32UpToTheRoundingOfOperands) {
  const Model model = model_without_choices(GetParam());
  const auto policy = [&](const at::Tensor& flat, at::ScalarType products) {
    return [&model, flat, products, this] {
      return Decoder(model.config, flat.to(gpu(), /*non_blocking=*/false, /*copy=*/true), products);
    };
  };
  const at::Tensor rounded = model.flat.to(at::kBFloat16).to(at::kFloat);
  const Results exact = results_of(policy(model.flat, at::kFloat)),
                got = results_of(policy(model.flat, at::kBFloat16)),
                weights = results_of(policy(rounded, at::kFloat));
  const auto expect_near = [](const char* what, double difference, double of_weights) {
    std::cout << what << ": " << difference << " of their size, rounded weights alone " << of_weights << "\n";
    EXPECT_LT(difference, kTimesRoundedWeights * of_weights) << what;
    EXPECT_GT(difference, 0) << what << ": nothing was rounded";
  };
  expect_near("log-probabilities", distance(got.logprobs, exact.logprobs),
              distance(weights.logprobs, exact.logprobs));
  expect_near("gradients", distance(got.gradients, exact.gradients),
              distance(weights.gradients, exact.gradients));
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
