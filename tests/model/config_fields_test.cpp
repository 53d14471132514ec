// Every field of transformers' configuration classes (tests/golden/config_fields.json) is read, refused by name, or known to be of no
// effect; what is missing means what the class means by it. And fields from elsewhere: a table.
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "core/files.h"
#include "model/config.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

const Json& classes() {
  static const Json json = Json::parse(read_file(source_dir() / "tests/golden/config_fields.json"));
  return json;
}

std::vector<std::string> architectures() {
  std::vector<std::string> names;
  for (const auto& [name, fields] : classes().items()) names.push_back(name);
  return names;
}

DecoderConfig parse(const Json& config) {
  DecoderConfig parsed = parse_decoder_config(parse_document("config.json", config.dump()));
  parsed.source = Json();
  return parsed;
}

std::string error_of(const Json& config) {
  try {
    parse(config);
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

/// All fields at the class's defaults.
Json full(const std::string& architecture) {
  Json config = classes()[architecture];
  config["model_type"] = architecture;
  if (config.contains("num_experts_per_tok") && config["num_experts_per_tok"].is_null()) config["num_experts_per_tok"] = 6;
  return config;
}

/// Those that hone wants to be told.
Json least(const std::string& architecture) {
  static const std::set<std::string> kWanted{
      "model_type",          "vocab_size",       "hidden_size",      "num_hidden_layers", "num_attention_heads",
      "intermediate_size",   "num_experts",      "num_local_experts", "n_routed_experts", "num_experts_per_tok",
      "kv_lora_rank",        "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim"};
  Json config;
  const Json all = full(architecture);
  for (const auto& [key, value] : all.items())
    if (kWanted.contains(key) || (key == "moe_intermediate_size" && all.contains("n_routed_experts"))) config[key] = value;
  return config;
}

/// Switches on what other fields depend on.
Json lively(const std::string& architecture) {
  Json config = full(architecture);
  if (config.contains("use_sliding_window")) config["use_sliding_window"] = true;
  if (config.contains("max_window_layers")) config["max_window_layers"] = 10;
  if (config.contains("mlp_only_layers")) config["mlp_only_layers"] = {3};
  if (architecture == "deepseek_v2") config.update({{"topk_method", "group_limited_greedy"}, {"n_group", 8}, {"topk_group", 4}});
  return config;
}

Json another(const std::string& key, const Json& value, const Json& config) {
  if (key == "rope_parameters") return {{"rope_type", "linear"}, {"factor", 2.0}};
  if (key == "layer_types") {
    Json types = Json::array();
    for (int64_t i = 0; i < config["num_hidden_layers"]; ++i) types.push_back(i % 3 ? "full_attention" : "sliding_attention");
    return types;
  }
  if (key == "id2label" || key == "label2id") return {{"0", "1"}};
  if (key == "clip_qkv") return 3.0;
  if (key == "head_dim" && value.is_null()) return 32;
  if (value.is_null()) return key.ends_with("s") || key == "sliding_window" || key.ends_with("_id") ? Json(2) : Json("other");
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_string()) return "other";
  if (value.is_array()) return {1};
  if (value.is_number_integer()) return value == 0 ? 1 : 2 * value.get<int64_t>();
  return value == 0.0 ? 0.5 : 2 * value.get<double>();
}

class ConfigFields : public testing::TestWithParam<std::string> {};

TEST_P(ConfigFields, WhatIsMissingMeansTheDefaultOfTheClass) {
  EXPECT_EQ(parse(least(GetParam())), parse(full(GetParam())));
}

TEST_P(ConfigFields, EachIsReadOrRefusedOrOfNoEffect) {
  static const std::set<std::string> kNoEffect{
      "architectures", "bos_token_id", "chunk_size_feed_forward", "dtype", "eos_token_id", "id2label", "label2id", "num_mtp_layers",
      "output_hidden_states", "output_router_logits", "pretraining_tp", "problem_type", "return_dict", "router_aux_loss_coef",
      "transformers_version", "use_cache"};
  const Json base = lively(GetParam());
  const DecoderConfig before = parse(base);
  for (const auto& [key, value] : classes()[GetParam()].items()) {
    const bool derived = key == "head_dim" && base.contains("kv_lora_rank");  // from qk_rope_head_dim, whatever it says
    Json config = base;
    config[key] = another(key, base[key], config);
    if (const std::string error = error_of(config); !error.empty()) {
      EXPECT_NE(error.find(key), std::string::npos) << key << " = " << config[key] << ": " << error;
      EXPECT_FALSE(kNoEffect.contains(key)) << error;
      continue;
    }
    EXPECT_EQ(parse(config) == before, kNoEffect.contains(key) || derived) << key << " = " << config[key];
  }
}

TEST_P(ConfigFields, OnesThatNobodyKnowsAreRefused) {
  Json config = least(GetParam());
  config["attn_logit_softcapping"] = 50.0;
  EXPECT_NE(error_of(config).find("attn_logit_softcapping: unknown key"), std::string::npos) << error_of(config);
  config["attn_logit_softcapping"] = nullptr;
  EXPECT_EQ(error_of(config), "");
}

INSTANTIATE_TEST_SUITE_P(Architectures, ConfigFields, testing::ValuesIn(architectures()),
                         [](const auto& info) { return info.param; });

/// `fields` are added to a least config; `error` "" if that changes nothing, else what the message holds.
struct Row {
  const char* architecture;
  const char* fields;
  const char* error;
};

const Row kRows[] = {
    // of other releases, of training and of bookkeeping
    {"llama", R"({"torch_dtype": "bfloat16", "_name_or_path": "x", "auto_map": {"AutoModel": "y"}, "unsloth_fixed": true})", ""},
    {"llama", R"({"pad_token_id": null, "bos_token_id": 128000, "eos_token_id": [128001, 128008], "mlp_bias": false})", ""},
    {"llama", R"({"hidden_act": "swish", "is_llama_config": true, "rope_interleaved": false, "use_sliding_window": false})", ""},
    {"llama", R"({"rope_interleaved": true})", "rope_interleaved"},
    {"qwen2", R"({"use_mrope": false, "sliding_window": 131072, "max_window_layers": 21, "attention_bias": true})", ""},
    {"qwen2", R"({"use_mrope": true})", "use_mrope"},
    {"qwen3_moe", R"({"max_window_layers": 48, "sliding_window": null, "output_router_logits": false})", ""},
    {"deepseek_v3", R"({"ep_size": 1, "moe_layer_freq": 1, "num_nextn_predict_layers": 1, "scoring_func": "sigmoid",
                        "topk_method": "noaux_tc", "aux_loss_alpha": 0.001, "seq_aux": true, "qk_head_dim": 192, "head_dim": 64})", ""},
    {"deepseek_v3", R"({"moe_layer_freq": 2})", "moe_layer_freq"},
    {"deepseek_v3", R"({"scoring_func": "softmax"})", "scoring_func"},
    {"deepseek_v3", R"({"num_key_value_heads": 8})", "num_key_value_heads"},
    {"deepseek_v2", R"({"attention_bias": true})", "attention_bias"},
    {"deepseek_v2", R"({"norm_topk_prob": true})", "norm_topk_prob"},
    {"deepseek_v2", R"({"topk_method": "noaux_tc"})", "topk_method"},
    {"gpt_oss", R"({"experts_per_token": 4, "initial_context_length": 4096, "swiglu_limit": 7.0})", ""},
    {"gpt_oss", R"({"experts_per_token": 2})", "experts_per_token"},
    {"mixtral", R"({"router_jitter_noise": 0.1})", "router_jitter_noise"},
    // what would change the result
    {"llama", R"({"sliding_window": 4096})", "sliding_window: unknown key"},
    {"llama", R"({"partial_rotary_factor": 0.5})", "partial_rotary_factor"},
    {"llama", R"({"attention_dropout": 0.1})", "attention_dropout"},
    {"llama", R"({"hidden_act": "gelu"})", "hidden_act: got \"gelu\""},
    {"llama", R"({"num_atention_heads": 8})", "did you mean num_attention_heads?"},
    {"llama", R"({"num_key_value_heads": 5})", "expected a divisor of num_attention_heads 32"},
    {"llama", R"({"hidden_size": 4097, "head_dim": 128})", "expected a multiple of num_attention_heads"},
    {"llama", R"({"head_dim": 63})", "head_dim: got 63, expected an even number"},
    {"llama", R"({"is_encoder_decoder": true})", "is_encoder_decoder"},
    {"llama", R"({"per_layer_config": {"0": {"num_key_value_heads": 4}}})", "per_layer_config"},
    {"llama", R"({"quantization_config": {"quant_method": "bitsandbytes"}})", "quant_method"},
    {"deepseek_v3", R"({"quantization_config": {"quant_method": "fp8", "fmt": "e5m2"}})", "fmt"},
    {"deepseek_v3", R"({"quantization_config": {"quant_method": "fp8", "weight_block_size": [128]}})", "weight_block_size"},
    {"olmoe", R"({"head_dim": 64})", "head_dim"},
    // windows
    {"mistral", R"({"layer_types": ["full_attention"]})", "layer_types"},
    {"qwen3_moe", R"({"layer_types": ["sliding_attention"]})", "layer_types"},
    {"qwen2", R"({"layer_types": ["full_attention"]})", "expected num_hidden_layers 32"},
    {"gpt_oss", R"({"num_hidden_layers": 1, "layer_types": ["chunked_attention"]})", "chunked_attention"},
    {"gpt_oss", R"({"num_hidden_layers": 1, "sliding_window": null, "layer_types": ["sliding_attention"]})", "no sliding_window"},
    // rotary embeddings
    {"llama", R"({"rope_scaling": {"type": "longrope", "factor": 4}})", "rope_scaling.type: got \"longrope\""},
    {"llama", R"({"rope_scaling": {"rope_type": "linear"}})", "rope_scaling.factor: missing"},
    {"llama", R"({"rope_scaling": {"rope_type": "linear", "factor": 0.5}})", "expected a number from 1"},
    {"llama", R"({"rope_scaling": {"rope_type": "linear", "factor": 2, "mscale": 1}})", "mscale: unknown key"},
    {"llama", R"({"rope_scaling": {"rope_type": "llama3", "factor": 2, "low_freq_factor": 1}})", "high_freq_factor: missing"},
    {"llama", R"({"rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.25}})", "partial_rotary_factor"},
    {"llama", R"({"rope_theta": 1.0})", "rope_theta"},
    {"gpt_oss", R"({"num_hidden_layers": 1, "layer_types": ["full_attention"], "rope_parameters": {"full_attention": {}}})",
     "full_attention: unknown key"},
    // sizes
    {"llama", R"({"hidden_size": 0})", "hidden_size: got 0, expected an integer from 1"},
    {"llama", R"({"hidden_size": 1073741824, "vocab_size": 1073741824})", "parameters"},
    {"llama", R"({"num_hidden_layers": 1000000000})", "num_hidden_layers"},
    {"mixtral", R"({"num_local_experts": 10000000})", "experts in all"},
    {"qwen3_moe", R"({"num_experts_per_tok": 129})", "num_experts_per_tok: got 129"},
    {"deepseek_v3", R"({"n_group": 7})", "expected a divisor of n_routed_experts"},
    {"deepseek_v3", R"({"num_experts_per_tok": 200})", "the kept groups hold only"},
    {"deepseek_v3", R"({"qk_rope_head_dim": 63})", "qk_rope_head_dim"}};

