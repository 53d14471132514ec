// Whole policies on a GPU: rollouts, log-probabilities, gradients and updates have the bits that the CPU's kernels
// give, for every architecture.
#include <ATen/ops/equal.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rl/trainer.h"
#include "rollout/engine.h"
#include "rollout/logprobs.h"
#include "tests/gpu/test_gpu.h"
#include "tests/model/small_models.h"

namespace hone {
namespace {

class GpuPolicy : public OnGpu<testing::TestWithParam<std::string>> {
 protected:
  Decoder on(c10::Device device) const {
    const Model model = small_model(GetParam());
    return Decoder(model.config, model.flat.to(device));
  }
};

std::string no_text(std::span<const TokenId>) { return {}; }

TEST_P(GpuPolicy, RolloutsAreThoseOfTheCpu) {
  std::vector<SampleRequest> requests(3);
  for (size_t i = 0; i < requests.size(); ++i) {
    for (TokenId id = 2; id < TokenId(5 + 9 * i); ++id) requests[i].prompt.push_back(id * 7 % 90 + 2);
    requests[i].keys = {11 * i + 1, 11 * i + 2};
    requests[i].options.max_new_tokens = 6;
  }
  requests[1].options.top_p = 0.8, requests[1].options.temperature = 0.7, requests[2].options.top_k = 5;
  const auto run = [&](c10::Device device) {
    const Decoder decoder = on(device);
    return Engine(decoder, no_text, {}).generate(requests);
  };
  const auto wanted = run(c10::kCPU), got = run(gpu());
  for (size_t p = 0; p < wanted.size(); ++p)
    for (size_t g = 0; g < wanted[p].size(); ++g) {
      EXPECT_EQ(got[p][g].ids, wanted[p][g].ids);
      EXPECT_EQ(got[p][g].logprobs, wanted[p][g].logprobs);
    }
}

std::vector<TrainingGroup> groups() {
  const auto ids = [](int first, int count) {
    std::vector<TokenId> out;
    for (int i = 0; i < count; ++i) out.push_back(TokenId((first + 13 * i) % 90 + 2));
    return out;
  };
  return {{ids(3, 18), {{.ids = ids(5, 7), .weight = 0.5}, {.ids = ids(9, 3), .weight = -0.25}}},
          {ids(7, 2), {{.ids = ids(1, 5), .weight = 1.0}}}};
}
TokenLoss some_loss(const TrainingSample&, size_t token, double logprob) {
  TokenLoss l;
  l.value = -logprob, l.dlogprob = token == 1 ? 0.0 : -1.0;
  return l;
}

/// Two updates in micro-batches, with a balance loss and router biases where there are experts.
TEST_P(GpuPolicy, UpdatesAreThoseOfTheCpu) {
  const auto run = [&](c10::Device device) {
    Trainer trainer(on(device));
    std::vector<double> figures;
    for (int step = 0; step < 2; ++step) {
      const UpdateStats stats = trainer.update(
          groups(), some_loss,
          {.micro_batch_tokens = 30, .balance_coefficient = 0.01, .router_bias_speed = 0.001}, {}, 1e-2);
      figures.insert(figures.end(), {stats.loss, stats.grad_norm, stats.entropy, stats.balance_loss});
    }
    const at::Tensor flat = trainer.policy().flat().cpu(), gradients = trainer.gradients().cpu();
    return std::tuple(flat, gradients, figures);
  };
  const auto [wanted, wanted_gradients, wanted_figures] = run(c10::kCPU);
  const auto [got, gradients, figures] = run(gpu());
  EXPECT_EQ(figures, wanted_figures);
  EXPECT_TRUE(at::equal(gradients, wanted_gradients));
  EXPECT_TRUE(at::equal(got, wanted));
  EXPECT_GT(wanted_gradients.abs().max().item<float>(), 0);
}

TEST_P(GpuPolicy, LogprobsAreThoseOfTheCpu) {
  const std::vector<std::vector<TokenId>> sequences{{3, 5, 7, 9, 11, 13}, {2}, {40, 41, 42, 43}};
  const auto wanted = sequence_logprobs(on(c10::kCPU), sequences);
  const auto got = sequence_logprobs(on(gpu()), sequences);
  for (size_t s = 0; s < sequences.size(); ++s)
    for (size_t i = 1; i < sequences[s].size(); ++i) EXPECT_EQ(got[s][i], wanted[s][i]) << s << " " << i;
}

std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }

/// Grouped-query and latent attention, experts, biases, windows and sinks; the other architectures are slow tests.
const std::vector<std::string> kFirst{"qwen2", "qwen3_moe", "deepseek_v3", "gpt_oss"};
std::vector<std::string> others() {
  std::vector<std::string> names(std::begin(kArchitectures), std::end(kArchitectures));
  std::erase_if(names, [](const std::string& name) {
    return std::find(kFirst.begin(), kFirst.end(), name) != kFirst.end();
  });
  return names;
}
INSTANTIATE_TEST_SUITE_P(Some, GpuPolicy, testing::ValuesIn(kFirst), name_of);
INSTANTIATE_TEST_SUITE_P(Slow, GpuPolicy, testing::ValuesIn(others()), name_of);

}  // namespace
}  // namespace hone
