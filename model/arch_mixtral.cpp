// mixtral: MixtralForCausalLM. The softmax over the two best logits is the softmax over all, normalised over
// the chosen.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 131072, .num_key_heads = 8, .norm_eps = 1e-5, .rope_theta = 1e6};
}

DecoderConfig parse_mixtral(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_heads(f, c, kDefaults);
  parse_window_of_all(f, c, 0);
  only(f, "router_jitter_noise", 0.0);  // of training
  parse_softmax_experts(f, c);
  c.moe.intermediate_size = c.intermediate_size;
  c.moe.normalize = true;
  c.names = {
      .block = "block_sparse_moe.", .router = "gate", .shared = "", .gate = "w1", .up = "w3", .down = "w2"};
  return c;
}

}  // namespace hone::arch
