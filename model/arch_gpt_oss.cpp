// gpt_oss: GptOssForCausalLM. Sinks, windows by layer_types, biases everywhere, experts with a clamped
// SwiGLU.
#include "model/arch.h"

namespace hone::arch {
namespace {

const Defaults kDefaults{.max_positions = 131072, .num_key_heads = 8, .norm_eps = 1e-5, .rope_theta = 150000};

/// What the class says where config.json has neither spelling of the rotary parameters.
RopeConfig default_rope() {
  return {.theta = 150000,
          .scaling = RopeConfig::Scaling::kYarn,
          .factor = 32,
          .original_positions = 4096,
          .truncate = false,
          .table_scale = 0.1 * 3.4657359027997265 + 1.0};  // ln 32
}

}  // namespace

DecoderConfig parse_gpt_oss(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  if (!f.has("rope_parameters") && !f.has("rope_scaling")) {
    const double theta = c.attention.rope.theta;
    c.attention.rope = default_rope();
    c.attention.rope.theta = theta;
  }
  parse_heads(f, c, kDefaults, 64);
  parse_attention_bias(f, c, true);
  c.attention.sinks = true;
  const int64_t window =
      f.json().contains("sliding_window") ? f.get("sliding_window", int64_t{0}, size_from(1)) : 128;
  parse_windows(
      f, c, window, [](int64_t layer, int64_t) { return layer % 2 == 0; }, 0);
  parse_softmax_experts(f, c);
  only(f, "experts_per_token", c.moe.top_k);  // the same by another name
  f.has("initial_context_length");            // rope_scaling says it again
  MoeConfig& m = c.moe;
  m.intermediate_size = c.intermediate_size;
  m.normalize = m.router_bias = true;  // the softmax over the chosen logits
  m.clamped = {.alpha = f.get("swiglu_alpha", 1.702), .limit = f.get("swiglu_limit", 7.0, above(0))};
  c.names.router = "router";
  return c;
}

}  // namespace hone::arch
