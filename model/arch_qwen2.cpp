// qwen2: Qwen2ForCausalLM, of Qwen2 and Qwen2.5. Biases of queries, keys and values always; layers from
// max_window_layers on may have a window.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 32768, .num_key_heads = 32};
}

DecoderConfig parse_qwen2(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  c.attention.qkv_bias = true;
  f.has("attention_bias");  // of other classes: the biases here are fixed
  const int64_t border = f.get("max_window_layers", int64_t{28}, size_from(0));
  parse_windows(
      f, c, parse_used_window(f), [](int64_t layer, int64_t first) { return layer >= first; }, border);
  return c;
}

}  // namespace hone::arch
