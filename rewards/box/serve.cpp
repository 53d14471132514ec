#include "rewards/box/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rewards/box/confine.h"
#include "rewards/box/watch.h"

namespace hone::box {
namespace {

constexpr int kMaxDescriptors = 5;
constexpr unsigned kArguments = 24;

struct Box {
  int control = -1;
  Filter threads_only, with_processes;
  Failure* failure = nullptr;  // shared with the init and, until it is let go, with the program's process
};

struct Message {
  union {
    Kind kind;
    Setup setup;
    Request request;
  };
  int fds[kMaxDescriptors] = {-1, -1, -1, -1, -1};
  Message() : request() {}
};

/// False when the grader has hung up.
bool receive(int control, Message* message) {
  iovec data = {&message->request, sizeof(Request)};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof message->fds)];
  msghdr header = {};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  header.msg_control = room;
  header.msg_controllen = sizeof room;
  ssize_t size = 0;
  do size = recvmsg(control, &header, MSG_CMSG_CLOEXEC);
  while (size < 0 && errno == EINTR);
  if (size <= 0) return false;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
      memcpy(message->fds, CMSG_DATA(part), part->cmsg_len - CMSG_LEN(0));
  }
  return true;
}

void send_message(int control, const void* bytes, size_t size, int fd = -1) {
  iovec data = {const_cast<void*>(bytes), size};
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof fd)] = {};
  msghdr header = {};
  header.msg_iov = &data;
  header.msg_iovlen = 1;
  if (fd >= 0) {
    header.msg_control = room;
    header.msg_controllen = sizeof room;
    cmsghdr* part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(part), &fd, sizeof fd);
  }
  if (sendmsg(control, &header, MSG_NOSIGNAL) < 0) _exit(1);  // nobody is there any more
}

/// The bytes of a file, on the heap. Null if it can't be read.
char* read_all(int fd, size_t* size) {
  struct stat info = {};
  if (fstat(fd, &info)) return nullptr;
  char* bytes = static_cast<char*>(malloc(static_cast<size_t>(info.st_size) + 1));
  *size = 0;
  while (bytes && *size < static_cast<size_t>(info.st_size)) {
    const ssize_t got =
        pread(fd, bytes + *size, static_cast<size_t>(info.st_size) - *size, static_cast<off_t>(*size));
    if (got <= 0) return nullptr;
    *size += static_cast<size_t>(got);
  }
  return bytes;
}

Filter read_filter(int fd) {
  size_t size = 0;
  auto* code = reinterpret_cast<sock_filter*>(read_all(fd, &size));
  close(fd);
  return {code, static_cast<unsigned short>(size / sizeof(sock_filter))};
}

/// As fork(), with new namespaces. Raw, because glibc's runs handlers that are nobody's business here.
pid_t clone_process(unsigned long namespaces) {
  return static_cast<pid_t>(syscall(SYS_clone, namespaces | SIGCHLD, nullptr, nullptr, nullptr, nullptr));
}

/// What the program sees that earlier runs did not touch: an empty /tmp, which /dev/shm shows too, and its
/// own /proc.
int mount_private(const Limits& limits, Failure* failure) {
  constexpr unsigned long kSafe = MS_NOSUID | MS_NODEV;
  char options[64];
  snprintf(options, sizeof options, "mode=1777,nr_inodes=4096,size=%llu",
           static_cast<unsigned long long>(limits.disk_bytes));
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr)) return fail(failure, "private mounts");
  if (mount("tmpfs", "/tmp", "tmpfs", kSafe, options)) return fail(failure, "mount /tmp");
  if (mount("/tmp", "/dev/shm", nullptr, MS_BIND, nullptr)) return fail(failure, "mount /dev/shm");
  if (mount("proc", "/proc", "proc", kSafe | MS_NOEXEC, "subset=pid,hidepid=invisible"))
    return fail(failure, "mount /proc");
  return 0;
}

int write_source(const char* source, size_t size, Failure* failure) {
  const int fd = open("/tmp/solution.cpp", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0) return fail(failure, "open solution.cpp");
  const ssize_t written = write(fd, source, size);
  close(fd);
  return written == static_cast<ssize_t>(size) ? 0 : fail(failure, "write solution.cpp");
}

