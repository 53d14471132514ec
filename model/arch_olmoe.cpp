// olmoe: OlmoeForCausalLM. RMSNorm of the whole query and key projections, which may then be clipped.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 4096, .norm_eps = 1e-5, .pad_id = 1};
}

DecoderConfig parse_olmoe(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  if (c.attention.head_size * c.attention.num_heads != c.hidden_size)
    throw f.error("head_dim",
                  concat("got ", c.attention.head_size, ", but the query norm is as wide as hidden_size"));
  parse_attention_bias(f, c, false);
  c.attention.qk_norm = AttentionConfig::QkNorm::kProjection;
  c.attention.clip_qkv = f.get("clip_qkv", 0.0, above(0));
  parse_softmax_experts(f, c);
  c.moe.intermediate_size = c.intermediate_size;
  return c;
}

}  // namespace hone::arch
