#include "model/config.h"

#include <cmath>

#include "core/fields.h"

namespace hone {
namespace {

/// Fields whose only supported value is the given one: anything else would silently change the result.
template <class T>
void only(Fields& f, const std::string& key, T supported) {
  if (f.has(key) && f.get<T>(key, supported) != supported)
    throw f.error(key,
                  concat("got ", f.json()[key].dump(), ", only ", Json(supported).dump(), " is supported"));
}

RopeConfig parse_rope(Fields& f) {
  RopeConfig rope;
  rope.theta = f.get("rope_theta", 10000.0, above(0));
  for (const char* key : {"rope_parameters", "rope_scaling"}) {
    if (!f.has(key)) continue;
    Fields p = f.child(key);
    rope.theta = p.get("rope_theta", rope.theta, above(0));
    for (const char* type : {"rope_type", "type"})
      if (p.has(type)) only<std::string>(p, type, "default");
    only(p, "partial_rotary_factor", 1.0);
  }
  return rope;
}

DecoderConfig parse_common(Fields& f) {
  DecoderConfig c;
  c.vocab_size = f.require<int64_t>("vocab_size", at_least(1));
  c.hidden_size = f.require<int64_t>("hidden_size", at_least(1));
  c.num_layers = f.require<int64_t>("num_hidden_layers", at_least(1));
  c.intermediate_size = f.require<int64_t>("intermediate_size", at_least(1));
  c.max_positions = f.get("max_position_embeddings", int64_t{4096}, at_least(1));
  c.norm_eps = f.get("rms_norm_eps", 1e-6, above(0));
  c.initializer_range = f.get("initializer_range", 0.02, above(0));
  c.tied_head = f.get("tie_word_embeddings", false);
  c.num_dense_layers = c.num_layers;
  c.attention.num_heads = f.require<int64_t>("num_attention_heads", at_least(1));
  c.attention.rope = parse_rope(f);
  only<std::string>(f, "hidden_act", "silu");
  only(f, "mlp_bias", false);
  if (f.has("eos_token_id")) {
    if (f.json()["eos_token_id"].is_array()) {
      for (int64_t id : f.get<std::vector<int64_t>>("eos_token_id", {})) c.eos_ids.push_back(int32_t(id));
    } else {
      c.eos_ids.push_back(int32_t(f.get<int64_t>("eos_token_id", 0)));
    }
  }
  c.source = f.json();
  return c;
}

DecoderConfig parse_qwen(Fields& f, const std::string& type) {
  DecoderConfig c = parse_common(f);
  AttentionConfig& a = c.attention;
  a.num_key_heads = f.get("num_key_value_heads", a.num_heads, at_least(1));
  a.head_size = f.get("head_dim", c.hidden_size / a.num_heads, at_least(2));
  a.qkv_bias = type == "qwen2" || f.get("attention_bias", false);
  a.qk_norm = type == "qwen3";
  only(f, "use_sliding_window", false);
  if (type == "qwen3") only(f, "attention_bias", false);  // its output projection would have one too
  for (const std::string& layer : f.get<std::vector<std::string>>("layer_types", {}))
    if (layer != "full_attention")
      throw f.error("layer_types", "got \"" + layer + "\", only \"full_attention\" is supported");
  if (a.num_heads % a.num_key_heads != 0)
    throw f.error("num_key_value_heads", concat("got ", a.num_key_heads,
                                                ", expected a divisor of num_attention_heads ", a.num_heads));
  if (a.head_size % 2 != 0)
    throw f.error("head_dim", concat("got ", a.head_size, ", expected an even number"));
  return c;
}

void parse_experts(Fields& f, DecoderConfig& c) {
  MoeConfig& m = c.moe;
  m.num_experts = f.require<int64_t>("n_routed_experts", at_least(1));
  m.top_k = f.require<int64_t>("num_experts_per_tok", between(1, double(m.num_experts)));
  m.intermediate_size = f.require<int64_t>("moe_intermediate_size", at_least(1));
  m.shared_intermediate_size = m.intermediate_size * f.get("n_shared_experts", int64_t{0}, at_least(0));
  m.num_groups = f.get("n_group", int64_t{1}, at_least(1));
  m.top_groups = f.get("topk_group", int64_t{1}, between(1, double(m.num_groups)));
  m.normalize = f.get("norm_topk_prob", true);
  m.scale = f.get("routed_scaling_factor", 1.0, above(0));
  c.num_dense_layers = f.get("first_k_dense_replace", int64_t{0}, between(0, double(c.num_layers)));
  only<std::string>(f, "scoring_func", "sigmoid");
  only<std::string>(f, "topk_method", "noaux_tc");
  only(f, "moe_layer_freq", int64_t{1});
  if (m.num_experts % m.num_groups != 0)
    throw f.error("n_group",
                  concat("got ", m.num_groups, ", expected a divisor of n_routed_experts ", m.num_experts));
  const int64_t reachable = m.num_experts / m.num_groups * m.top_groups;
  if (m.top_k > reachable)
    throw f.error("num_experts_per_tok",
                  concat("got ", m.top_k, ", but the kept groups hold only ", reachable, " experts"));
}

DecoderConfig parse_deepseek_v3(Fields& f) {
  DecoderConfig c = parse_common(f);
  AttentionConfig& a = c.attention;
  a.q_lora_rank = f.get("q_lora_rank", int64_t{0}, at_least(0));
  a.kv_lora_rank = f.require<int64_t>("kv_lora_rank", at_least(1));
  a.nope_size = f.require<int64_t>("qk_nope_head_dim", at_least(1));
  a.rope_size = f.require<int64_t>("qk_rope_head_dim", at_least(2));
  a.value_size = f.require<int64_t>("v_head_dim", at_least(1));
  a.rope.interleaved = f.get("rope_interleave", true);
  if (a.rope_size % 2 != 0)
    throw f.error("qk_rope_head_dim", concat("got ", a.rope_size, ", expected an even number"));
  only(f, "attention_bias", false);
  if (f.has("quantization_config"))
    throw f.error("quantization_config", "quantised weights are not supported");
  parse_experts(f, c);
  return c;
}

}  // namespace

double AttentionConfig::scale() const {
  return 1.0 / std::sqrt(double(is_mla() ? nope_size + rope_size : head_size));
}

DecoderConfig parse_decoder_config(const Document& document, const std::string& pointer) {
  Fields f(document, pointer);
  const std::string type = f.one_of("model_type", "", {"deepseek_v3", "qwen2", "qwen3"});
  if (type.empty()) throw f.error("model_type", "missing; expected deepseek_v3, qwen2 or qwen3");
  DecoderConfig c = type == "deepseek_v3" ? parse_deepseek_v3(f) : parse_qwen(f, type);
  c.architecture = type;
  return c;
}

}  // namespace hone
