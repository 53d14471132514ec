#include "cli/build_info.h"

#include <fstream>

#include "hone_commit.h"

namespace hone {

std::string build_version() { return std::string(HONE_VERSION) + " (commit " + kCommit + ")"; }

std::string cpu_name() { return proc_value("/proc/cpuinfo", "model name"); }

std::string proc_value(const char* file, const std::string& key) {
  std::ifstream in(file);
  for (std::string text; std::getline(in, text);) {
    if (text.rfind(key, 0) != 0) continue;
    const size_t colon = text.find(':'), begin = text.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "unknown" : text.substr(begin);
  }
  return "unknown";
}

}  // namespace hone
