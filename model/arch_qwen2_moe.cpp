// qwen2_moe: Qwen2MoeForCausalLM, of Qwen1.5-MoE and Qwen2-57B-A14B. The shared expert's output is gated;
// every other of the first max_window_layers layers may have a window.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 32768, .num_key_heads = 16};
}

DecoderConfig parse_qwen2_moe(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  c.attention.qkv_bias = f.get("qkv_bias", true);
  parse_softmax_experts(f, c);
  c.moe.intermediate_size = f.get("moe_intermediate_size", int64_t{1408}, size_from(1));
  c.moe.shared_intermediate_size = f.get("shared_expert_intermediate_size", int64_t{5632}, size_from(1));
  c.moe.shared_gate = true;
  c.names.shared = "shared_expert.";
  parse_sparse_steps(f, c);
  f.has("attention_bias");  // of other classes: the biases here are fixed
  const int64_t border = f.get("max_window_layers", int64_t{28}, size_from(0));
  parse_windows(
      f, c, parse_used_window(f), [](int64_t layer, int64_t end) { return layer % 2 == 0 && layer < end; },
      border);
  return c;
}

}  // namespace hone::arch
