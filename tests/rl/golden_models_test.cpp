// Folders and figures that transformers wrote (scripts/make_golden_models.py): what we load computes what it
// computes.
#include <ATen/ops/empty.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>

#include "core/files.h"
#include "model/model_folder.h"
#include "model/safetensors.h"
#include "rl/trainer.h"
#include "rollout/logprobs.h"
#include "tests/core/temp_folder.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

/// Folders in tests/golden/models, or in the folder that HONE_GOLDEN_MODELS names (scripts/check_models.py
/// makes bigger ones).
fs::path golden_root() {
  const char* other = std::getenv("HONE_GOLDEN_MODELS");
  return other ? fs::path(other) : source_dir() / "tests/golden/models";
}

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(golden_root()))
    if (fs::exists(entry.path() / "expected.json")) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

class GoldenModels : public testing::TestWithParam<std::string> {
 protected:
  const fs::path folder_ = golden_root() / GetParam();
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

  /// Of the summed negative log-probability of the tokens from first_trained on, in the flat buffer's layout.
  at::Tensor gradients() const {
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
    return trainer.gradients().clone();
  }
};

double norm(const float* x, int64_t n) {
  double squares = 0;
  for (int64_t i = 0; i < n; ++i) squares += double(x[i]) * x[i];
  return std::sqrt(squares);
}

TEST_P(GoldenModels, LogprobsAreThoseOfTransformers) {
  const double worst = worst_difference(model_.flat);
  RecordProperty("worst_difference", std::to_string(worst));
  std::cout << GetParam() << ": log-probabilities differ by " << worst << "\n";
  EXPECT_LT(worst, 1e-4);
}

TEST_P(GoldenModels, AnyForgottenTensorIsSeen) {
  for (const NamedTensor& t : list_tensors(model_.config)) {
    if (t.role == NamedTensor::Role::kExpert) continue;  // a single expert may be rarely chosen
    at::Tensor flat = model_.flat.clone();
    float* w = flat.data_ptr<float>() + t.offset;
    for (int64_t i = 0; i < t.size(); ++i) w[i] = t.init == NamedTensor::Init::kOnes ? 1.0f : 0.0f;
    EXPECT_GT(worst_difference(flat), 1e-4) << t.name;
  }
}

TEST_P(GoldenModels, GradientsAreThoseOfTransformers) {
  const at::Tensor gradients = this->gradients();
  const bool whole = fs::exists(folder_ / "gradients.safetensors");  // older folders have norms only
  // A gradient that is zero by algebra (of a router that chooses one expert and normalises) is what rounding leaves in either program.
  const double rounding = 0x1p-23 * norm(gradients.data_ptr<float>(), gradients.numel());
  int compared = 0;
  double worst = 0;
  for (const NamedTensor& t : list_tensors(model_.config)) {
    const float* g = gradients.data_ptr<float>() + t.offset;
    if (!t.trainable()) continue;
    if (!whole) {
      if (!expected_["gradient_norms"].contains(t.name)) continue;
      const double want = expected_["gradient_norms"][t.name];
      EXPECT_NEAR(norm(g, t.size()), want, 1e-4 * want) << t.name;
      ++compared;
      continue;
    }
    std::vector<float> wanted(size_t(t.size()));
    SafetensorsReader::open(folder_ / "gradients.safetensors").copy_to_float(t.name, wanted.data());
    const double scale = norm(wanted.data(), t.size());
    for (int64_t i = 0; i < t.size(); ++i) wanted[size_t(i)] -= g[i];
    const double difference = norm(wanted.data(), t.size());
    EXPECT_LE(difference, 1e-4 * scale + rounding) << t.name << ", of norm " << scale;
    if (scale > rounding) worst = std::max(worst, difference / scale);
    ++compared;
  }
  EXPECT_GT(compared, 20);
  std::cout << GetParam() << ": gradients differ by " << worst << " of their norms\n";
}

