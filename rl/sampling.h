// From prompts to rollouts: has the engine complete them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/interrupted.h"
#include "core/types.h"
#include "model/tokenizer.h"
#include "rollout/engine.h"
#include "rollout/sampling_options.h"

namespace hone {

/// `count` completions of every prompt. Random draws depend on (key, index of the prompt, index of the completion) alone. Prompts
/// too long for the context are an InputError that names the problem. Throws Interrupted when asked to stop.
std::vector<RolloutGroup> sample_groups(Engine& engine, std::vector<Prompt> prompts, int64_t count,
                                        SamplingOptions options, uint64_t key, const Tokenizer& tokenizer,
                                        uint64_t policy_version, std::stop_token stop,
                                        const Engine::OnFinished& on_pass = {});

}  // namespace hone
