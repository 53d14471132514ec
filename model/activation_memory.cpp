#include "model/activation_memory.h"

namespace hone {
namespace {

// All in numbers of four bytes a row.

int64_t attention_dear(const DecoderConfig& c) {
  const AttentionConfig& a = c.attention;
  return c.hidden_size + a.num_heads * (a.cached_value_size() + 1);  // x, attended, lse
}
int64_t attention_again(const DecoderConfig& c) {
  const AttentionConfig& a = c.attention;
  const int64_t normed = 1 + c.hidden_size, H = a.num_heads;
  if (a.is_mla()) {
    const int64_t head = a.nope_size + a.rope_size, q_in = a.q_lora_rank ? a.q_lora_rank : H * head;
    const int64_t in = q_in + a.kv_lora_rank + a.rope_size;
    const int64_t of_q = a.q_lora_rank ? 1 + a.q_lora_rank + H * head : 0;  // q_rstd, q_latent, q
    return normed + in + of_q + 1 + H * (a.kv_lora_rank + a.rope_size) + a.output_size();
  }
  const int64_t in = (H + 2 * a.num_key_heads) * a.head_size;
  const int64_t rstds = a.qk_norm == AttentionConfig::QkNorm::kNone   ? 0
                        : a.qk_norm == AttentionConfig::QkNorm::kHead ? H + a.num_key_heads
                                                                      : 2;
  const bool copied = rstds > 0 || a.clip_qkv > 0;  // q is a view of `in` otherwise
  return normed + in + rstds + (copied ? H * a.head_size : 0);
}

int64_t ffn_dear(const DecoderConfig& c, bool moe) {
  if (!moe) return c.hidden_size;                              // x
  return c.hidden_size + c.moe.num_experts + 4 * c.moe.top_k;  // scores; experts, weights, order, inverse
}
int64_t ffn_again(const DecoderConfig& c, bool moe) {
  const int64_t normed = 1 + c.hidden_size;
  if (!moe) return normed + 3 * c.intermediate_size;  // gate_up, active
  const MoeConfig& m = c.moe;
  const int64_t shared = 3 * m.shared_intermediate_size + (m.shared_gate ? 1 + c.hidden_size : 0);
  return normed + m.top_k * (2 * c.hidden_size + 3 * m.intermediate_size) + shared;
}

}  // namespace

int64_t activation_bytes(const DecoderConfig& c, bool checkpointed) {
  int64_t numbers = 2 * c.hidden_size + 1;  // before and after the final norm
  for (int64_t i = 0; i < c.num_layers; ++i) {
    numbers += attention_dear(c) + ffn_dear(c, c.is_moe(i));
    if (!checkpointed) numbers += attention_again(c) + ffn_again(c, c.is_moe(i));
  }
  return 4 * numbers;
}

}  // namespace hone