TEST_P(GoldenModels, WhatIsSavedHasTheBytesOfTheOriginal) {
  TempFolder out;
  if (model_.config.quantization.kind != QuantizationConfig::Kind::kNone) {  // expanded for good
    save_model(out.path() / "m", model_.config, model_.flat, {"float32", {}});
    const Model again = load_model(out.path() / "m");
    EXPECT_TRUE(again.flat.equal(model_.flat));
    EXPECT_EQ(again.config.quantization.kind, QuantizationConfig::Kind::kNone);
    return;
  }
  const auto original = SafetensorsReader::open(folder_ / "model.safetensors");
  const std::string stored = original.tensor("model.embed_tokens.weight").dtype;
  const SaveModelOptions as_stored{.dtype = stored == "BF16" ? "bfloat16" : "float32"};
  save_model(out.path() / "m", model_.config, model_.flat, as_stored);
  const Model again = load_model(out.path() / "m");
  EXPECT_TRUE(again.flat.equal(model_.flat));
  EXPECT_EQ(again.config.source["model_type"], model_.config.source["model_type"]);
  const auto reader = SafetensorsReader::open(out.path() / "m");
  const std::string old_bytes = read_file(folder_ / "model.safetensors"),
                    new_bytes = read_file(out.path() / "m/model.safetensors");
  EXPECT_EQ(reader.names().size(), original.names().size());
  for (const std::string& name : original.names()) {
    const StoredTensor &now = reader.tensor(name), &before = original.tensor(name);
    EXPECT_EQ(now.shape, before.shape) << name;
    EXPECT_EQ(now.dtype, before.dtype) << name;
    EXPECT_EQ(new_bytes.substr(now.begin, now.num_bytes), old_bytes.substr(before.begin, before.num_bytes))
        << name;
  }
  if (!std::getenv("HONE_GOLDEN_MODELS")) return;  // for scripts/check_models.py: whole, and in several files
  save_model(folder_ / "saved", model_.config, model_.flat, as_stored);
  SaveModelOptions sharded = as_stored;
  sharded.max_shard_bytes = uint64_t(model_.flat.numel());
  save_model(folder_ / "sharded", model_.config, model_.flat, sharded);
}

/// Every file of the folder, by name.
std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) files[entry.path().filename()] = read_file(entry.path());
  return files;
}

