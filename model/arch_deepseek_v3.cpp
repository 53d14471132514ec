// deepseek_v3: DeepseekV3ForCausalLM, of V3, R1 and V3.1. A sigmoid router with a correction bias that only
// the balancing rule moves; groups by their two best experts.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 4096};
}

DecoderConfig parse_deepseek_v3(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_latent_attention(f, c);
  c.attention.rope.interleaved = f.get("rope_interleave", true);
  parse_deepseek_experts(f, c, {1, 8, 4, 3, 2.5});
  c.moe.sigmoid = c.moe.correction_bias = true;
  c.moe.normalize = f.get("norm_topk_prob", true);
  only<std::string>(f, "scoring_func", "sigmoid");
  only<std::string>(f, "topk_method", "noaux_tc");
  return c;
}

}  // namespace hone::arch
