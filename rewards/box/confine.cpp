#include "rewards/box/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <initializer_list>

namespace hone::box {
namespace {

constexpr unsigned kThreads = 64;  // tasks of one process
constexpr unsigned kOverhead = 2;  // the supervisor and the init of the run count too
constexpr int kParked = 64;        // descriptors are moved here before they take their places

// <linux/landlock.h> as of ABI 6; the system's header may be older than its kernel.
struct RulesetAttr {
  uint64_t handled_access_fs, handled_access_net, scoped;
};
struct __attribute__((packed)) PathBeneathAttr {
  uint64_t allowed_access;
  int32_t parent_fd;
};
constexpr uint64_t kExecute = 1 << 0, kWriteFile = 1 << 1, kReadFile = 1 << 2, kReadDir = 1 << 3;
constexpr uint64_t kMakeDevices = (1 << 6) | (1 << 11);  // character and block devices
constexpr uint64_t kTruncate = 1 << 14, kIoctlDevice = 1 << 15;

uint64_t known_access(int abi) {
  uint64_t access = (1 << 13) - 1;
  if (abi >= 2) access |= 1 << 13;  // rename between folders
  if (abi >= 3) access |= kTruncate;
  if (abi >= 5) access |= kIoctlDevice;
  return access;
}

/// A path that is not there needs no rule.
int allow(int ruleset, const char* path, uint64_t access) {
  PathBeneathAttr rule = {access, open(path, O_PATH | O_CLOEXEC)};
  if (rule.parent_fd < 0) return errno == ENOENT ? 0 : -1;
  const long failed = syscall(SYS_landlock_add_rule, ruleset, 1 /* path beneath */, &rule, 0);
  close(rule.parent_fd);
  return failed ? -1 : 0;
}

int restrict_files(Failure* failure) {
  const int abi = landlock_abi();
  if (abi <= 0) return 0;  // the mount namespace alone; Hello says so
  const uint64_t known = known_access(abi);
  RulesetAttr attr = {known, abi >= 4 ? uint64_t{3} : 0, abi >= 6 ? uint64_t{3} : 0};
  const size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
  const int ruleset = static_cast<int>(syscall(SYS_landlock_create_ruleset, &attr, size, 0));
  if (ruleset < 0) return fail(failure, "landlock ruleset");
  const uint64_t read = kReadFile | kReadDir, run = read | kExecute;
  for (const char* path : {"/usr", "/lib", "/lib64", "/bin"})
    if (allow(ruleset, path, run)) return fail(failure, "landlock rule");
  for (const char* path : {"/etc", "/box", "/proc"})
    if (allow(ruleset, path, read)) return fail(failure, "landlock rule");
  const uint64_t device = (kReadFile | kWriteFile | kTruncate) & known;
  for (const char* path : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"})
    if (allow(ruleset, path, device)) return fail(failure, "landlock rule");
  for (const char* path : {"/tmp", "/dev/shm"})
    if (allow(ruleset, path, known & ~kMakeDevices & ~kIoctlDevice)) return fail(failure, "landlock rule");
  if (syscall(SYS_landlock_restrict_self, ruleset, 0)) return fail(failure, "landlock");
  close(ruleset);
  return 0;
}

int place_streams(const Streams& streams, int* keep_, Failure* failure) {
  int parked[5] = {-1, -1, -1, -1, -1};
  for (int i = 0; i < 5; ++i) {
    const int fd = i < 4 ? streams.fds[i] : *keep_;
    if (fd < 0) continue;
    parked[i] = fcntl(fd, F_DUPFD_CLOEXEC, kParked + i);
    if (parked[i] < 0) return fail(failure, "fcntl");
  }
  for (int i = 0; i < 4; ++i)
    if (parked[i] >= 0 && dup2(parked[i], i) < 0) return fail(failure, "dup2");
  unsigned first = parked[kResult] >= 0 ? kResult + 1 : kResult;
  if (parked[4] >= 0) {
    *keep_ = static_cast<int>(first);
    if (dup3(parked[4], *keep_, O_CLOEXEC) < 0) return fail(failure, "dup3");
    ++first;
  }
  if (syscall(SYS_close_range, first, ~0U, 0)) return fail(failure, "close_range");
  return 0;
}

int limit_to(int resource, uint64_t value, Failure* failure) {
  const rlimit limit = {value, value};
  return setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) ? fail(failure, "setrlimit") : 0;
}

int set_limits(const Limits& limits, Failure* failure) {
  // The clock that ends a program is read by its init, to the millisecond; the kernel's, in whole seconds,
  // stands behind it.
  const uint64_t seconds = limits.cpu_ns / 1000000000 + 2;
  // Devices, message queues, locked memory and core files are nothing that a program of this kind needs.
  const bool failed =
      limit_to(RLIMIT_CPU, seconds, failure) || limit_to(RLIMIT_FSIZE, limits.file_bytes, failure) ||
      limit_to(RLIMIT_NOFILE, limits.files, failure) ||
      limit_to(RLIMIT_NPROC, limits.processes * (limits.processes > 1 ? 1 : kThreads) + kOverhead, failure) ||
      limit_to(RLIMIT_STACK, limits.stack_bytes, failure) || limit_to(RLIMIT_CORE, 0, failure) ||
      limit_to(RLIMIT_MSGQUEUE, 0, failure) || limit_to(RLIMIT_MEMLOCK, 0, failure) ||
      limit_to(RLIMIT_NICE, 0, failure) || limit_to(RLIMIT_RTPRIO, 0, failure) ||
      limit_to(RLIMIT_SIGPENDING, 256, failure) || limit_to(RLIMIT_AS, limits.memory_bytes, failure);
  return failed ? -1 : 0;
}

int drop_capabilities(Failure* failure) {
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)) return fail(failure, "ambient capabilities");
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  if (syscall(SYS_capset, &header, none)) return fail(failure, "capset");
  return 0;
}

}  // namespace

int fail(Failure* failure, const char* step) {
  const int error_number = errno;
  strncpy(failure->step, step, sizeof failure->step - 1);
  failure->error_number = error_number ? error_number : EIO;
  return -1;
}

int landlock_abi() {
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, 1 /* version */);
  return abi < 0 ? 0 : static_cast<int>(abi);
}

int confine(const Limits& limits, const Streams& streams, int* keep_, const Filter& filter,
            Failure* failure) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return fail(failure, "no_new_privs");
  if (place_streams(streams, keep_, failure)) return -1;
  if (chdir("/tmp")) return fail(failure, "chdir");
  if (restrict_files(failure)) return -1;
  if (drop_capabilities(failure)) return -1;
  if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)) return fail(failure, "dumpable");  // its own /proc/self, /dev/stdin
  if (set_limits(limits, failure)) return -1;
  const sock_fprog program = {filter.length, filter.code};
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0)) return fail(failure, "seccomp");
  return 0;
}

}  // namespace hone::box