TEST_P(GoldenModels, EveryDtypeComesBackByteByByteInOneFileAndInSeveral) {
  for (const char* dtype : {"float32", "bfloat16", "float16"}) {
    for (const uint64_t limit : {uint64_t{1} << 40, uint64_t(model_.flat.numel())}) {
      TempFolder out;
      const SaveModelOptions options{.dtype = dtype, .max_shard_bytes = limit};
      save_model(out.path() / "first", model_.config, model_.flat, options);
      const Model again = load_model(out.path() / "first");
      save_model(out.path() / "second", again.config, again.flat, options);
      EXPECT_EQ(contents(out.path() / "first"), contents(out.path() / "second")) << dtype;
      EXPECT_EQ(fs::exists(out.path() / "first/model.safetensors"), limit > uint64_t{1} << 30);
      if (limit > uint64_t{1} << 30) continue;
      const Json index = Json::parse(read_file(out.path() / "first/model.safetensors.index.json"));
      EXPECT_EQ(index["metadata"]["total_size"], again.speed.bytes) << dtype;
      EXPECT_EQ(index["weight_map"].size(), list_tensors(again.config).size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Architectures, GoldenModels, testing::ValuesIn(golden_names()),
                         [](const auto& info) { return info.param; });

TEST(ModelFolder, MissingAndMisshapenTensorsAreNamed) {
  const fs::path folder = source_dir() / "tests/golden/models/llama";
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
  EXPECT_NE(message_with("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3").find("model.layers.2."),
            std::string::npos);
  EXPECT_NE(message_with("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1").find("has no place"),
            std::string::npos);
  EXPECT_NE(message_with("\"intermediate_size\": 14", "\"intermediate_size\": 15").find("expected [15,18]"),
            std::string::npos);
  EXPECT_NE(message_with("\"hidden_act\": \"silu\"", "\"hidden_act\": \"gelu\"").find("hidden_act"),
            std::string::npos);
  EXPECT_NE(message_with("\"rope_type\": \"llama3\"", "\"rope_type\": \"longrope\"").find("rope_type"),
            std::string::npos);
  EXPECT_NE(
      message_with("\"model_type\": \"llama\"", "\"model_type\": \"llamma\"").find("did you mean llama?"),
      std::string::npos);
}

/// A folder of one weight file with the tensors given.
std::string error_of_loading(const fs::path& folder) {
  try {
    load_model(folder);
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

/// The tensors of a model under names and shapes of the caller's choice.
void write_tensors(const fs::path& folder, const Model& model, const std::vector<TensorView>& views) {
  write_file_atomic(folder / "config.json", model.config.source.dump());
  write_safetensors(folder, views);
}

std::vector<TensorView> views_of(const Model& model) {
  std::vector<TensorView> views;
  for (const NamedTensor& t : list_tensors(model.config))
    views.push_back({t.name, t.shape, model.flat.data_ptr<float>() + t.offset});
  return views;
}

TEST(ModelFolder, SurplusAndTornTensorsAreNamed) {
  const Model model = load_model(source_dir() / "tests/golden/models/llama");
  TempFolder out;
  std::vector<TensorView> views = views_of(model);
  const std::vector<float> more(6);
  views.push_back({"model.layers.1.self_attn.q_norm.weight", {6}, more.data()});
  write_tensors(out.path(), model, views);
  EXPECT_NE(error_of_loading(out.path()).find("tensor model.layers.1.self_attn.q_norm.weight of shape [6] has no place"), std::string::npos)
      << error_of_loading(out.path());
  views.back().name = "model.layers.0.self_attn.rotary_emb.inv_freq";  // follows from the config: let through
  write_tensors(out.path(), model, views);
  EXPECT_EQ(error_of_loading(out.path()), "no error");
  std::string bytes = read_file(out.path() / "model.safetensors");
  write_file_atomic(out.path() / "model.safetensors", bytes.substr(0, bytes.size() - 3));
  EXPECT_NE(error_of_loading(out.path()).find("model.safetensors: tensor "), std::string::npos) << error_of_loading(out.path());
  const size_t at = bytes.find("\"data_offsets\":[") + 16, end = bytes.find("]", at);
  write_file_atomic(out.path() / "model.safetensors",  // the first tensor now lies where the second does
                    bytes.replace(at, end - at, bytes.substr(bytes.find("\"data_offsets\":[", end) + 16, end - at)));
  EXPECT_NE(error_of_loading(out.path()), "no error");
}

TEST(ModelFolder, ATiedHeadIsOneMatrixUnlessTheFilesHoldTwo) {
  const Model model = load_model(source_dir() / "tests/golden/models/llama");
  ASSERT_TRUE(model.config.tied_head);
  TempFolder out;
  std::vector<TensorView> views = views_of(model);
  ASSERT_EQ(views[0].name, "model.embed_tokens.weight");
  views.push_back({"lm_head.weight", views[0].shape, views[0].data});
  write_tensors(out.path(), model, views);
  EXPECT_TRUE(load_model(out.path()).flat.equal(model.flat));
  std::vector<TensorView> head_alone(views.begin() + 1, views.end());
  write_tensors(out.path(), model, head_alone);
  EXPECT_TRUE(load_model(out.path()).flat.equal(model.flat));
  std::vector<float> other(views[0].data, views[0].data + model.config.vocab_size * model.config.hidden_size);
  other[3] += 1;
  views.back().data = other.data();
  write_tensors(out.path(), model, views);
  const Model two = load_model(out.path());  // as transformers does, with a warning
  EXPECT_FALSE(two.config.tied_head);
  EXPECT_EQ(two.config.source["tie_word_embeddings"], false);
  EXPECT_EQ(two.flat.numel(), model.flat.numel() + int64_t(other.size()));
}

TEST(ModelFolder, OtherFilesOfTheFolderAreCarriedAlong) {
  const Model model = load_model(source_dir() / "tests/golden/models/llama");
  TempFolder from, to;
  const char* const names[] = {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json",
                               "chat_template.jinja", "vocab.json", "merges.txt", "additional_chat_templates/tool_use.jinja"};
  create_folders(from.path() / "additional_chat_templates");
  for (const char* name : names) write_file_atomic(from.path() / name, std::string("bytes of ") + name);
  write_file_atomic(from.path() / "pytorch_model.bin", "not this one");
  save_model(to.path() / "m", model.config, model.flat, {.tokenizer_folder = from.path()});
  for (const char* name : names) EXPECT_EQ(read_file(to.path() / "m" / name), std::string("bytes of ") + name);
  EXPECT_FALSE(fs::exists(to.path() / "m/pytorch_model.bin"));
  EXPECT_EQ(SafetensorsReader::open(to.path() / "m").tensor("model.norm.weight").dtype, "BF16");  // unless asked otherwise
  EXPECT_EQ(SafetensorsReader::open(to.path() / "m").metadata().at("format"), "pt");
  EXPECT_EQ(Json::parse(read_file(to.path() / "m/config.json"))["dtype"], "bfloat16");
}

TEST(ModelFolder, FusedExpertsLoadAsSingleOnes) {
  for (const char* name : {"qwen3_moe", "mixtral"}) {
    const Model model = load_model(source_dir() / "tests/golden/models" / name);
    const std::vector<NamedTensor> tensors = list_tensors(model.config);
    std::vector<TensorView> views;
    for (const NamedTensor& t : tensors)
      if (t.role != NamedTensor::Role::kExpert)
        views.push_back({t.name, t.shape, model.flat.data_ptr<float>() + t.offset});
    int fused = 0;
    for (int64_t layer = 0; layer < model.config.num_layers; ++layer)
      for (const FusedTensor& f : fused_experts(model.config, layer))
        for (const NamedTensor& t : tensors)
          if (t.name == f.first)
            views.push_back({f.name, f.shape, model.flat.data_ptr<float>() + t.offset}), ++fused;
    EXPECT_GE(fused, 2) << name;
    TempFolder out;
    write_tensors(out.path(), model, views);
    EXPECT_TRUE(load_model(out.path()).flat.equal(model.flat)) << name;
  }
}

/// The golden deepseek_v3 with a multi-token prediction layer of random weights behind it.
Model with_mtp_layer() {
  Model model = load_model(source_dir() / "tests/golden/models/deepseek_v3");
  model.config.num_mtp_layers = 1;
  const ParameterCount count = count_parameters(model.config);
  at::Tensor flat = at::empty({count.total + count.kept}, at::kFloat);
  init_weights(model.config, 7, flat);
  flat.narrow(0, 0, count.total).copy_(model.flat);
  model.flat = flat;
  return model;
}

TEST(ModelFolder, MultiTokenPredictionLayersAreKeptAndTakeNoPart) {
  const Model model = with_mtp_layer();
  const ParameterCount count = count_parameters(model.config);
  EXPECT_GT(count.kept, 2 * model.config.vocab_size * model.config.hidden_size);
  EXPECT_EQ(flat_size(list_tensors(model.config)), count.total + count.kept);
  TempFolder out;
  save_model(out.path() / "first", model.config, model.flat, {"float32", {}});
  const Model loaded = load_model(out.path() / "first"), plain = load_model(source_dir() / "tests/golden/models/deepseek_v3");
  EXPECT_EQ(loaded.config.num_mtp_layers, 1);
  EXPECT_TRUE(loaded.flat.equal(model.flat));
  const std::vector<std::vector<TokenId>> ids{{5, 6, 7, 8, 9}};
  const auto with = sequence_logprobs(Decoder(loaded.config, loaded.flat), ids)[0],
             without = sequence_logprobs(Decoder(plain.config, plain.flat), ids)[0];
  EXPECT_EQ(std::vector<float>(with.begin() + 1, with.end()),
            std::vector<float>(without.begin() + 1, without.end()));
}

TEST(ModelFolder, MultiTokenPredictionLayersComeBackByteByByteInEveryDtype) {
  const Model model = with_mtp_layer();
  const std::string eh_proj = "model.layers." + std::to_string(model.config.num_layers) + ".eh_proj.weight";
  for (const auto& [dtype, stored] : {std::pair{"float32", "F32"}, {"bfloat16", "BF16"}, {"float16", "F16"}}) {
    for (const uint64_t limit : {uint64_t{1} << 40, uint64_t(model.flat.numel())}) {
      TempFolder out;
      const SaveModelOptions options{.dtype = dtype, .max_shard_bytes = limit};
      save_model(out.path() / "first", model.config, model.flat, options);
      const Model loaded = load_model(out.path() / "first");
      EXPECT_EQ(loaded.config.num_mtp_layers, 1) << dtype;
      save_model(out.path() / "second", loaded.config, loaded.flat, options);
      EXPECT_EQ(contents(out.path() / "first"), contents(out.path() / "second")) << dtype;
      EXPECT_EQ(SafetensorsReader::open(out.path() / "first").tensor(eh_proj).dtype, stored);
    }
  }
}

}  // namespace
}  // namespace hone
