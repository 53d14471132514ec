// Tiny models of every architecture with lively weights, for tests.
#pragma once

#include <string>

#include "model/decoder.h"
#include "model/model_folder.h"

namespace hone {

/// Odd sizes on purpose. deepseek_v3 with grouped routing and a query latent, qwen2 with biases, qwen3 with
/// q/k norms, also with a tied head; the others with what sets them apart: windows, sinks, scaled rotary
/// embeddings, gates, biases, clipping.
inline std::string small_config(const std::string& architecture) {
  const std::string common =
      R"("vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 6, "intermediate_size": 72,
      "max_position_embeddings": 256, "initializer_range": 0.25, "eos_token_id": 1)";
  const std::string yarn =
      R"("rope_scaling": {"type": "yarn", "factor": 4, "original_max_position_embeddings": 64, "mscale": 1.0, "mscale_all_dim": 0.7})";
  const std::string experts = R"("num_experts": 7, "num_experts_per_tok": 3, "moe_intermediate_size": 20)";
  const std::string latent =
      R"("kv_lora_rank": 24, "qk_nope_head_dim": 12, "qk_rope_head_dim": 6, "v_head_dim": 10,
      "n_routed_experts": 8, "num_experts_per_tok": 3, "moe_intermediate_size": 20, "n_group": 4, "topk_group": 2)";
  const auto config = [&](const std::string& type, const std::string& own) {
    return "{\"model_type\": \"" + type + "\", " + own + ", " + common + "}";
  };
  if (architecture == "deepseek_v3")
    return config(architecture,
                  latent + R"(, "q_lora_rank": 20, "n_shared_experts": 1, "first_k_dense_replace": 1,
      "routed_scaling_factor": 2.5)");
  if (architecture == "deepseek_v2")
    return config(architecture,
                  latent + R"(, "q_lora_rank": null, "n_shared_experts": 2, "routed_scaling_factor": 3,
      "topk_method": "group_limited_greedy", )" +
                      yarn);
  if (architecture == "llama")
    return config(
        architecture,
        R"("num_key_value_heads": 2, "attention_bias": true, "mlp_bias": true, "rope_scaling": {"rope_type":
      "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64})");
  if (architecture == "mistral")
    return config(architecture, R"("num_key_value_heads": 1, "sliding_window": 21)");
  if (architecture == "mixtral")
    return config(architecture, R"("num_key_value_heads": 3, "num_local_experts": 5)" +
                                    std::string(R"(, "num_experts_per_tok": 2)"));
  if (architecture == "qwen2_moe")
    return config(architecture,
                  experts + R"(, "num_key_value_heads": 6, "shared_expert_intermediate_size": 28)" +
                      R"(, "decoder_sparse_step": 2)");
  if (architecture == "qwen3_moe")
    return config(
        architecture,
        experts + R"(, "num_key_value_heads": 2, "head_dim": 14, "norm_topk_prob": true, "attention_bias":
      true, "use_sliding_window": true, "sliding_window": 16)");
  if (architecture == "olmoe")
    return config(architecture, R"("num_experts": 7, "num_experts_per_tok": 3, "num_key_value_heads": 3, "clip_qkv": 2.0)");
  if (architecture == "gpt_oss")
    return config(
        architecture,
        R"("num_key_value_heads": 2, "head_dim": 12, "num_local_experts": 6, "num_experts_per_tok": 2,
      "sliding_window": 19)");
  if (architecture == "qwen3_tied")  // the head is the embedding
    return config("qwen3", R"("tie_word_embeddings": true, "num_key_value_heads": 3, "head_dim": 10)");
  return config(architecture, R"("num_key_value_heads": 3, "head_dim": 10)");
}

inline Model small_model(const std::string& architecture, uint64_t seed = 1) {
  const Document document = parse_document("small", small_config(architecture));
  return create_model(document, "", seed);
}

inline Decoder small_decoder(const std::string& architecture, uint64_t seed = 1) {
  Model model = small_model(architecture, seed);
  return Decoder(model.config, model.flat);
}

inline const char* const kArchitectures[] = {"deepseek_v3", "qwen2",   "qwen3",   "qwen3_tied",
                                             "llama",       "mistral", "mixtral", "qwen2_moe",
                                             "qwen3_moe",   "olmoe",   "gpt_oss", "deepseek_v2"};

}  // namespace hone