TEST(ConfigFieldsTable, Holds) {
  for (const Row& row : kRows) {
    Json config = least(row.architecture);
    const DecoderConfig before = parse(config);
    config.update(Json::parse(row.fields));
    const std::string error = error_of(config);
    if (*row.error) {
      EXPECT_NE(error.find(row.error), std::string::npos) << row.architecture << " " << row.fields << ": " << error;
      EXPECT_EQ(error.rfind("config.json:1: ", 0), 0u) << error;
    } else {
      EXPECT_EQ(error, "") << row.architecture << " " << row.fields;
      if (error.empty()) {
        EXPECT_EQ(parse(config), before) << row.architecture << " " << row.fields;
      }
    }
  }
}

TEST(RopeFields, BothSpellingsMeanTheSame) {
  Json old = least("llama"), now = old;
  old.update({{"rope_theta", 5e5}, {"rope_scaling", {{"type", "yarn"}, {"factor", 4}, {"original_max_position_embeddings", 512}}}});
  now["rope_parameters"] = {{"rope_theta", 5e5}, {"rope_type", "yarn"}, {"factor", 4}, {"original_max_position_embeddings", 512}};
  EXPECT_EQ(parse(old), parse(now));
  EXPECT_EQ(parse(now).attention.rope.original_positions, 512);
  // where both are there, transformers takes the older one, unless that is empty
  Json both = now;
  both["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 3}};
  EXPECT_EQ(parse(both).attention.rope.scaling, RopeConfig::Scaling::kLinear);
  both["rope_scaling"] = Json::object();
  EXPECT_EQ(parse(both), parse(now));
}

TEST(RopeFields, YarnFollowsFromThePositionsWhereItSaysNothing) {
  Json config = least("llama");
  config["max_position_embeddings"] = 4096;
  config["rope_scaling"] = {{"rope_type", "yarn"}, {"factor", nullptr}, {"original_max_position_embeddings", 512}};
  EXPECT_EQ(parse(config).attention.rope.factor, 8.0);
  config["rope_scaling"]["factor"] = 2.0;
  config["original_max_position_embeddings"] = 1024;  // outside: it counts
  EXPECT_EQ(parse(config).attention.rope.original_positions, 1024);
}

}  // namespace
}  // namespace hone
