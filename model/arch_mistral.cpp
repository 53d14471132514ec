// mistral: MistralForCausalLM. Its window, where it has one, is of all layers; a config.json that does not
// mention it means 4096.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 131072, .num_key_heads = 8};
}

DecoderConfig parse_mistral(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  parse_window_of_all(f, c, 4096);
  return c;
}

}  // namespace hone::arch
