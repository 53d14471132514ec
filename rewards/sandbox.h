// Runs programs that nobody has read: each in namespaces of its own within a bubblewrap sandbox, under
// seccomp, Landlock and resource limits, without network, files, or sight of anything. docs/code_rule.md says
// what this protects against and what not.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/descriptor.h"
#include "core/error.h"

namespace hone {

/// No program could be run, or it could not be told how it ran, for reasons that are not the program's.
class SandboxError : public Error {
 public:
  using Error::Error;
};

inline constexpr const char* kCompiler = "/usr/bin/g++";  // in the sandbox and outside

struct SandboxLimits {
  double cpu_seconds = 10;   // of processor time, threads added up
  double wall_seconds = 30;  // by the clock; time spent waiting for a core does not count
  int64_t memory_mb = 1024;  // address space of a process
  int64_t output_mb = 16;    // of standard output, of standard error, of any file
  int64_t disk_mb = 64;      // of /tmp, which is in memory
  int64_t processes = 1;     // 1: threads only. The memory of a run is bounded by processes * memory_mb
};

/// What a box can start at once.
enum class SandboxKind {
  kNative,  // compilers and compiled programs
  kPython,  // Python texts, in an interpreter that has been started before
};

struct SandboxProgram {
  SandboxKind kind = SandboxKind::kNative;
  std::vector<std::string> argv;  // native: argv[0] "" is `file`, else a path in the sandbox
  int file = -1;                  // borrowed: an executable, or the text of a program
  bool as_source = false;         // native: `file` appears as /tmp/solution.cpp
  bool collect = false;           // native: /tmp/program comes back
  bool call = false;              // Python: a function is called and its value comes back in `result`
};

enum class SandboxEnd {
  kExited,       // by itself; `status` is its exit status
  kSignal,       // by signal `status`
  kCpuTime,      // over cpu_seconds
  kWallTime,     // over wall_seconds, without having needed a core
  kOutputLimit,  // wrote output_mb
};

struct SandboxResult {
  SandboxEnd end = SandboxEnd::kExited;
  int status = 0;
  double cpu_seconds = 0;
  int64_t peak_mb = 0;
  std::string output, errors, result;
  Descriptor collected = Descriptor();  // a memory file, not open if there is none
  bool ok() const { return end == SandboxEnd::kExited && status == 0; }
};

/// Sandboxes that are ready to run a program, as many as there are cores. Thread-safe; a caller that finds
/// all of them busy waits.
class Sandbox {
 public:
  explicit Sandbox(int slots = 0);  // 0: as many as this process may use cores
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// One for everybody in this process, as cores are; it is gone when its last user is.
  static std::shared_ptr<Sandbox> shared();

  /// Starts a box of the kind if none is there. SandboxError: what is missing on this machine. The text is
  /// what holds it.
  std::string require(SandboxKind kind);
  void require_compiler();  // and g++ in a native box

  /// SandboxError if no verdict could be had; a box that misbehaved has been replaced and the program tried
  /// twice by then. Interrupted when asked to stop: nothing of the program is left.
  SandboxResult run(const SandboxProgram& program, std::string_view input, const SandboxLimits& limits,
                    const std::stop_token& stop = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hone
