// Folders and figures that transformers wrote (scripts/make_golden_models.py): what we load computes what it computes.
#include <gtest/gtest.h>

#include <cmath>

#include "core/files.h"
#include "model/model_folder.h"
#include "model/safetensors.h"
#include "rl/trainer.h"
#include "rollout/logprobs.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

class GoldenModels : public testing::TestWithParam<const char*> {
 protected:
  const fs::path folder_ = fs::path(HONE_SOURCE_DIR) / "tests/golden/models" / GetParam();
  const Model model_ = load_model(folder_);
  const Json expected_ = Json::parse(read_file(folder_ / "expected.json"));
  const std::vector<std::vector<TokenId>> ids_ = expected_["ids"].get<std::vector<std::vector<TokenId>>>();

  double worst_difference(const at::Tensor& flat) const {
    const auto got = sequence_logprobs(Decoder(model_.config, flat), ids_);
    const auto want = expected_["logprobs"].get<std::vector<std::vector<double>>>();
    double worst = 0;
    for (size_t s = 0; s < ids_.size(); ++s)
      for (size_t i = 0; i + 1 < ids_[s].size(); ++i)
        worst = std::max(worst, std::abs(want[s][i] - double(got[s][i + 1])));
    return worst;
  }
};

TEST_P(GoldenModels, LogprobsAreThoseOfTransformers) { EXPECT_LT(worst_difference(model_.flat), 1e-4); }

TEST_P(GoldenModels, AnyForgottenTensorIsSeen) {
  for (const NamedTensor& t : list_tensors(model_.config)) {
    if (t.name.find("experts.") != std::string::npos) continue;  // a single expert may be rarely chosen
    at::Tensor flat = model_.flat.clone();
    float* w = flat.data_ptr<float>() + t.offset;
    for (int64_t i = 0; i < t.size(); ++i) w[i] = t.init == NamedTensor::Init::kOnes ? 1.0f : 0.0f;
    EXPECT_GT(worst_difference(flat), 1e-4) << t.name;
  }
}

TEST_P(GoldenModels, GradientNormsAreThoseOfTransformers) {
  Trainer trainer(Decoder(model_.config, model_.flat.clone()));
  const int64_t first = expected_["first_trained"];
  std::vector<TrainingGroup> groups;
  for (const auto& ids : ids_)
    groups.push_back(
        {{ids.begin(), ids.begin() + first}, {{.ids = {ids.begin() + first, ids.end()}, .weight = 1.0}}});
  const auto nll = [](const TrainingSample&, size_t, double logprob) {
    TokenLoss l;
    l.value = -logprob, l.dlogprob = -1;
    return l;
  };
  trainer.update(groups, nll, {}, {}, 0.0);
  int compared = 0;
  for (const NamedTensor& t : list_tensors(model_.config)) {
    if (!expected_["gradient_norms"].contains(t.name)) continue;
    const float* g = trainer.gradients().data_ptr<float>() + t.offset;
    double squares = 0;
    for (int64_t i = 0; i < t.size(); ++i) squares += double(g[i]) * g[i];
    const double want = expected_["gradient_norms"][t.name];
    EXPECT_NEAR(std::sqrt(squares), want, 1e-4 * want) << t.name;
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

TEST_P(GoldenModels, WhatIsSavedLoadsAsTheSame) {
  TempFolder out;
  save_model(out.path() / "m", model_.config, model_.flat, {"float32", {}});
  const Model again = load_model(out.path() / "m");
  EXPECT_TRUE(again.flat.equal(model_.flat));
  EXPECT_EQ(again.config.source["model_type"], model_.config.source["model_type"]);
  const auto reader = SafetensorsReader::open(out.path() / "m"), original = SafetensorsReader::open(folder_);
  EXPECT_EQ(reader.names().size(), original.names().size());
  for (const std::string& name : original.names())
    EXPECT_EQ(reader.tensor(name).shape, original.tensor(name).shape) << name;
}

INSTANTIATE_TEST_SUITE_P(Architectures, GoldenModels,
                         testing::Values("qwen2", "qwen2_tied_bf16", "qwen3", "deepseek_v3",
                                         "deepseek_v3_plain"));

TEST(ModelFolder, MissingAndMisshapenTensorsAreNamed) {
  const fs::path folder = fs::path(HONE_SOURCE_DIR) / "tests/golden/models/qwen3";
  const auto message_with = [&](const std::string& from, const std::string& to) {
    TempFolder out;
    std::string config = read_file(folder / "config.json");
    const size_t at = config.find(from);
    EXPECT_NE(at, std::string::npos);
    write_file_atomic(out.path() / "config.json", config.replace(at, from.size(), to));
    fs::copy(folder / "model.safetensors", out.path() / "model.safetensors");
    try {
      load_model(out.path());
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("no error");
  };
  EXPECT_NE(message_with("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4").find("model.layers.3."),
            std::string::npos);
  EXPECT_NE(message_with("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2").find("has no place"),
            std::string::npos);
  EXPECT_NE(message_with("\"intermediate_size\": 56", "\"intermediate_size\": 57").find("expected [57,48]"),
            std::string::npos);
  EXPECT_NE(message_with("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"").find("hidden_act"),
            std::string::npos);
  EXPECT_NE(message_with("\"rope_type\": \"default\"", "\"rope_type\": \"yarn\"").find("rope_type"),
            std::string::npos);
  EXPECT_NE(message_with("\"model_type\": \"qwen3\"", "\"model_type\": \"qwen33\"").find("qwen3"),
            std::string::npos);
}

}  // namespace
}  // namespace hone
