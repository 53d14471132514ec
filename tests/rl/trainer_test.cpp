#include "rl/trainer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "core/philox.h"
#include "cuda_ext/parallel.h"
#include "rollout/engine.h"
#include "tests/model/small_models.h"

namespace hone {
namespace {

/// Five groups of three completions that `decoder` really sampled.
std::vector<TrainingGroup> sampled_groups(const Decoder& decoder) {
  std::vector<SampleRequest> requests;
  for (size_t length : {3u, 16u, 20u, 33u, 1u}) {
    SampleRequest r;
    PhiloxStream stream(length + 100);
    for (size_t i = 0; i < length; ++i) r.prompt.push_back(TokenId(stream.below(97)));
    r.keys = {mix(length, 0), mix(length, 1), mix(length, 2)};
    r.options.max_new_tokens = int64_t(11 + length), r.options.stop_ids = {1};
    requests.push_back(r);
  }
  Engine engine(decoder, [](std::span<const TokenId>) { return std::string(); }, {});
  const auto rollouts = engine.generate(requests);
  std::vector<TrainingGroup> groups;
  for (size_t p = 0; p < requests.size(); ++p) {
    TrainingGroup g{requests[p].prompt, {}};
    for (size_t i = 0; i < rollouts[p].size(); ++i)
      g.samples.push_back({.ids = rollouts[p][i].ids,
                           .trained = {},
                           .sampler_logprobs = rollouts[p][i].logprobs,
                           .reference_logprobs = {},
                           .advantage = double(i) - 0.7,
                           .weight = 0.01});
    groups.push_back(std::move(g));
  }
  return groups;
}

TokenLoss grpo_loss(const TrainingSample& s, size_t token, double logprob) {
  return policy_token_loss(logprob, s.sampler_logprobs[token], 0, s.advantage, {});
}

struct Outcome {
  std::vector<float> gradients, weights;
  UpdateStats stats;
};

std::vector<float> values(const at::Tensor& t) {
  return {t.data_ptr<float>(), t.data_ptr<float>() + t.numel()};
}

Outcome update(const char* architecture, std::span<const TrainingGroup> groups, int64_t micro_batch_tokens,
               bool checkpointing = false) {
  Trainer trainer(small_decoder(architecture));
  TrainOptions options;
  options.gradient_checkpointing = checkpointing;
  options.micro_batch_tokens = micro_batch_tokens, options.balance_coefficient = 1e-3,
  options.router_bias_speed = 1e-3;
  OptimizerOptions adam;
  adam.weight_decay = 0.1;
  Outcome o;
  o.stats = trainer.update(groups, grpo_loss, options, adam, 1e-2);
  o.gradients = values(trainer.gradients()), o.weights = values(trainer.policy().flat());
  return o;
}

class TrainerOn : public testing::TestWithParam<const char*> {
 protected:
  const std::vector<TrainingGroup> groups_ = sampled_groups(small_decoder(GetParam()));
};

TEST_P(TrainerOn, SamplerAndTrainerLogprobsAreEqualBitForBit) {
  const Outcome o = update(GetParam(), groups_, 16384);
  EXPECT_EQ(o.stats.max_logprob_difference, 0.0);
  EXPECT_GT(o.stats.tokens, 100);
}

TEST_P(TrainerOn, APlantedLogprobChangeIsSeen) {
  auto groups = groups_;
  float& logprob = groups[2].samples[1].sampler_logprobs.back();
  logprob = std::nextafter(logprob, 0.0f);
  EXPECT_GT(update(GetParam(), groups, 16384).stats.max_logprob_difference, 0.0);
}

TEST_P(TrainerOn, MicrobatchesAddUpToWholeBatchBitForBit) {
  const Outcome whole = update(GetParam(), groups_, 1 << 20);
  for (int64_t rows : {1, 40, 100}) {
    const Outcome split = update(GetParam(), groups_, rows);
    EXPECT_EQ(whole.gradients, split.gradients) << rows;
    EXPECT_EQ(whole.weights, split.weights) << rows;
    EXPECT_EQ(whole.stats.loss, split.stats.loss) << rows;
    EXPECT_EQ(whole.stats.entropy, split.stats.entropy) << rows;
  }
}

TEST_P(TrainerOn, GradientCheckpointingChangesNoBit) {
  const Outcome whole = update(GetParam(), groups_, 1 << 20), less = update(GetParam(), groups_, 1 << 20, true);
  EXPECT_EQ(whole.gradients, less.gradients);
  EXPECT_EQ(whole.weights, less.weights);
  EXPECT_EQ(whole.stats.balance_loss, less.stats.balance_loss);
}

TEST_P(TrainerOn, ThreadsChangeNoBit) {
  const int before = num_threads();
  const Outcome reference = update(GetParam(), groups_, 16384);
  for (int threads : {1, 2, 3}) {
    set_num_threads(threads);
    EXPECT_EQ(reference.weights, update(GetParam(), groups_, 16384).weights) << threads;
  }
  set_num_threads(before);
}

// A directional derivative in float32: the loss at w +- h d against the gradient, along a random direction of
// every tensor. (Those of the other architectures are compared with transformers' in golden_models_test.cpp.)
class GradientOn : public TrainerOn {};

TEST_P(GradientOn, GradientMatchesFiniteDifferencesTensorByTensor) {
  const auto loss_at = [&](const at::Tensor& flat) {
    Trainer trainer(Decoder(small_model(GetParam()).config, flat.clone()));
    const auto nll = [](const TrainingSample&, size_t, double logprob) {
      TokenLoss l;
      l.value = -logprob, l.dlogprob = -1;
      return l;
    };
    const UpdateStats stats = trainer.update(groups_, nll, {}, {}, 0.0);
    return std::pair(stats.loss, values(trainer.gradients()));
  };
  const Model model = small_model(GetParam());
  const auto [loss, gradient] = loss_at(model.flat);
  int checked = 0;
  for (const NamedTensor& t : list_tensors(model.config)) {
    if (t.name.find("layers.0.") != std::string::npos || t.name.find("experts.3") != std::string::npos)
      continue;  // for time
    PhiloxStream stream(uint64_t(t.offset));
    std::vector<double> direction(t.size());
    double slope = 0, norm = 0;
    for (int64_t i = 0; i < t.size(); ++i)
      direction[i] = stream.uniform() - 0.5, norm += direction[i] * direction[i];
    for (int64_t i = 0; i < t.size(); ++i) slope += direction[i] / std::sqrt(norm) * gradient[t.offset + i];
    const double h = 2e-3;
    at::Tensor up = model.flat.clone(), down = model.flat.clone();
    for (int64_t i = 0; i < t.size(); ++i) {
      up.data_ptr<float>()[t.offset + i] += float(h * direction[i] / std::sqrt(norm));
      down.data_ptr<float>()[t.offset + i] -= float(h * direction[i] / std::sqrt(norm));
    }
    const double numeric = (loss_at(up).first - loss_at(down).first) / (2 * h);
    if (!t.trainable()) continue;
    EXPECT_NEAR(numeric, slope, 2e-3 + 0.03 * std::abs(slope)) << t.name;
    ++checked;
  }
  EXPECT_GT(checked, 15);
}

INSTANTIATE_TEST_SUITE_P(Architectures, GradientOn,
                         testing::Values("deepseek_v3", "qwen2", "qwen3", "qwen3_tied"));
INSTANTIATE_TEST_SUITE_P(Architectures, TrainerOn, testing::ValuesIn(kArchitectures));

TEST(Trainer, ALossThatIsNotFiniteLeavesTheWeightsAlone) {
  Trainer trainer(small_decoder("qwen2"));
  const std::vector<float> before = values(trainer.policy().flat());
  auto groups = sampled_groups(trainer.policy());
  groups[3].samples[0].advantage = NAN;
  EXPECT_THROW(trainer.update(groups, grpo_loss, {}, {}, 1e-2), NonFiniteError);
  EXPECT_EQ(before, values(trainer.policy().flat()));
  EXPECT_EQ(trainer.policy_version(), 0u);
}

TEST(Trainer, UntrainedTokensGiveNoGradient) {
  Trainer trainer(small_decoder("qwen2"));
  auto groups = sampled_groups(trainer.policy());
  for (TrainingGroup& g : groups)
    for (TrainingSample& s : g.samples) s.trained.assign(s.ids.size(), false);
  const UpdateStats stats = trainer.update(groups, grpo_loss, {}, {}, 1e-2);
  EXPECT_EQ(stats.tokens, 0);
  EXPECT_EQ(stats.grad_norm, 0.0);
}

}  // namespace
}  // namespace hone