[[noreturn]] void become_program(Request& request, int program, Failure* failure) {
  char* argv[kArguments + 1] = {};
  size_t at = 0;
  for (unsigned i = 0; i < request.argc && i < kArguments; ++i) {
    argv[i] = request.argv + at;
    at += strlen(argv[i]) + 1;
  }
  static char path[] = "PATH=/usr/bin:/bin", language[] = "LANG=C.UTF-8", home[] = "HOME=/tmp";
  static char temporary[] = "TMPDIR=/tmp";
  char* environment[] = {path, language, home, temporary, nullptr};
  if (argv[0][0] == '\0') {
    argv[0] = const_cast<char*>("solution");
    syscall(SYS_execveat, program, "", argv, environment, AT_EMPTY_PATH);
  } else {
    execve(argv[0], argv, environment);
  }
  fail(failure, "exec");
  _exit(126);
}

int open_output() {
  struct stat info = {};
  const int fd = open("/tmp/program", O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  if (fd >= 0 && (fstat(fd, &info) || !S_ISREG(info.st_mode))) {
    close(fd);
    return -1;
  }
  return fd;
}

[[noreturn]] void send_report(const Box& box, const Request& request, Report& report) {
  const Failure& failure = *box.failure;
  // A program that the kernel will not load is the program's fault; a compiler that it will not load is not.
  const bool exec = strcmp(failure.step, "exec") == 0 && request.argv[0] == '\0';
  if (failure.error_number && !exec) report.end = End::kFailed;
  if (report.end == End::kFailed) {
    report.error_number = failure.error_number;
    memcpy(report.step, failure.step, sizeof report.step - 1);
  }
  const bool ok = report.end == End::kExited && report.status == 0;
  const int collected = ok && request.collect_output ? open_output() : -1;
  report.collected = collected >= 0;
  send_message(box.control, &report, sizeof report, collected);
  _exit(0);
}

/// In the init of the run. Returns only in the program's process, if that is to be a Python program.
PythonTask run(const Box& box, Message& message) {
  Request& request = message.request;
  Report report;
  PythonTask task;
  task.mode = request.mode;
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // programs can't look into this process
  if (mount_private(request.limits, box.failure)) send_report(box, request, report);
  if (request.mode != Mode::kExec || request.name_program) {
    char* source = read_all(message.fds[3], &task.size);
    task.source = source;
    if (!source) fail(box.failure, "read the program");
    if (!source || (request.name_program && write_source(source, task.size, box.failure)))
      send_report(box, request, report);
  }
  const pid_t program = clone_process(0);
  if (program < 0) {
    fail(box.failure, "fork");
    send_report(box, request, report);
  }
  if (program > 0) {
    watch(program, request.limits, box.control, &report);
    send_report(box, request, report);
  }
  const Streams streams = {{message.fds[0], message.fds[1], message.fds[2], message.fds[4]}};
  int keep = request.mode == Mode::kExec ? message.fds[3] : -1;
  const Filter& filter = request.limits.processes > 1 ? box.with_processes : box.threads_only;
  if (confine(request.limits, streams, &keep, filter, box.failure)) _exit(126);
  if (request.mode == Mode::kExec) become_program(request, keep, box.failure);
  // From here on nothing that the program does can pass for a failure of the box.
  munmap(box.failure, sizeof(Failure));
  return task;
}

}  // namespace

PythonTask serve(int control) {
  Box box;
  box.control = control;
  Message setup;
  if (!receive(control, &setup) || setup.kind != Kind::kSetup || setup.setup.version != kVersion) _exit(1);
  box.threads_only = read_filter(setup.fds[0]);
  box.with_processes = read_filter(setup.fds[1]);
  void* shared = mmap(nullptr, sizeof(Failure), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED || !box.threads_only.code || !box.with_processes.code) _exit(1);
  box.failure = static_cast<Failure*>(shared);
  Hello hello;
  hello.landlock_abi = landlock_abi();
  send_message(control, &hello, sizeof hello);
  for (;;) {
    Message message;
    if (!receive(control, &message) || message.kind != Kind::kRequest) _exit(0);
    memset(shared, 0, sizeof(Failure));
    const pid_t init = clone_process(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC);
    if (init == 0) return run(box, message);
    for (const int fd : message.fds)
      if (fd >= 0) close(fd);
    if (init < 0) {
      Report report;
      report.error_number = errno;
      strcpy(report.step, "new namespaces");
      send_message(control, &report, sizeof report);
    } else {
      while (waitpid(init, nullptr, 0) < 0 && errno == EINTR) {
      }
    }
    const Idle idle;
    send_message(control, &idle, sizeof idle);
  }
}

}  // namespace hone::box
