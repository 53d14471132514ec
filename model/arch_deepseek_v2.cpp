// deepseek_v2: DeepseekV2ForCausalLM, of V2, V2-Lite and Coder-V2. A softmax router, groups by their best
// expert, interleaved rotary pairs always.
#include "model/arch.h"

namespace hone::arch {
namespace {
const Defaults kDefaults{.max_positions = 2048};
}

DecoderConfig parse_deepseek_v2(Fields& f) {
  DecoderConfig c = parse_common(f, kDefaults);
  parse_latent_attention(f, c);
  c.attention.rope.interleaved = true;
  parse_deepseek_experts(f, c, {2, 1, 1, 0, 1.0});
  check_heads_divide(f, c);
  only<std::string>(f, "scoring_func", "softmax");
  only(f, "norm_topk_prob", false);  // transformers never normalises them
  const std::string method = f.one_of("topk_method", "greedy", {"greedy", "group_limited_greedy"});
  if (method == "greedy") c.moe.num_groups = c.moe.top_groups = 1;
  return c;
}

}  // namespace hone::arch
