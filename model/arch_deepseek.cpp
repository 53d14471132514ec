// What deepseek_v2 and deepseek_v3 have in common: latent attention, shared experts beside the routed ones,
// dense first layers.
#include <algorithm>

#include "model/arch.h"

namespace hone::arch {
namespace {

/// `absent` is what a missing field means, `null` what null means.
int64_t get_or_null(Fields& f, const std::string& key, int64_t absent, int64_t null, const Range& range) {
  return f.get(key, f.json().contains(key) ? null : absent, range);
}

}  // namespace

void parse_latent_attention(Fields& f, DecoderConfig& c) {
  AttentionConfig& a = c.attention;
  const bool said = f.json().contains("q_lora_rank");  // null: none
  a.q_lora_rank = f.get("q_lora_rank", int64_t{said ? 0 : 1536}, size_from(0));
  a.kv_lora_rank = f.require<int64_t>("kv_lora_rank", size_from(1));
  a.nope_size = f.require<int64_t>("qk_nope_head_dim", size_from(1));
  a.rope_size = f.require<int64_t>("qk_rope_head_dim", size_from(2));
  a.value_size = f.require<int64_t>("v_head_dim", size_from(1));
  if (a.rope_size % 2 != 0)
    throw f.error("qk_rope_head_dim", concat("got ", a.rope_size, ", expected an even number"));
  if (const int64_t kv = f.get("num_key_value_heads", a.num_heads); kv != a.num_heads)
    throw f.error("num_key_value_heads", concat("got ", kv, ", expected num_attention_heads ", a.num_heads));
  for (const char* derived : {"head_dim", "qk_head_dim"}) f.has(derived);
  only(f, "attention_bias", false);
  only(f, "mlp_bias", false);
}

void parse_deepseek_experts(Fields& f, DecoderConfig& c, const DeepseekDefaults& defaults) {
  MoeConfig& m = c.moe;
  m.num_experts = f.require<int64_t>("n_routed_experts", size_from(1));
  m.top_k = f.require<int64_t>("num_experts_per_tok", between(1, double(m.num_experts)));
  m.intermediate_size = f.require<int64_t>("moe_intermediate_size", size_from(1));
  m.shared_intermediate_size = m.intermediate_size * get_or_null(f, "n_shared_experts", defaults.num_shared_experts, 0, size_from(0));
  m.num_groups = get_or_null(f, "n_group", defaults.num_groups, 1, size_from(1));
  m.top_groups = get_or_null(f, "topk_group", defaults.top_groups, 1, between(1, double(m.num_groups)));
  m.scale = f.get("routed_scaling_factor", defaults.scale, above(0));
  only(f, "moe_layer_freq", int64_t{1});
  for (const char* own : {"ep_size", "num_nextn_predict_layers", "num_mtp_layers"}) f.has(own);  // the files tell
  const int64_t dense = get_or_null(f, "first_k_dense_replace", defaults.num_dense_layers, 0, size_from(0));
  for (int64_t i = std::min(dense, c.num_layers); i < c.num_layers; ++i) c.layers[size_t(i)].experts = true;
  if (m.num_experts % m.num_groups != 0)
    throw f.error("n_group",
                  concat("got ", m.num_groups, ", expected a divisor of n_routed_experts ", m.num_experts));
  const int64_t reachable = m.num_experts / m.num_groups * m.top_groups;
  if (m.top_k > reachable)
    throw f.error("num_experts_per_tok",
                  concat("got ", m.top_k, ", but the kept groups hold only ", reachable, " experts"));
}

}  // namespace hone::arch
