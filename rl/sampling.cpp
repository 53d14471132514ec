#include "rl/sampling.h"

#include "core/philox.h"

namespace hone {

std::vector<RolloutGroup> sample_groups(Engine& engine, std::vector<Prompt> prompts, int64_t count,
                                        SamplingOptions options, uint64_t key, const Tokenizer& tokenizer,
                                        uint64_t policy_version, std::stop_token stop,
                                        const Engine::OnFinished& on_pass) {
  if (options.stop_ids.empty()) options.stop_ids = tokenizer.stop_ids();
  std::vector<SampleRequest> requests;
  for (size_t p = 0; p < prompts.size(); ++p) {
    SampleRequest request{prompts[p].ids, {}, options};
    for (int64_t g = 0; g < count; ++g) request.keys.push_back(mix(mix(key, p), uint64_t(g)));
    requests.push_back(std::move(request));
  }
  std::vector<std::vector<Rollout>> rollouts = engine.generate(requests, stop, on_pass);
  if (stop.stop_requested()) throw Interrupted();
  std::vector<RolloutGroup> groups;
  for (size_t p = 0; p < prompts.size(); ++p) {
    for (Rollout& r : rollouts[p]) r.policy_version = policy_version;
    groups.push_back({std::move(prompts[p]), std::move(rollouts[p])});
  }
  return groups;
}

}  // namespace hone
