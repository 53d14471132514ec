// What to tell a user whose GPU has no memory left.
#pragma once

#include <string>

#include "model/config.h"
#include "rl/recipe.h"

namespace hone {

/// What a stage holds, by part, what the rest was needed for, and which keys bound it. cache_bytes: of the KV cache as
/// it is. One line.
std::string out_of_memory(const StageOptions& stage, const PolicyOptions& policy, const DecoderConfig& config,
                          int64_t cache_bytes);

}  // namespace hone
