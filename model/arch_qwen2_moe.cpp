// qwen2_moe: Qwen2MoeForCausalLM, of Qwen1.5-MoE and Qwen2-57B-A14B. The shared expert's output is gated;
// every other of the first max_window_layers layers may have a window.
#include "model/arch.h"

namespace hone::arch {

DecoderConfig parse_qwen2_moe(Fields& f) {
  DecoderConfig c = parse_common(f, {});
  parse_heads(f, c);
  c.attention.qkv_bias = f.get("qkv_bias", true);
  parse_softmax_experts(f, c);
  c.moe.intermediate_size = f.get("moe_intermediate_size", int64_t{1408}, at_least(1));
  c.moe.shared_intermediate_size = f.get("shared_expert_intermediate_size", int64_t{5632}, at_least(1));
  c.moe.shared_gate = true;
  c.names.shared = "shared_expert.";
  parse_sparse_steps(f, c);
  const int64_t border = f.get("max_window_layers", int64_t{28}, at_least(0));
  parse_windows(
      f, c, parse_used_window(f), [](int64_t layer, int64_t end) { return layer % 2 == 0 && layer < end; },
      border);
  return c;
}

}  // namespace hone::arch
