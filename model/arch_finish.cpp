// The fields of config.json that no architecture reads. What transformers' classes do not look at when they compute, or hold for
// training, generation and bookkeeping alone, is let through by name; what would be on in another model must be off here.
#include <array>
#include <string_view>

#include "model/arch.h"

namespace hone::arch {
namespace {

constexpr const char* kOfNoEffect[] = {
    // bookkeeping
    "architectures", "auto_map", "dtype", "torch_dtype", "transformers_version", "transformers.js_config", "name_or_path",
    "tokenizer_class", "model_max_length", "max_sequence_length", "id2label", "label2id", "num_labels", "problem_type",
    "finetuning_task", "task_specific_params", "prefix", "custom_pipelines", "is_llama_config", "language", "pipeline_tag",
    // how transformers runs, not what it computes
    "use_cache", "pretraining_tp", "torchscript", "use_bfloat16", "tf_legacy_loss", "return_dict", "output_hidden_states",
    "output_attentions", "output_router_logits", "chunk_size_feed_forward", "attn_implementation", "experts_implementation",
    "gradient_checkpointing", "tie_last_hidden_states", "tp_plan", "is_decoder", "cross_attention_hidden_size",
    // losses of training
    "router_aux_loss_coef", "aux_loss_alpha", "seq_aux", "classifier_dropout", "z_loss_coef", "router_z_loss_coef",
    // generation, of older folders; generation_config.json has it now
    "max_length", "max_new_tokens", "min_length", "min_new_tokens", "do_sample", "early_stopping", "num_beams",
    "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "min_p", "typical_p", "epsilon_cutoff",
    "eta_cutoff", "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
    "bad_words_ids", "suppress_tokens", "begin_suppress_tokens", "num_return_sequences", "output_scores",
    "return_dict_in_generate", "remove_invalid_values", "exponential_decay_length_penalty", "forced_decoder_ids",
    "stop_strings", "use_mtp"};

struct Off {
  const char* key;
  const char* value;  // JSON: the value that means nothing
};
constexpr Off kOff[] = {{"is_encoder_decoder", "false"}, {"add_cross_attention", "false"}, {"tie_encoder_decoder", "false"},
                        {"use_mrope", "false"},          {"rope_interleaved", "false"},    {"is_causal", "true"},
                        {"pruned_heads", "{}"},          {"residual_dropout", "0.0"},      {"hidden_dropout", "0.0"},
                        {"embd_pdrop", "0.0"},           {"resid_pdrop", "0.0"}};

/// Of no effect where the architecture has no such switch and they are false.
constexpr const char* kSwitches[] = {"attention_bias", "qkv_bias", "mlp_bias", "use_sliding_window"};

bool is_bookkeeping(std::string_view key) {
  return key.starts_with("_") || key.starts_with("unsloth") || key.ends_with("_token_id") || key.ends_with("_token_ids");
}

}  // namespace

void finish(Fields& f) {
  for (const char* key : kOfNoEffect) f.has(key);
  for (const Off& off : kOff) only(f, off.key, Json::parse(off.value));
  for (const char* key : kSwitches)
    if (f.json().value(key, Json()) == false) f.has(key);
  for (const auto& [key, value] : f.json().items())
    if (value.is_null() || is_bookkeeping(key)) f.has(key);
  f.finish();
}

}  // namespace hone::arch
