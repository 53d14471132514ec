// Any bytes as config.json, and, behind a valid one of each architecture, as the members that it ends with: refused with an InputError
// that names the file, or mapped to a decoder whose tensors lie one behind the other and add up to its parameters.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/error.h"
#include "model/config.h"
#include "model/tensor_list.h"

namespace hone {
namespace {

constexpr int64_t kListed = 4096;  // more experts than this are not listed: it would take long

void check_list(const DecoderConfig& config) {
  if (config.num_layers * (config.moe.num_experts + 1) > kListed) return;
  int64_t at = 0;
  for (const NamedTensor& tensor : list_tensors(config)) {
    if (tensor.offset != at || tensor.size() < 0) std::abort();
    at += tensor.size();
  }
  const ParameterCount count = count_parameters(config);
  if (count.total != at || count.active > count.total || training_bytes(config) < at) std::abort();
}

void check_config(const std::string& text) {
  try {
    const DecoderConfig config = parse_decoder_config(parse_document("config.json", text));
    if (int64_t(config.layers.size()) != config.num_layers || !std::isfinite(config.attention.scale())) std::abort();
    check_list(config);
  } catch (const InputError& error) {
    if (std::string_view(error.what()).substr(0, 11) != "config.json") std::abort();
  }
}

/// A config without its closing brace; the first byte says which.
std::string valid_beginning(uint8_t which) {
  static const char* const kOwn[] = {
      R"("model_type": "llama")",
      R"("model_type": "mistral")",
      R"("model_type": "qwen2")",
      R"("model_type": "qwen3")",
      R"("model_type": "mixtral", "num_local_experts": 4, "num_experts_per_tok": 2)",
      R"("model_type": "qwen2_moe", "num_experts": 4, "num_experts_per_tok": 2)",
      R"("model_type": "qwen3_moe", "num_experts": 4, "num_experts_per_tok": 2)",
      R"("model_type": "olmoe", "num_experts": 4, "num_experts_per_tok": 2)",
      R"("model_type": "deepseek_v2", "n_routed_experts": 4, "num_experts_per_tok": 2, "kv_lora_rank": 8, "qk_nope_head_dim": 8,
         "qk_rope_head_dim": 8, "v_head_dim": 8, "moe_intermediate_size": 8)",
      R"("model_type": "deepseek_v3", "n_routed_experts": 4, "num_experts_per_tok": 2, "kv_lora_rank": 8, "qk_nope_head_dim": 8,
         "qk_rope_head_dim": 8, "v_head_dim": 8, "moe_intermediate_size": 8)",
      R"("model_type": "gpt_oss", "num_local_experts": 4, "num_experts_per_tok": 2)"};
  return std::string("{") + kOwn[which % std::size(kOwn)] +
         R"(, "vocab_size": 32, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 24)";
}

}  // namespace
}  // namespace hone

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  hone::check_config(text);
  if (size > 0) hone::check_config(hone::valid_beginning(data[0]) + ", " + text.substr(1) + "}");
  return 0;
}
