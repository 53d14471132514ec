// rollouts/<stage>.jsonl.zst: a JSON line for every completion, one zstd frame (level 3, with a checksum) for every step, so
// that the log can be cut at the end of any step. `zstdcat` reads it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "core/types.h"

namespace hone {

/// The lines of one group: step, problem, rollout, prompt, completion, tokens, finish_reason, policy_version, rewards by rule
/// with their details, reward, advantage. Where a rule has no verdict its reward is null and its detail says why in "error"; where the
/// completion was left out for that, reward and advantage are null too and "dropped" says why. Completions that are not UTF-8 are shown with replacement characters.
std::string rollout_lines(int64_t step, const ScoredGroup& group, std::span<const double> advantages);  // [G]

/// `lines` as one frame.
std::string compress_frame(std::string_view lines);

/// Every line of a log, in order. False if the last frame is cut short (a run is being written, or was killed); its lines are
/// left out. Anything else that is wrong is an InputError that names the file.
bool for_each_rollout(const std::filesystem::path& path, const std::function<void(const Json&)>& use);

}  // namespace hone
