// Fields that several architectures read alike. Field names and defaults are transformers'.
#include <algorithm>

#include "model/arch.h"
#include "model/rope_config.h"

namespace hone::arch {
namespace {

/// Only how weights are stored: transformers' settings of how to compute with them are its own.
QuantizationConfig parse_quantization(Fields& f) {
  Fields q = f.child("quantization_config");
  QuantizationConfig out;
  const std::string method = q.one_of("quant_method", "", {"fp8", "mxfp4"});
  for (const char* own : {"activation_scheme", "scale_fmt", "modules_to_not_convert", "dequantize"}) q.has(own);
  out.kind = method == "fp8" ? QuantizationConfig::Kind::kFloat8 : QuantizationConfig::Kind::kMxfp4;
  if (method == "mxfp4") return out;
  only<std::string>(q, "fmt", "e4m3");
  const auto block = q.get<std::vector<int64_t>>("weight_block_size", {128, 128});
  if (block.size() != 2 || block[0] < 1 || block[1] < 1)
    throw q.error("weight_block_size",
                  concat("got ", q.json()["weight_block_size"].dump(), ", expected two sizes"));
  out.block_rows = block[0], out.block_columns = block[1];
  return out;
}

}  // namespace

DecoderConfig parse_common(Fields& f, const Defaults& defaults) {
  DecoderConfig c;
  c.vocab_size = f.require<int64_t>("vocab_size", size_from(1));
  c.hidden_size = f.require<int64_t>("hidden_size", size_from(1));
  c.num_layers = f.require<int64_t>("num_hidden_layers", between(1, 100000));
  c.intermediate_size = f.require<int64_t>("intermediate_size", size_from(1));
  c.max_positions = f.get("max_position_embeddings", defaults.max_positions, between(1, 1 << 30));
  c.norm_eps = f.get("rms_norm_eps", defaults.norm_eps, above(0));
  c.initializer_range = f.get("initializer_range", 0.02, at_least(0));
  c.tied_head = f.get("tie_word_embeddings", false);
  c.layers.resize(size_t(c.num_layers));
  c.attention.num_heads = f.require<int64_t>("num_attention_heads", size_from(1));
  c.attention.rope = parse_rope(f, defaults.rope_theta, c.max_positions);
  f.one_of("hidden_act", "silu", {"silu", "swish"});
  only(f, "attention_dropout", 0.0);
  if (f.has("quantization_config")) c.quantization = parse_quantization(f);
  if (!f.json().contains("pad_token_id"))
    c.pad_id = defaults.pad_id;
  else if (f.has("pad_token_id"))
    c.pad_id = f.get<int64_t>("pad_token_id", 0);
  c.source = f.json();
  return c;
}

void parse_heads(Fields& f, DecoderConfig& c, const Defaults& defaults, int64_t default_head_size) {
  AttentionConfig& a = c.attention;
  const bool said = f.json().contains("num_key_value_heads");  // null: as many as heads
  a.num_key_heads = f.get("num_key_value_heads",
                          said || !defaults.num_key_heads ? a.num_heads : defaults.num_key_heads, size_from(1));
  const bool fixed = default_head_size && !f.json().contains("head_dim");
  a.head_size = f.get("head_dim", fixed ? default_head_size : c.hidden_size / a.num_heads, size_from(2));
  if (a.num_heads % a.num_key_heads != 0)
    throw f.error("num_key_value_heads",
                  concat(said ? "got " : "missing, by default ", a.num_key_heads,
                         ", expected a divisor of num_attention_heads ", a.num_heads));
  if (a.head_size < 2 || a.head_size % 2 != 0)
    throw f.error("head_dim", concat("got ", a.head_size, ", expected an even number"));
}

void check_heads_divide(const Fields& f, const DecoderConfig& c) {
  if (c.hidden_size % c.attention.num_heads != 0)
    throw f.error("hidden_size", concat("got ", c.hidden_size, ", expected a multiple of num_attention_heads ",
                                        c.attention.num_heads));
}

void parse_attention_bias(Fields& f, DecoderConfig& c, bool fallback) {
  c.attention.qkv_bias = c.attention.output_bias = f.get("attention_bias", fallback);
}

void parse_windows(Fields& f, DecoderConfig& c, int64_t window, bool (*is_sliding)(int64_t, int64_t),
                   int64_t border) {
  const auto types = f.get<std::vector<std::string>>("layer_types", {});
  if (!types.empty() && int64_t(types.size()) != c.num_layers)
    throw f.error("layer_types",
                  concat("got ", types.size(), " layers, expected num_hidden_layers ", c.num_layers));
  for (int64_t i = 0; i < c.num_layers; ++i) {
    bool sliding = window > 0 && is_sliding(i, border);
    if (!types.empty()) {
      const std::string& type = types[size_t(i)];
      sliding = type == "sliding_attention";
      if (!sliding && type != "full_attention" && type != "attention")  // the last is the first one's old name
        throw f.error("layer_types", "got \"" + type + "\", expected full_attention or sliding_attention");
      if (sliding && window == 0)
        throw f.error("layer_types", "got \"sliding_attention\", but no sliding_window is in use");
    }
    if (sliding) c.layers[size_t(i)].window = window;
  }
}

int64_t parse_used_window(Fields& f) {
  const bool used = f.get("use_sliding_window", false);
  const int64_t window =
      f.json().contains("sliding_window") ? f.get("sliding_window", int64_t{0}, size_from(0)) : 4096;
  return used ? window : 0;
}

void parse_window_of_all(Fields& f, DecoderConfig& c, int64_t absent) {
  const int64_t window =
      f.json().contains("sliding_window") ? f.get("sliding_window", int64_t{0}, size_from(1)) : absent;
  for (LayerConfig& layer : c.layers) layer.window = window;
  check_layer_types(f, c);
}

void check_layer_types(Fields& f, const DecoderConfig& c) {
  const std::string expected = c.layers[0].window ? "sliding_attention" : "full_attention";
  for (const std::string& type : f.get<std::vector<std::string>>("layer_types", {}))
    if (type != expected)
      throw f.error("layer_types", concat("got ", Json(type).dump(), ", but a ", f.json()["model_type"].get<std::string>(), " of these windows has ", expected, " in all layers"));
}

void parse_softmax_experts(Fields& f, DecoderConfig& c) {
  MoeConfig& m = c.moe;
  m.num_experts = f.require<int64_t>(f.has("num_local_experts") ? "num_local_experts" : "num_experts", size_from(1));
  m.top_k = f.require<int64_t>("num_experts_per_tok", between(1, double(m.num_experts)));
  m.normalize = f.get("norm_topk_prob", false);
  for (LayerConfig& layer : c.layers) layer.experts = true;
}

void parse_sparse_steps(Fields& f, DecoderConfig& c) {
  const int64_t step = f.get("decoder_sparse_step", int64_t{1}, size_from(1));
  const auto dense = f.get<std::vector<int64_t>>("mlp_only_layers", {});
  for (int64_t i = 0; i < c.num_layers; ++i)
    c.layers[size_t(i)].experts =
        (i + 1) % step == 0 && std::find(dense.begin(), dense.end(), i) == dense.end();
}

}  // namespace hone::arch
