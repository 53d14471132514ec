// Ways to make writes fail: a limit on file sizes, and a file system of one's own that is nearly full.
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

namespace hone {

/// While it lives, a write past `bytes` of any file fails with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : signal_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, signal_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  sighandler_t signal_;
};

/// Runs `body` in a child that sees a file system of `size` ("64k") at `folder`, and returns what it returned
/// (at most 255 characters are of use: it is a message). "cannot mount" where the system does not let us.
inline std::string on_small_disk(const std::filesystem::path& folder, const std::string& size,
                                 const std::function<std::string()>& body) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) return "cannot mount";
  const pid_t child = ::fork();
  if (child == 0) {
    std::string result = "cannot mount";
    if (::unshare(CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0 &&
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0) {
      result = body();
    }
    const ssize_t written = ::write(pipe_ends[1], result.data(), result.size());
    ::_exit(written < 0);
  }
  ::close(pipe_ends[1]);
  std::string out;
  char buffer[4096];
  for (ssize_t count; (count = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;)
    out.append(buffer, size_t(count));
  ::close(pipe_ends[0]);
  ::waitpid(child, nullptr, 0);
  return out;
}

/// Starts `body`, which never ends, in a child and kills it `microseconds` after it first calls what it is
/// given: the kill then hits work under way however slow the machine is.
inline void run_and_kill(const std::function<void(const std::function<void()>&)>& body,
                         useconds_t microseconds) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) ::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    bool told = false;
    body([&] { told = told || ::write(pipe_ends[1], "x", 1) == 1; });
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  char started = 0;
  if (::read(pipe_ends[0], &started, 1) == 1) ::usleep(microseconds);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(pipe_ends[0]);
}

}  // namespace hone
