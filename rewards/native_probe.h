// Loading a library of the `native` rule in another program first, so that one that crashes, hangs or exits while it is loaded is
// an error message and not the end of the run. That program (rewards/probe/) is started anew, not forked off: a copy of a
// process with other threads would hold their locks for ever, and run exit handlers that wait for them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "core/types.h"

namespace hone {

/// Loads the library and makes its rule there, within `limit_s` seconds. Why that failed, or "": the reason that NativeRuleHandle
/// gives, the signal, the exit status.
std::string probe_native_rule(const std::filesystem::path& library, const Json& options, double limit_s);

/// What the program says: this when all went well, else the reason.
inline constexpr char kProbeGood = '+';
inline constexpr size_t kMaxProbeReason = 4096;

}  // namespace hone
