#include "rewards/box/watch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace hone::box {
namespace {

constexpr uint64_t kSecond = 1000000000, kMillisecond = 1000000;

uint64_t read_clock(clockid_t clock) {
  timespec t = {};
  if (clock_gettime(clock, &t)) return 0;  // the process is gone
  return static_cast<uint64_t>(t.tv_sec) * kSecond + static_cast<uint64_t>(t.tv_nsec);
}

/// For how long the program's threads, added up, were ready to run and had no core.
uint64_t time_without_core(pid_t program) {
  char path[320];
  snprintf(path, sizeof path, "/proc/%d/task", program);
  DIR* tasks = opendir(path);
  if (!tasks) return 0;
  uint64_t sum = 0;
  while (const dirent* task = readdir(tasks)) {
    if (!isdigit(task->d_name[0])) continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", program, task->d_name);
    unsigned long long ran = 0, waited = 0;
    if (FILE* file = fopen(path, "re")) {
      if (fscanf(file, "%llu %llu", &ran, &waited) == 2) sum += waited;
      fclose(file);
    }
  }
  closedir(tasks);
  return sum;
}

uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

/// Until the program has ended by itself (kExited) or has to be ended, and why.
End wait_for_end(pid_t program, const Limits& limits, int control) {
  clockid_t cpu_clock = 0;
  const int pidfd = static_cast<int>(syscall(SYS_pidfd_open, program, 0));
  if (pidfd < 0 || clock_getcpuclockid(program, &cpu_clock)) return End::kFailed;
  const uint64_t start = read_clock(CLOCK_MONOTONIC);
  const uint64_t cores = static_cast<uint64_t>(sysconf(_SC_NPROCESSORS_ONLN));
  for (uint64_t wall_limit = limits.wall_ns;;) {
    const uint64_t cpu = read_clock(cpu_clock), wall = read_clock(CLOCK_MONOTONIC) - start;
    if (cpu >= limits.cpu_ns) return End::kCpuTime;
    if (wall >= limits.hard_wall_ns) return End::kStarved;
    if (wall >= wall_limit) {
      // With processes of its own a program could make itself wait, so only one without is given more time.
      const uint64_t waited = limits.processes > 1 ? 0 : time_without_core(program);
      if (wall >= limits.wall_ns + waited) return End::kWallTime;
      wall_limit = limits.wall_ns + waited;
    }
    const uint64_t sleep = least(least((limits.cpu_ns - cpu) / cores + kMillisecond, wall_limit - wall),
                                 limits.hard_wall_ns - wall);
    const timespec timeout = {static_cast<time_t>(sleep / kSecond), static_cast<long>(sleep % kSecond)};
    pollfd events[2] = {{pidfd, POLLIN, 0}, {control, 0, 0}};
    if (ppoll(events, 2, &timeout, nullptr) < 0 && errno != EINTR) return End::kFailed;
    if (events[0].revents) return End::kExited;
    if (events[1].revents) return End::kFailed;  // nobody is there to hear of it
  }
}

}  // namespace

void watch(pid_t program, const Limits& limits, int control, Report* report) {
  const End end = wait_for_end(program, limits, control);
  int status = 0;
  // Not reaped before the rest is killed: its pid stays its own.
  siginfo_t ended = {};
  if (end == End::kExited) waitid(P_PID, static_cast<id_t>(program), &ended, WEXITED | WNOWAIT);
  kill(-1, SIGKILL);  // everything in the namespace but this process
  for (;;) {
    int one = 0;
    const pid_t pid = waitpid(-1, &one, __WALL);
    if (pid < 0 && errno == EINTR) continue;
    if (pid < 0) break;
    if (pid == program) status = one;
  }
  rusage usage = {};
  getrusage(RUSAGE_CHILDREN, &usage);
  report->cpu_ns = static_cast<uint64_t>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * kSecond +
                   static_cast<uint64_t>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
  report->peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  report->end = end;
  if (end != End::kExited) return;
  if (report->cpu_ns > limits.cpu_ns || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)) {
    report->end = End::kCpuTime;
  } else if (WIFSIGNALED(status)) {
    report->end = End::kSignal;
    report->status = WTERMSIG(status);
  } else {
    report->status = WEXITSTATUS(status);
  }
}

}  // namespace hone::box
