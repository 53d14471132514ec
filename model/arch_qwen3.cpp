// qwen3: Qwen3ForCausalLM. RMSNorm of every query and key head; the head size does not follow from the hidden
// size.
#include "model/arch.h"

namespace hone::arch {

DecoderConfig parse_qwen3(Fields& f) {
  DecoderConfig c = parse_common(f, {});
  parse_heads(f, c, 128);
  parse_attention_bias(f, c, false);
  c.attention.qk_norm = AttentionConfig::QkNorm::kHead;
  const int64_t border = f.get("max_window_layers", int64_t{28}, at_least(0));
  parse_windows(
      f, c, parse_used_window(f), [](int64_t layer, int64_t first) { return layer >= first; }, border);
  return c;
}

}  // namespace hone::arch
