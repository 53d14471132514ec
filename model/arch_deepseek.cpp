// What deepseek_v2 and deepseek_v3 have in common: latent attention, shared experts beside the routed ones,
// dense first layers.
#include "model/arch.h"

namespace hone::arch {

void parse_latent_attention(Fields& f, DecoderConfig& c) {
  AttentionConfig& a = c.attention;
  a.q_lora_rank = f.get("q_lora_rank", int64_t{0}, at_least(0));
  a.kv_lora_rank = f.require<int64_t>("kv_lora_rank", at_least(1));
  a.nope_size = f.require<int64_t>("qk_nope_head_dim", at_least(1));
  a.rope_size = f.require<int64_t>("qk_rope_head_dim", at_least(2));
  a.value_size = f.require<int64_t>("v_head_dim", at_least(1));
  if (a.rope_size % 2 != 0)
    throw f.error("qk_rope_head_dim", concat("got ", a.rope_size, ", expected an even number"));
  only(f, "attention_bias", false);
  only(f, "mlp_bias", false);
}

void parse_deepseek_experts(Fields& f, DecoderConfig& c) {
  MoeConfig& m = c.moe;
  m.num_experts = f.require<int64_t>("n_routed_experts", at_least(1));
  m.top_k = f.require<int64_t>("num_experts_per_tok", between(1, double(m.num_experts)));
  m.intermediate_size = f.require<int64_t>("moe_intermediate_size", at_least(1));
  m.shared_intermediate_size = m.intermediate_size * f.get("n_shared_experts", int64_t{0}, at_least(0));
  m.num_groups = f.get("n_group", int64_t{1}, at_least(1));
  m.top_groups = f.get("topk_group", int64_t{1}, between(1, double(m.num_groups)));
  m.scale = f.get("routed_scaling_factor", 1.0, above(0));
  only(f, "moe_layer_freq", int64_t{1});
  const int64_t dense = f.get("first_k_dense_replace", int64_t{0}, between(0, double(c.num_layers)));
  for (int64_t i = dense; i < c.num_layers; ++i) c.layers[size_t(i)].experts = true;
  if (m.num_experts % m.num_groups != 0)
    throw f.error("n_group",
                  concat("got ", m.num_groups, ", expected a divisor of n_routed_experts ", m.num_experts));
  const int64_t reachable = m.num_experts / m.num_groups * m.top_groups;
  if (m.top_k > reachable)
    throw f.error("num_experts_per_tok",
                  concat("got ", m.top_k, ", but the kept groups hold only ", reachable, " experts"));
}

}  // namespace hone::arch
