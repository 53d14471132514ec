#include "rewards/sandbox_filter.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>

#include "core/error.h"

namespace hone {
namespace {

constexpr uint64_t kNamespaces =
    CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

/// Doors into the kernel or into other processes. Refused with EPERM, so that a program's message says what
/// happened.
constexpr const char* kForbidden[] = {"acct",
                                      "add_key",
                                      "bpf",
                                      "delete_module",
                                      "fanotify_init",
                                      "finit_module",
                                      "init_module",
                                      "io_uring_enter",
                                      "io_uring_register",
                                      "io_uring_setup",
                                      "kcmp",
                                      "kexec_file_load",
                                      "kexec_load",
                                      "keyctl",
                                      "lookup_dcookie",
                                      "move_pages",
                                      "name_to_handle_at",
                                      "nfsservctl",
                                      "open_by_handle_at",
                                      "perf_event_open",
                                      "pidfd_getfd",
                                      "process_madvise",
                                      "process_vm_readv",
                                      "process_vm_writev",
                                      "ptrace",
                                      "quotactl",
                                      "reboot",
                                      "request_key",
                                      "settimeofday",
                                      "clock_settime",
                                      "clock_adjtime",
                                      "adjtimex",
                                      "swapoff",
                                      "swapon",
                                      "syslog",
                                      "userfaultfd",
                                      "vmsplice",
                                      "iopl",
                                      "ioperm",
                                      "modify_ldt",
                                      "memfd_secret"};

/// Refused with EPERM to programs; the supervisor needs some of them.
constexpr const char* kForbiddenToPrograms[] = {"accept",
                                                "accept4",
                                                "bind",
                                                "connect",
                                                "listen",
                                                "socket",
                                                "mount",
                                                "umount2",
                                                "pivot_root",
                                                "chroot",
                                                "unshare",
                                                "setns",
                                                "move_mount",
                                                "fsopen",
                                                "fsconfig",
                                                "fsmount",
                                                "fspick",
                                                "open_tree",
                                                "mount_setattr",
                                                "memfd_create",
                                                "shmget",
                                                "shmat",
                                                "shmctl",
                                                "msgget",
                                                "msgsnd",
                                                "msgrcv",
                                                "semget",
                                                "semop",
                                                "mq_open",
                                                "seccomp",
                                                "pidfd_open",
                                                "pidfd_send_signal",
                                                "sethostname",
                                                "setdomainname",
                                                "personality",
                                                "inotify_init1",
                                                "sched_setscheduler",
                                                "sched_setattr",
                                                "setpriority",
                                                "ioprio_set",
                                                "mbind",
                                                "set_mempolicy"};

constexpr const char* kAllowed[] = {
    // memory
    "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "msync", "mincore", "mlock", "munlock",
    // files
    "open", "openat", "openat2", "creat", "close", "close_range", "read", "write", "readv", "writev",
    "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "lseek", "stat", "fstat", "lstat",
    "newfstatat", "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
    "getdents", "getdents64", "getcwd", "chdir", "fchdir", "rename", "renameat", "renameat2", "mkdir",
    "mkdirat", "rmdir", "unlink", "unlinkat", "link", "linkat", "symlink", "symlinkat", "chmod", "fchmod",
    "fchmodat", "chown", "fchown", "lchown", "fchownat", "mknod", "mknodat", "truncate", "ftruncate",
    "fallocate", "utime", "utimes", "futimesat", "utimensat", "umask", "fsync", "fdatasync", "flock", "fcntl",
    "dup", "dup2", "dup3", "pipe", "pipe2", "sendfile", "copy_file_range", "fadvise64", "readahead",
    "getxattr", "lgetxattr", "fgetxattr",
    // waiting and time
    "select", "pselect6", "poll", "ppoll", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
    "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2", "signalfd", "signalfd4", "timerfd_create",
    "timerfd_settime", "timerfd_gettime", "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres",
    "gettimeofday", "time", "times", "getitimer", "setitimer", "alarm", "pause", "timer_create",
    "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete",
    // threads and the process itself
    "futex", "futex_waitv", "set_robust_list", "get_robust_list", "set_tid_address", "rseq", "membarrier",
    "arch_prctl", "sched_yield", "sched_getaffinity", "sched_setaffinity", "sched_getparam",
    "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min", "getcpu", "gettid", "getpid",
    "getppid", "getuid", "geteuid", "getgid", "getegid", "getgroups", "getresuid", "getresgid", "getpgid",
    "getpgrp", "setpgid", "getsid", "setsid", "getpriority", "getrlimit", "setrlimit", "prlimit64",
    "getrusage", "sysinfo", "uname", "getrandom", "capget", "exit", "exit_group", "execve", "execveat",
    "wait4", "waitid", "restart_syscall",
    // signals
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "rt_sigtimedwait", "rt_sigqueueinfo",
    "rt_sigsuspend", "sigaltstack", "kill", "tkill", "tgkill",
    // a pair of connected sockets leads nowhere: event loops wake themselves with one
    "sendto", "recvfrom", "sendmsg", "recvmsg", "shutdown", "getsockopt", "setsockopt", "getsockname",
    "getpeername"};

class Rules {
 public:
  explicit Rules(uint32_t otherwise) : context_(seccomp_init(otherwise), seccomp_release) {
    check(context_ != nullptr, "libseccomp: no filter could be made");
    seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);  // a binary tree of the calls
  }

