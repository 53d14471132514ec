// What a decoder is made of: the one description that every architecture's config.json is mapped to. Torch-
// free.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"

namespace hone {

/// Rotary position embedding and how it reaches further than the model was trained at first.
struct RopeConfig {
  /// kDynamic (dynamic NTK) only changes what lies beyond max_positions, which no sequence reaches.
  enum class Scaling { kNone, kLinear, kDynamic, kYarn, kLlama3 };
  double theta = 10000;
  bool interleaved = false;  // pairs (2i, 2i+1) as DeepSeek's checkpoints have them, else (i, i + D/2)
  Scaling scaling = Scaling::kNone;
  double factor = 1;               // how much further
  int64_t original_positions = 0;  // YaRN, llama3: positions of the first training
  double beta_fast = 32, beta_slow = 1;
  bool truncate = true;                    // YaRN: its ramp's borders are whole numbers
  double low_frequency_factor = 1;         // llama3
  double high_frequency_factor = 4;        // llama3
  double table_scale = 1;                  // of cosines and sines (YaRN's attention factor)
  std::optional<double> score_multiplier;  // of attention's scale (DeepSeek's mscale squared)
  bool operator==(const RopeConfig&) const = default;
};

/// Grouped-query attention, or multi-head latent attention (arXiv 2405.04434) when kv_lora_rank > 0.
struct AttentionConfig {
  enum class QkNorm { kNone, kHead, kProjection };  // RMSNorm of every head, or of all heads at once
  int64_t num_heads = 0;
  int64_t num_key_heads = 0;       // GQA only
  int64_t head_size = 0;           // GQA only
  bool qkv_bias = false;           // GQA only
  bool output_bias = false;        // GQA only
  QkNorm qk_norm = QkNorm::kNone;  // GQA only, before the rotary embedding
  double clip_qkv = 0;             // GQA only: projections are clamped to +- this; 0 = off
  bool sinks = false;              // GQA only: a further logit a head in the softmax
  int64_t q_lora_rank = 0;         // MLA; 0 = queries straight from the hidden state
  int64_t kv_lora_rank = 0;        // MLA
  int64_t nope_size = 0, rope_size = 0, value_size = 0;  // MLA, per head
  RopeConfig rope;

  bool is_mla() const { return kv_lora_rank > 0; }
  int64_t rotated_size() const { return is_mla() ? rope_size : head_size; }
  int64_t key_size() const { return is_mla() ? kv_lora_rank + rope_size : head_size; }  // Dk of the cache
  int64_t cached_value_size() const { return is_mla() ? kv_lora_rank : head_size; }     // Dv of the cache
  int64_t cached_heads() const { return is_mla() ? 1 : num_key_heads; }                 // J of the cache
  int64_t output_size() const {
    return num_heads * (is_mla() ? value_size : head_size);
  }                      // input of the output projection
  double scale() const;  // of the scores
  bool operator==(const AttentionConfig&) const = default;
};

/// A mixture-of-experts block (DeepSeekMoE, arXiv 2401.06066).
struct MoeConfig {
  int64_t num_experts = 0, top_k = 0, intermediate_size = 0;
  int64_t shared_intermediate_size = 0;  // all shared experts side by side; 0 = none
  bool shared_gate = false;              // the shared experts' output times sigmoid of a projection
  int64_t num_groups = 1, top_groups = 1;
  bool sigmoid = false;          // scores; false: softmax
  bool correction_bias = false;  // of the choice only (e_score_correction_bias)
  bool normalize = false;        // the chosen weights sum to 1
  double scale = 1.0;            // routed_scaling_factor
  bool router_bias = false;      // of the logits
  /// gpt_oss: experts with biases, gate and up interleaved, clamped SwiGLU; stored as [E, in, out].
  struct Clamped {
    double alpha = 1.702, limit = 7;
    bool operator==(const Clamped&) const = default;
  };
  std::optional<Clamped> clamped;
  bool operator==(const MoeConfig&) const = default;
};

/// How a checkpoint calls the tensors of a feed-forward block.
struct FeedForwardNames {
  std::string block = "mlp.", router = "gate", shared = "shared_experts.";
  std::string gate = "gate_proj", up = "up_proj", down = "down_proj";  // of an expert
  bool operator==(const FeedForwardNames&) const = default;
};

/// How a folder stores the matrices that it quantises; they are expanded at load.
struct QuantizationConfig {
  enum class Kind { kNone, kFloat8, kMxfp4 } kind = Kind::kNone;
  int64_t block_rows = 128, block_columns = 128;  // of float8: numbers that share a scale
  bool operator==(const QuantizationConfig&) const = default;
};

struct LayerConfig {
  bool experts = false;
  int64_t window = 0;  // a row sees this many keys, its own included; 0 = all
  bool operator==(const LayerConfig&) const = default;
};

struct DecoderConfig {
  std::string architecture;  // model_type
  int64_t vocab_size = 0, hidden_size = 0, num_layers = 0;
  int64_t intermediate_size = 0;  // of dense layers
  int64_t max_positions = 0;
  double norm_eps = 1e-6, latent_norm_eps = 1e-6, initializer_range = 0.02;
  bool tied_head = false;
  bool mlp_bias = false;  // of dense layers
  AttentionConfig attention;
  MoeConfig moe;
  FeedForwardNames names;
  QuantizationConfig quantization;
  std::vector<LayerConfig> layers;  // [num_layers]
  int64_t num_mtp_layers = 0;  // multi-token prediction: kept and written back, not computed; load finds them
  std::optional<int64_t> pad_id;  // its embedding starts as zeros
  Json source;                    // config.json as it was read: written back unchanged

  bool is_moe(int64_t layer) const { return layers[size_t(layer)].experts; }
  int64_t num_dense_layers() const;
  bool operator==(const DecoderConfig&) const = default;
};

/// Maps a config.json. An unknown architecture, or a field that would change the result and is not supported,
/// is an InputError.
DecoderConfig parse_decoder_config(const Document& document, const std::string& pointer = "");

/// transformers' name of the class, for "architectures".
std::string class_name(const std::string& architecture);

}  // namespace hone
