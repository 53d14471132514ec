// The program that tries a library of the `native` rule (rewards/native_probe.cpp): hone carries it as bytes and starts it with
// the library's path and that of the rule's options. It says '+' or the reason on what is its standard output at first.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <string>

#include "rewards/native_library.h"
#include "rewards/native_probe.h"

namespace {

std::string tried(const char* library, const char* options) {
  try {
    std::ifstream in(options, std::ios::binary);
    const hone::NativeRuleHandle handle(library, hone::Json::parse(in));
    return std::string(1, hone::kProbeGood);
  } catch (const std::exception& e) {  // the edge of this process
    const std::string reason = e.what();
    return reason.empty() ? "no reason given" : reason.substr(0, hone::kMaxProbeReason);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int report = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // what a library prints must not get into the report
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (argc != 3 || report < 0) return 1;
  const std::string said = tried(argv[1], argv[2]);                   // the library is unloaded again by then
  const ssize_t written = ::write(report, said.data(), said.size());  // less than a pipe holds
  ::_exit(written == ssize_t(said.size()) ? 0 : 1);
}