  /// A name that this libseccomp does not know falls under the default.
  void add(uint32_t action, const char* name, std::initializer_list<scmp_arg_cmp> arguments = {}) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR) return;
    const int failed = seccomp_rule_add_array(context_.get(), action, number,
                                              static_cast<unsigned>(arguments.size()), arguments.begin());
    check(failed == 0 || failed == -EDOM, "libseccomp: the rule for ", name, ": ", std::strerror(-failed));
  }

  Descriptor compile() const {
    Descriptor file(::memfd_create("hone-seccomp", MFD_CLOEXEC));
    check(file.is_open(), "memfd_create: ", std::strerror(errno));
    const int failed = seccomp_export_bpf(context_.get(), file.get());
    check(failed == 0, "libseccomp: the filter can't be written: ", std::strerror(-failed));
    ::lseek(file.get(), 0, SEEK_SET);
    return file;
  }

 private:
  std::unique_ptr<void, void (*)(scmp_filter_ctx)> context_;
};

}  // namespace

Descriptor box_filter() {
  Rules rules(SCMP_ACT_ALLOW);
  for (const char* name : kForbidden) rules.add(SCMP_ACT_ERRNO(EPERM), name);
  return rules.compile();
}

Descriptor program_filter(bool processes) {
  // ENOSYS makes a C library try the older call: clone for clone3, whose flags a filter can't see.
  Rules rules(SCMP_ACT_ERRNO(ENOSYS));
  for (const char* name : kForbidden) rules.add(SCMP_ACT_ERRNO(EPERM), name);
  for (const char* name : kForbiddenToPrograms) rules.add(SCMP_ACT_ERRNO(EPERM), name);
  for (const char* name : kAllowed) rules.add(SCMP_ACT_ALLOW, name);
  for (const unsigned long request : {TCGETS, FIONREAD, FIOCLEX, FIONCLEX, FIONBIO, TIOCGWINSZ})
    rules.add(SCMP_ACT_ALLOW, "ioctl", {SCMP_A1(SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, request)});
  for (const uint64_t option : {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE})
    rules.add(SCMP_ACT_ALLOW, "prctl", {SCMP_A0(SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, option)});
  rules.add(SCMP_ACT_ALLOW, "socketpair", {SCMP_A0(SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, AF_UNIX)});
  if (processes) {
    rules.add(SCMP_ACT_ALLOW, "fork");
    rules.add(SCMP_ACT_ALLOW, "vfork");
    rules.add(SCMP_ACT_ALLOW, "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, kNamespaces, 0)});
  } else {
    rules.add(SCMP_ACT_ERRNO(EAGAIN), "fork");
    rules.add(SCMP_ACT_ERRNO(EAGAIN), "vfork");
    rules.add(SCMP_ACT_ALLOW, "clone",
              {SCMP_A0(SCMP_CMP_MASKED_EQ, kNamespaces | CLONE_THREAD, CLONE_THREAD)});
    rules.add(SCMP_ACT_ERRNO(EAGAIN), "clone", {SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)});
  }
  return rules.compile();
}

}  // namespace hone
