// What this build is and where it runs, for `hone doctor`, `hone --version` and benchmark records.
#pragma once

#include <string>

namespace hone {

std::string build_version();  // "0.1.0 (commit 1a2b3c4)"
std::string cpu_name();       // of /proc/cpuinfo, or "unknown"

/// The text after "key...:" of the first such line of a /proc file, or "unknown".
std::string proc_value(const char* file, const std::string& key);

}  // namespace hone
