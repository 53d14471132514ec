// qwen3_moe: Qwen3MoeForCausalLM, of Qwen3-30B-A3B and its kin. A window, where one is in use, is of all
// layers.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 32768, .num_key_heads = 4};
}

DecoderConfig parse_qwen3_moe(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  parse_attention_bias(f, c, false);
  c.attention.qk_norm = AttentionConfig::QkNorm::kHead;
  parse_softmax_experts(f, c);
  c.moe.intermediate_size = f.get("moe_intermediate_size", int64_t{768}, size_from(1));
  parse_sparse_steps(f, c);
  const int64_t window = parse_used_window(f);
  for (LayerConfig& layer : c.layers) layer.window = window;
  check_layer_types(f, c);
  f.has("max_window_layers");  // of no effect in this class
  return c;
}

}  // namespace hone::arch
