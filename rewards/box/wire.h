// What the grader and the supervisor inside a sandbox say to each other, over a SOCK_SEQPACKET socket that
// only they hold. The grader sends Setup once, then a Request a run; the box answers Hello, then Report and
// Idle a run. Programs never see it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hone::box {

inline constexpr int kControl = 3;  // the box's end of the socket, when it starts
inline constexpr int kResult = 3;   // where a called function's result goes, in the program's process
inline constexpr uint32_t kVersion = 1;

enum class Kind : uint32_t { kSetup, kHello, kRequest, kReport, kIdle };

/// With two descriptors: the filters (struct sock_filter[]) for programs that may not fork and for those that
/// may.
struct Setup {
  Kind kind = Kind::kSetup;
  uint32_t version = kVersion;
};

struct Hello {
  Kind kind = Kind::kHello;
  uint32_t version = kVersion;
  int32_t landlock_abi = 0;  // 0: this kernel has none
};

struct Limits {
  uint64_t cpu_ns = 0;        // of the program and what it waited for
  uint64_t wall_ns = 0;       // time asleep or running; waiting for a core does not count
  uint64_t hard_wall_ns = 0;  // whatever the reason; reached only on a machine that gives no time
  uint64_t memory_bytes = 0;  // address space of a process
  uint64_t stack_bytes = 0;
  uint64_t file_bytes = 0;  // of one file, standard output among them
  uint64_t disk_bytes = 0;  // of /tmp
  uint32_t processes = 1;   // 1: threads only
  uint32_t files = 64;      // open at once
};

enum class Mode : uint32_t {
  kExec,           // argv; "" as argv[0] stands for the program that was sent
  kPythonProgram,  // the text that was sent, as __main__, in the interpreter that is waiting
  kPythonCall,     // its function: {"fn_name", "args"} on standard input, the value on kResult
};

/// With descriptors: standard input, output and error, the program, and the result where there is one.
struct Request {
  Kind kind = Kind::kRequest;
  Mode mode = Mode::kExec;
  Limits limits;
  uint32_t name_program = 0;    // write the program to /tmp/solution.cpp before (a compiler reads it)
  uint32_t collect_output = 0;  // send /tmp/program along with the report, if it is there
  uint32_t argc = 0;
  char argv[512] = {};  // NUL after each
};

enum class End : uint32_t {
  kExited,    // status: exit status
  kSignal,    // status: signal
  kCpuTime,   // over cpu_ns
  kWallTime,  // over wall_ns, asleep
  kStarved,   // over hard_wall_ns: the machine's fault
  kFailed,    // the box could not start it: step and error_number say why; never the program's doing
};

/// With one descriptor if collected.
struct Report {
  Kind kind = Kind::kReport;
  End end = End::kFailed;
  int32_t status = 0;
  int32_t error_number = 0;
  uint32_t collected = 0;
  uint64_t cpu_ns = 0;
  uint64_t peak_bytes = 0;  // largest resident set of a process
  char step[32] = {};
};

/// Every process of the run is gone.
struct Idle {
  Kind kind = Kind::kIdle;
};

inline constexpr size_t kMaxMessage = sizeof(Request) > sizeof(Report) ? sizeof(Request) : sizeof(Report);

}  // namespace hone::box
