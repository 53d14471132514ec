#include "rl/out_of_memory.h"

#include <vector>

#include "core/error.h"
#include "model/tensor_list.h"

namespace hone {
namespace {

struct Part {
  const char* name;
  int64_t bytes;
};

std::vector<Part> parts_of(const StageOptions& stage, const PolicyOptions& policy,
                           const DecoderConfig& config, int64_t cache_bytes) {
  const int64_t numbers = flat_size(list_tensors(config)), floats = numbers * int64_t{sizeof(float)};
  const int64_t rounded = policy.dtype == "bfloat16" ? 2 * numbers : 0;
  std::vector<Part> parts{{"weights", floats}};
  if (rounded > 0) parts.push_back({"matrices in bfloat16", rounded});
  const auto* grpo = std::get_if<GrpoOptions>(&stage.options);
  if (grpo || stage.type == "sft")
    parts.insert(parts.end(), {{"gradients", floats}, {"moments", 2 * floats}});
  if (grpo && grpo->loss.beta > 0) parts.push_back({"reference", floats + rounded});
  if (cache_bytes > 0) parts.push_back({"KV cache", cache_bytes});
  return parts;
}

}  // namespace

std::string out_of_memory(const StageOptions& stage, const PolicyOptions& policy, const DecoderConfig& config,
                          int64_t cache_bytes) {
  std::string text = concat("stage ", stage.name, ": the GPU has no memory left. It holds ");
  const std::vector<Part> parts = parts_of(stage, policy, config, cache_bytes);
  for (const Part& p : parts)
    text += concat(&p == parts.data() ? "" : ", ", p.name, " ", p.bytes >> 20, " MiB");
  text += "; the rest was for the rows of one pass. Lower";
  const auto key = [&](const char* name) {
    if (stage.resolved.contains(name)) text += concat(" ", name, " (", stage.resolved.at(name).dump(), "),");
  };
  key("micro_batch_tokens"), key("max_batched_tokens"), key("kv_cache_mb");
  text.back() = ';';
  return text + " then --resume goes on from the last checkpoint";
}

}  // namespace hone
