// llama: LlamaForCausalLM, of Llama 2, 3, 3.1 and everything that calls itself so.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 2048};
}

DecoderConfig parse_llama(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  check_heads_divide(f, c);
  parse_attention_bias(f, c, false);
  c.mlp_bias = f.get("mlp_bias", false);
  return c;
}

}  // namespace hone::arch
