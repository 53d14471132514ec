// Tiny models of every architecture with lively weights, for tests.
#pragma once

#include <string>

#include "model/decoder.h"
#include "model/model_folder.h"

namespace hone {

/// deepseek_v3 with grouped routing and a query latent, qwen2 with biases, qwen3 with q/k norms, also
/// with a tied head; odd sizes on purpose.
inline std::string small_config(const std::string& architecture) {
  const std::string common =
      R"("vocab_size": 97, "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 6, "intermediate_size": 72,
      "max_position_embeddings": 256, "initializer_range": 0.25, "eos_token_id": 1)";
  if (architecture == "deepseek_v3")
    return R"({"model_type": "deepseek_v3", "q_lora_rank": 20, "kv_lora_rank": 24, "qk_nope_head_dim": 12, "qk_rope_head_dim": 6,
      "v_head_dim": 10, "n_routed_experts": 8, "n_shared_experts": 1, "num_experts_per_tok": 3, "moe_intermediate_size": 20, "n_group": 4,
      "topk_group": 2, "first_k_dense_replace": 1, "routed_scaling_factor": 2.5, )" +
           common + "}";
  if (architecture == "qwen3_tied")  // the head is the embedding
    return "{\"model_type\": \"qwen3\", \"tie_word_embeddings\": true, \"num_key_value_heads\": 3, "
           "\"head_dim\": 10, " +
           common + "}";
  return "{\"model_type\": \"" + architecture + "\", \"num_key_value_heads\": 3, \"head_dim\": 10, " +
         common + "}";
}

inline Model small_model(const std::string& architecture, uint64_t seed = 1) {
  const Document document = parse_document("small", small_config(architecture));
  return create_model(document, "", seed);
}

inline Decoder small_decoder(const std::string& architecture, uint64_t seed = 1) {
  Model model = small_model(architecture, seed);
  return Decoder(model.config, model.flat);
}

inline const char* const kArchitectures[] = {"deepseek_v3", "qwen2", "qwen3", "qwen3_tied"};

}  // namespace hone
