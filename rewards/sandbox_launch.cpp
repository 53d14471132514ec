#include "rewards/sandbox_launch.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "rewards/box/wire.h"
#include "rewards/memory_file.h"
#include "rewards/sandbox_filter.h"
#include "rewards/sandbox_images.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

// Descriptors that bwrap is started with, besides its control socket (box::kControl).
constexpr int kFilter = 4, kNative = 5, kModule = 6, kScript = 7;
constexpr const char* kNobody = "65534";

/// The first of the usual places where `name` is an executable; SandboxError with the package if there is
/// none.
std::string find_program(const std::string& name, const std::string& package) {
  for (const char* folder : {"/usr/bin/", "/bin/", "/usr/local/bin/"}) {
    const std::string path = folder + name;
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  throw SandboxError(name +
                     " is not in /usr/bin, /bin or /usr/local/bin; install it (Debian: apt-get install " +
                     package + ")");
}

void add(std::vector<std::string>& argv, std::initializer_list<std::string> more) {
  argv.insert(argv.end(), more);
}

/// /usr and what leads into it; of /etc the two things that a linker and Debian's compilers look up.
void add_system(std::vector<std::string>& argv) {
  add(argv, {"--ro-bind", "/usr", "/usr"});
  for (const char* folder : {"/lib", "/lib32", "/lib64", "/libx32", "/bin"}) {
    std::error_code missing;
    if (fs::is_symlink(folder, missing)) {
      add(argv, {"--symlink", fs::read_symlink(folder).string(), folder});
    } else if (fs::is_directory(folder, missing)) {
      add(argv, {"--ro-bind", folder, folder});
    }
  }
  add(argv, {"--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/alternatives",
             "/etc/alternatives"});
  for (const char* device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"})
    add(argv, {"--dev-bind", device, device});
  add(argv, {"--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/proc/self/fd/0", "/dev/stdin",
             "--symlink", "/proc/self/fd/1", "/dev/stdout", "--symlink", "/proc/self/fd/2", "/dev/stderr"});
  add(argv, {"--dir", "/dev/shm", "--dir", "/tmp", "--proc", "/proc"});
}

void add_environment(std::vector<std::string>& argv) {
  const auto set = [&](const char* name, const char* value) { add(argv, {"--setenv", name, value}); };
  add(argv, {"--clearenv"});
  set("PATH", "/usr/bin:/bin");
  set("LANG", "C.UTF-8");
  set("HOME", "/tmp");
  set("PYTHONHASHSEED", "0");  // sets have the same order in every run
  for (const char* threads : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}) set(threads, "1");
}

std::vector<std::string> command(SandboxKind kind) {
  std::vector<std::string> argv;
  if (::geteuid() == 0) {
    // Root is not bound by RLIMIT_NPROC and owns files that nobody does.
    add(argv, {find_program("setpriv", "util-linux"), "--reuid", kNobody, "--regid", kNobody,
               "--clear-groups", "--inh-caps=-all", "--"});
  }
  add(argv, {find_program("bwrap", "bubblewrap"), "--unshare-all", "--unshare-user", "--die-with-parent",
             "--new-session", "--as-pid-1", "--uid", "1000", "--gid", "1000", "--hostname", "box"});
  add_system(argv);
  const auto image = [&](int fd, const char* path) {
    add(argv, {"--perms", "0555", "--ro-bind-data", std::to_string(fd), path});
  };
  image(kNative, "/box/native");
  if (kind == SandboxKind::kPython) {
    image(kModule, "/box/box.so");
    image(kScript, "/box/warm_python.py");
  }
  // The supervisor makes the namespaces of each run, which takes this one capability, in the box's user
  // namespace only.
  add(argv, {"--chdir", "/", "--remount-ro", "/", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"});
  add_environment(argv);
  add(argv, {"--seccomp", std::to_string(kFilter), "--", "/box/native"});
  if (kind == SandboxKind::kPython) {
    add(argv, {find_program("python3", "python3"), "-s", "-B", "/box/warm_python.py"});
  }
  return argv;
}

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  void place(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

/// No signal is blocked or ignored in the box, whatever holds here: what a program's signals do is part of its verdict.
class SpawnAttributes {
 public:
  SpawnAttributes() {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnAttributes() { posix_spawnattr_destroy(&attributes_); }
  SpawnAttributes(const SpawnAttributes&) = delete;
  SpawnAttributes& operator=(const SpawnAttributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

/// Out of the way of the numbers that descriptors are placed at.
Descriptor above(Descriptor file) {
  Descriptor moved(::fcntl(file.get(), F_DUPFD_CLOEXEC, 32));
  check(moved.is_open(), "fcntl: ", std::strerror(errno));
  return moved;
}

}  // namespace

LaunchedBox launch_box(SandboxKind kind) {
  int ends[2];
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0,
        "socketpair: ", std::strerror(errno));
  LaunchedBox box{-1, Descriptor(ends[0]), memory_file()};
  const Descriptor theirs = above(Descriptor(ends[1])), filter = above(box_filter());
  const Descriptor native = above(memory_file(box_native_image())),
                   module = above(memory_file(box_python_image()));
  const Descriptor script = above(memory_file(box_python_script()));
  const Descriptor errors = above(Descriptor(::fcntl(box.errors.get(), F_DUPFD_CLOEXEC, 0)));
  const Descriptor null = above(Descriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)));
  const SpawnAttributes attributes;
  SpawnActions actions;
  for (const int stream : {0, 1}) actions.place(null.get(), stream);
  actions.place(errors.get(), 2);
  actions.place(theirs.get(), box::kControl);
  actions.place(filter.get(), kFilter);
  actions.place(native.get(), kNative);
  if (kind == SandboxKind::kPython) {
    actions.place(module.get(), kModule);
    actions.place(script.get(), kScript);
  }
  std::vector<std::string> words = command(kind);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  char* environment[] = {nullptr};
  const int failed =
      ::posix_spawn(&box.pid, argv[0], actions.get(), attributes.get(), argv.data(), environment);
  if (failed != 0) throw SandboxError(words[0] + ": " + std::strerror(failed));
  return box;
}

}  // namespace hone
