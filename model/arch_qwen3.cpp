// qwen3: Qwen3ForCausalLM. RMSNorm of every query and key head; the head size does not follow from the hidden
// size.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 32768, .num_key_heads = 32};
}

DecoderConfig parse_qwen3(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults, 128);
  parse_attention_bias(f, c, false);
  c.attention.qk_norm = AttentionConfig::QkNorm::kHead;
  const int64_t border = f.get("max_window_layers", int64_t{28}, size_from(0));
  parse_windows(
      f, c, parse_used_window(f), [](int64_t layer, int64_t first) { return layer >= first; }, border);
  return c;
}

}  // namespace hone::arch
