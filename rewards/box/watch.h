// Waits for a program, ends it when its time is up, and says how it went. Runs in the init of the run's pid
// namespace.
#pragma once

#include <sys/types.h>

#include "rewards/box/wire.h"

namespace hone::box {

/// Fills in end, status, cpu_ns, peak_bytes. When it returns, no other process is left in the namespace.
void watch(pid_t program, const Limits& limits, int control, Report* report);

}  // namespace hone::box
