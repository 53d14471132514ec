#include "model/config.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/fields.h"
#include "model/arch.h"

namespace hone {
namespace {

struct Architecture {
  const char* type;  // model_type
  const char* class_name;
  DecoderConfig (*parse)(Fields&);
};

constexpr Architecture kArchitectures[] = {
    {"llama", "LlamaForCausalLM", arch::parse_llama},
    {"mistral", "MistralForCausalLM", arch::parse_mistral},
    {"qwen2", "Qwen2ForCausalLM", arch::parse_qwen2},
    {"qwen3", "Qwen3ForCausalLM", arch::parse_qwen3},
    {"mixtral", "MixtralForCausalLM", arch::parse_mixtral},
    {"qwen2_moe", "Qwen2MoeForCausalLM", arch::parse_qwen2_moe},
    {"qwen3_moe", "Qwen3MoeForCausalLM", arch::parse_qwen3_moe},
    {"olmoe", "OlmoeForCausalLM", arch::parse_olmoe},
    {"deepseek_v2", "DeepseekV2ForCausalLM", arch::parse_deepseek_v2},
    {"deepseek_v3", "DeepseekV3ForCausalLM", arch::parse_deepseek_v3},
    {"gpt_oss", "GptOssForCausalLM", arch::parse_gpt_oss},
};

const Architecture& find_architecture(const std::string& type) {
  const auto* found = std::find_if(std::begin(kArchitectures), std::end(kArchitectures),
                                   [&](const Architecture& a) { return a.type == type; });
  check(found != std::end(kArchitectures), "no architecture ", type);
  return *found;
}

/// Refuses what no machine holds, so that nobody behind has to think of products that do not fit: an upper
/// bound of all parameters and of the names of all experts' tensors.
void check_size(const Fields& f, const DecoderConfig& c) {
  const AttentionConfig& a = c.attention;
  const MoeConfig& m = c.moe;
  const double heads = double(a.num_heads) * double(a.nope_size + a.rope_size + a.value_size + a.head_size);
  const double rows = std::max({double(c.vocab_size), heads + 2.0 * double(a.num_key_heads * a.head_size),
                                2.0 * double(c.intermediate_size), 2.0 * double(m.shared_intermediate_size),
                                double(m.num_experts) * (2.0 * double(m.intermediate_size) + 1)});
  const double columns = std::max({double(c.hidden_size), heads, double(a.q_lora_rank), double(a.kv_lora_rank)});
  const double bound = rows * columns * (20.0 * double(c.num_layers) + 20);
  if (bound > 1e18) throw f.error("hidden_size", concat("about ", bound, " parameters with the other sizes, expected at most 1e18"));
  if (double(c.num_layers) * double(m.num_experts) > 1 << 20)
    throw f.error("num_hidden_layers", concat("got ", c.num_layers, " layers of ", m.num_experts, " experts, expected at most ", 1 << 20, " experts in all"));
}

}  // namespace

double AttentionConfig::scale() const {
  const double scale = 1.0 / std::sqrt(double(is_mla() ? nope_size + rope_size : head_size));
  return is_mla() && rope.score_multiplier ? scale * *rope.score_multiplier : scale;
}

int64_t DecoderConfig::num_dense_layers() const {
  return std::count_if(layers.begin(), layers.end(), [](const LayerConfig& l) { return !l.experts; });
}

DecoderConfig parse_decoder_config(const Document& document, const std::string& pointer) {
  Fields f(document, pointer);
  std::vector<std::string> types;
  std::string list;
  for (const Architecture& a : kArchitectures)
    types.push_back(a.type), list += concat(list.empty() ? "" : ", ", a.type);
  if (!f.has("model_type")) throw f.error("model_type", "missing; expected one of " + list);
  const std::string type = f.one_of("model_type", "", types);
  DecoderConfig c = find_architecture(type).parse(f);
  c.architecture = type;
  arch::finish(f);
  check_size(f, c);
  return c;
}

std::string class_name(const std::string& architecture) { return find_architecture(architecture).class_name; }

}  // namespace hone
