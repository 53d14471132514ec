// What the files arch_*.cpp share: a function an architecture that maps its config.json, and the fields that
// several of them read alike. Each is checked against the class of the same name in transformers 5.23.
#pragma once

#include <optional>
#include <string>

#include "core/fields.h"
#include "model/config.h"

namespace hone::arch {

DecoderConfig parse_llama(Fields& f);
DecoderConfig parse_mistral(Fields& f);
DecoderConfig parse_mixtral(Fields& f);
DecoderConfig parse_qwen2(Fields& f);
DecoderConfig parse_qwen2_moe(Fields& f);
DecoderConfig parse_qwen3(Fields& f);
DecoderConfig parse_qwen3_moe(Fields& f);
DecoderConfig parse_olmoe(Fields& f);
DecoderConfig parse_deepseek_v2(Fields& f);
DecoderConfig parse_deepseek_v3(Fields& f);
DecoderConfig parse_gpt_oss(Fields& f);

/// Fields whose only supported value is the given one: anything else would silently change the result.
template <class T>
void only(Fields& f, const std::string& key, T supported) {
  if (f.has(key) && f.get<T>(key, supported) != supported)
    throw f.error(key,
                  concat("got ", f.json()[key].dump(), ", only ", Json(supported).dump(), " is supported"));
}

/// A size: two of them can be multiplied. What all of them come to is checked at the end.
inline Range size_from(double low) { return between(low, 1 << 30); }

/// A class's own defaults, of what config.json does not say.
struct Defaults {
  int64_t max_positions = 0;
  int64_t num_key_heads = 0;  // 0: as many as heads
  double norm_eps = 1e-6, rope_theta = 10000;
  std::optional<int64_t> pad_id;
};

/// Sizes, norms, head, ids, rotary embedding; all layers dense, without windows.
DecoderConfig parse_common(Fields& f, const Defaults& defaults);
/// Grouped-query heads: num_key_value_heads, head_dim (0: hidden_size / num_attention_heads where config.json
/// does not say).
void parse_heads(Fields& f, DecoderConfig& c, const Defaults& defaults, int64_t default_head_size = 0);
/// hidden_size must be a multiple of num_attention_heads, as some classes insist.
void check_heads_divide(const Fields& f, const DecoderConfig& c);
/// q, k, v and output biases by attention_bias.
void parse_attention_bias(Fields& f, DecoderConfig& c, bool fallback);

/// Windows by layer_types, or by `is_sliding` where config.json has none. `window` 0: any sliding layer is an
/// error.
void parse_windows(Fields& f, DecoderConfig& c, int64_t window,
                   bool (*is_sliding)(int64_t layer, int64_t border), int64_t border);
/// sliding_window of classes with use_sliding_window; 0 = off.
int64_t parse_used_window(Fields& f);
/// sliding_window for all layers of classes without layer_types; `absent` where config.json does not say, 0 =
/// off.
void parse_window_of_all(Fields& f, DecoderConfig& c, int64_t absent);

/// Experts of Qwen's and OLMo's kind: softmax over all, top k, norm_topk_prob.
void parse_softmax_experts(Fields& f, DecoderConfig& c);
/// Which layers have them: decoder_sparse_step and mlp_only_layers.
void parse_sparse_steps(Fields& f, DecoderConfig& c);
/// layer_types of classes that do not read it: it must say what they do.
void check_layer_types(Fields& f, const DecoderConfig& c);

/// DeepSeek's latent attention, its experts' sizes and groups.
void parse_latent_attention(Fields& f, DecoderConfig& c);
struct DeepseekDefaults {
  int64_t num_shared_experts, num_groups, top_groups, num_dense_layers;
  double scale;
};
void parse_deepseek_experts(Fields& f, DecoderConfig& c, const DeepseekDefaults& defaults);

/// What is left of config.json when an architecture has read its part: fields that do not change what is computed are let
/// through, switches of other models must be off, and any other field is an InputError.
void finish(Fields& f);

}  // namespace hone::arch
