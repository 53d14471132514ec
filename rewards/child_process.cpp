#include "rewards/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <thread>

#include "core/error.h"

namespace hone {
namespace {

struct Pipe {
  Descriptor read, write;
};

/// Closed on exec, so that no other child inherits it.
bool make_pipe(Pipe& pipe_) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  pipe_ = {Descriptor(ends[0]), Descriptor(ends[1])};
  return true;
}

void set_nonblocking(const Descriptor& fd) {
  ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

/// posix_spawn: no code of ours runs between fork and exec, which other threads may make unsafe, and no page
/// of a large process is copied.
int spawn(const std::vector<std::string>& command, const std::filesystem::path& folder, const Pipe& in,
          const Pipe& out, const Pipe& err, pid_t& pid_) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_adddup2(&actions, in.read.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.write.get(), STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  sigset_t none, plain;  // signals that we may ignore or block are the child's again
  sigemptyset(&none);
  sigemptyset(&plain);
  for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&plain, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &plain);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int problem =
      ::posix_spawnp(&pid_, command[0].c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return problem;
}

}  // namespace

std::unique_ptr<ChildProcess> ChildProcess::start(const std::vector<std::string>& command,
                                                  const std::filesystem::path& folder, std::string& why_) {
  Pipe in, out, err;
  if (!make_pipe(in) || !make_pipe(out) || !make_pipe(err)) {
    why_ = concat("no pipe: ", std::strerror(errno));
    return nullptr;
  }
  pid_t pid = -1;
  if (const int problem = spawn(command, folder, in, out, err, pid); problem != 0) {
    why_ = concat(command[0], " cannot be started: ", std::strerror(problem));
    return nullptr;
  }
  for (const Descriptor* ours : {&in.write, &out.read, &err.read}) set_nonblocking(*ours);
  return std::unique_ptr<ChildProcess>(
      new ChildProcess(pid, std::move(in.write), std::move(out.read), std::move(err.read)));
}

ChildProcess::ChildProcess(pid_t pid, Descriptor in, Descriptor out, Descriptor err)
    : pid_(pid), in_(std::move(in)), out_(std::move(out)), err_(std::move(err)) {}

ChildProcess::~ChildProcess() {
  if (!reaped_) end(SteadyTime::min());
}

ssize_t ChildProcess::write(std::string_view bytes) {
  // A pipe has no MSG_NOSIGNAL: the signal is held back in this thread, and taken off if it came.
  sigset_t broken_pipe, before, pending;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  sigpending(&pending);
  const bool was_pending = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
  const ssize_t written = ::write(in_.get(), bytes.data(), bytes.size());
  const int problem = errno;
  if (written < 0 && problem == EPIPE && !was_pending) {
    const timespec now{0, 0};
    while (sigtimedwait(&broken_pipe, nullptr, &now) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (written >= 0) return written;
  return problem == EAGAIN || problem == EINTR ? 0 : -1;
}

bool ChildProcess::wait_until(SteadyTime deadline) {
  while (true) {
    siginfo_t info{};
    // Not reaped yet: its id stays the group's until the group is killed.
    if (::waitid(P_PID, id_t(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno != EINTR) return true;
    if (info.si_pid == pid_) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::string ChildProcess::end(SteadyTime grace) {
  constexpr std::chrono::seconds kKillTime{
      10};  // SIGKILL takes longer only in a system call that can't be interrupted
  const bool ended_itself = wait_until(grace);
  ::kill(-pid_, SIGKILL);
  int status = 0;
  reaped_ =
      wait_until(std::chrono::steady_clock::now() + kKillTime) && ::waitpid(pid_, &status, WNOHANG) == pid_;
  if (!ended_itself) return "killed";
  return reaped_ ? how_ended(status) : "ended";
}

std::string how_ended(int status) {
  if (WIFSIGNALED(status)) return concat("signal ", WTERMSIG(status), " (", strsignal(WTERMSIG(status)), ")");
  return concat("exit status ", WEXITSTATUS(status));
}

std::filesystem::path find_program(const std::string& name, const std::filesystem::path& folder) {
  const auto runs = [](const std::filesystem::path& path) {
    return std::filesystem::is_regular_file(path) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos)
    return runs(folder / name) ? folder / name : std::filesystem::path();
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/bin:/usr/bin");
  for (std::string one; std::getline(folders, one, ':');) {
    if (runs(folder / one / name)) return folder / one / name;
  }
  return {};
}

}  // namespace hone
