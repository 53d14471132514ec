// A child process with pipes to its standard streams, in a process group of its own that is killed as a whole
// and reaped. Nothing here blocks without a deadline. A process that leaves its group (setsid) is out of
// reach: commands are the user's own and trusted.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/descriptor.h"

namespace hone {

using SteadyTime = std::chrono::steady_clock::time_point;

class ChildProcess {
 public:
  /// Starts `command`, looked for in PATH like in a shell, in `folder` ("": the current one). On failure
  /// null, and `why_` says why.
  static std::unique_ptr<ChildProcess> start(const std::vector<std::string>& command,
                                             const std::filesystem::path& folder, std::string& why_);
  ~ChildProcess();  // kills the group and reaps
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  int output() const { return out_.get(); }    // non-blocking; -1 when closed
  int messages() const { return err_.get(); }  // its standard error, non-blocking; -1 when closed
  int input() const { return in_.get(); }      // non-blocking; -1 when closed
  void close_input() { in_ = Descriptor(); }
  void close_messages() { err_ = Descriptor(); }

  /// Bytes that its input takes now; -1 if nobody reads there any more. No SIGPIPE is raised.
  ssize_t write(std::string_view bytes);

  /// Whether it has ended by then.
  bool wait_until(SteadyTime deadline);
  /// Kills the group if need be, and says how the process ended: "exit status 1", "signal 11 (Segmentation
  /// fault)".
  std::string end(SteadyTime grace);

 private:
  ChildProcess(pid_t pid, Descriptor in, Descriptor out, Descriptor err);

  pid_t pid_;
  bool reaped_ = false;
  Descriptor in_, out_, err_;
};

/// "exit status 1" or "signal 11 (Segmentation fault)" from what waitpid() gives.
std::string how_ended(int status);

/// The program that `name` stands for, as execvp would find it, or "" if there is none.
std::filesystem::path find_program(const std::string& name, const std::filesystem::path& folder);

}  // namespace hone
