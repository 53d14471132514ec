// Loading a library in a child process, to see whether that ends well.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "core/descriptor.h"
#include "core/error.h"
#include "rewards/child_process.h"
#include "rewards/native_library.h"

namespace hone {
namespace {

constexpr char kGood = '+';  // what the child sends when all went well; else the reason
constexpr size_t kMaxReason = 4096;

/// In the child: whatever happens, it ends here, without any exit handler of the parent's.
[[noreturn]] void run_child(int report, const std::filesystem::path& library, const Json& options) {
  ::setpgid(0, 0);                       // with all that the library may start
  ::dup2(STDERR_FILENO, STDOUT_FILENO);  // our output is data; what a library prints must not get between it
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT})
    ::signal(signal, SIG_DFL);
  std::string said(1, kGood);
  try {
    const NativeRuleHandle handle(library, options);
  } catch (const std::exception& e) {  // the edge of this process
    said = e.what();
    if (said.empty()) said = "no reason given";
  }
  said.resize(std::min(said.size(), kMaxReason));
  const ssize_t written = ::write(report, said.data(), said.size());  // less than a pipe holds
  ::_exit(written == ssize_t(said.size()) ? 0 : 1);
}

/// All that the child says, or nothing if it has not ended by the deadline.
bool read_report(int fd, SteadyTime deadline, std::string& said_) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd ready{fd, POLLIN, 0};
    if (left <= 0 || ::poll(&ready, 1, int(std::min<int64_t>(left, 60'000))) == 0) {
      if (left <= 0) return false;
      continue;
    }
    char bytes[1024];
    const ssize_t size = ::read(fd, bytes, sizeof(bytes));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return true;
    if (said_.size() < kMaxReason) said_.append(bytes, size_t(size));
  }
}

}  // namespace

std::string probe_native_rule(const std::filesystem::path& library, const Json& options, double limit_s) {
  int ends[2];
  check(::pipe2(ends, O_CLOEXEC) == 0, "no pipe: ", std::strerror(errno));
  const Descriptor from_child(ends[0]);
  Descriptor to_parent(ends[1]);
  const pid_t pid = ::fork();
  check(pid >= 0, "no process to try ", library.string(), " in: ", std::strerror(errno));
  if (pid == 0) run_child(to_parent.get(), library, options);
  to_parent = Descriptor();

  std::string said;
  const auto limit =
      std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(limit_s));
  const bool in_time = read_report(from_child.get(), std::chrono::steady_clock::now() + limit, said);
  if (!in_time) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  ::kill(-pid, SIGKILL);  // what it may have started
  if (!in_time) return concat("was not loaded within ", limit_s, " s");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !said.empty()) return said[0] == kGood ? "" : said;
  return "ended the process that loaded it: " + how_ended(status);
}

}  // namespace hone
