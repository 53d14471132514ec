// qwen2: Qwen2ForCausalLM, of Qwen2 and Qwen2.5. Biases of queries, keys and values always; layers from
// max_window_layers on may have a window.
#include "model/arch.h"

namespace hone::arch {

DecoderConfig parse_qwen2(Fields& f) {
  DecoderConfig c = parse_common(f, {});
  parse_heads(f, c);
  c.attention.qkv_bias = true;
  const int64_t border = f.get("max_window_layers", int64_t{28}, at_least(0));
  parse_windows(
      f, c, parse_used_window(f), [](int64_t layer, int64_t first) { return layer >= first; }, border);
  return c;
}

}  // namespace hone::arch
