// What a decoder is made of: the one description that every architecture's config.json is mapped to. Torch-free.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"

namespace hone {

struct RopeConfig {
  double theta = 10000;
  bool interleaved = false;  // pairs (2i, 2i+1) as DeepSeek's checkpoints have them, else (i, i + D/2)
};

/// Grouped-query attention, or multi-head latent attention (arXiv 2405.04434) when kv_lora_rank > 0.
struct AttentionConfig {
  int64_t num_heads = 0;
  int64_t num_key_heads = 0;  // GQA only
  int64_t head_size = 0;      // GQA only
  bool qkv_bias = false;      // GQA only
  bool qk_norm = false;       // GQA only: RMSNorm of every query and key head before the rotary embedding
  int64_t q_lora_rank = 0;    // MLA; 0 = queries straight from the hidden state
  int64_t kv_lora_rank = 0;   // MLA
  int64_t nope_size = 0, rope_size = 0, value_size = 0;  // MLA, per head
  RopeConfig rope;

  bool is_mla() const { return kv_lora_rank > 0; }
  int64_t key_size() const { return is_mla() ? kv_lora_rank + rope_size : head_size; }  // Dk of the cache
  int64_t cached_value_size() const { return is_mla() ? kv_lora_rank : head_size; }     // Dv of the cache
  int64_t cached_heads() const { return is_mla() ? 1 : num_key_heads; }                 // J of the cache
  int64_t output_size() const {
    return num_heads * (is_mla() ? value_size : head_size);
  }                      // input of the output projection
  double scale() const;  // of the scores
};

/// A mixture-of-experts block (DeepSeekMoE, arXiv 2401.06066).
struct MoeConfig {
  int64_t num_experts = 0, top_k = 0, intermediate_size = 0;
  int64_t shared_intermediate_size = 0;  // all shared experts side by side; 0 = none
  int64_t num_groups = 1, top_groups = 1;
  bool sigmoid = true, correction_bias = true, normalize = true;
  double scale = 1.0;  // routed_scaling_factor
};

struct DecoderConfig {
  std::string architecture;  // model_type: deepseek_v3, qwen2, qwen3
  int64_t vocab_size = 0, hidden_size = 0, num_layers = 0;
  int64_t intermediate_size = 0;  // of dense layers
  int64_t num_dense_layers = 0;   // leading layers without experts
  int64_t max_positions = 0;
  double norm_eps = 1e-6, latent_norm_eps = 1e-6, initializer_range = 0.02;
  bool tied_head = false;
  AttentionConfig attention;
  MoeConfig moe;
  std::vector<int32_t> eos_ids;  // may be empty
  Json source;                   // config.json as it was read: written back unchanged

  bool is_moe(int64_t layer) const { return moe.num_experts > 0 && layer >= num_dense_layers; }
};

/// Maps a config.json. An unknown architecture, or a field that would change the result and is not supported, is an InputError.
DecoderConfig parse_decoder_config(const Document& document, const std::string& pointer = "");

}  // namespace hone
