// The pool behind Sandbox: a box is taken for a run and put back; one that fails is thrown away.
#include <sched.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "core/interrupted.h"
#include "rewards/sandbox.h"
#include "rewards/sandbox_box.h"

namespace hone {
namespace {

constexpr int64_t kRunsPerBox = 2000;  // a fresh one now and then: whatever might add up in there does not

int usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  return std::max(1, CPU_COUNT(&cores));
}

/// The one thread that starts boxes: the kernel ends a box when the thread that started it is gone.
class Starter {
 public:
  ~Starter() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  std::unique_ptr<SandboxBox> start(SandboxKind kind) {
    std::packaged_task<std::unique_ptr<SandboxBox>()> task(
        [kind] { return std::make_unique<SandboxBox>(kind); });
    auto box = task.get_future();
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
    return box.get();
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return closing_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      auto task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::packaged_task<std::unique_ptr<SandboxBox>()>> tasks_;
  bool closing_ = false;
  std::thread thread_{[this] { work(); }};
};

}  // namespace

struct Sandbox::Impl {
  Starter starter;  // outlives the boxes
  std::mutex mutex;
  std::condition_variable_any freed;
  int free_slots = 0;
  std::vector<std::unique_ptr<SandboxBox>> idle[2];  // [SandboxKind]

  /// Holds one of the slots while it lives.
  class Slot {
   public:
    explicit Slot(Impl& impl, const std::stop_token& stop = {}) : impl_(impl) {
      std::unique_lock lock(impl_.mutex);
      if (!impl_.freed.wait(lock, stop, [&] { return impl_.free_slots > 0; })) throw Interrupted();
      --impl_.free_slots;
    }
    ~Slot() {
      {
        const std::lock_guard lock(impl_.mutex);
        ++impl_.free_slots;
      }
      impl_.freed.notify_one();
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    Impl& impl_;
  };

  std::unique_ptr<SandboxBox> take(SandboxKind kind) {
    {
      const std::lock_guard lock(mutex);
      auto& boxes = idle[static_cast<int>(kind)];
      if (!boxes.empty()) {
        auto box = std::move(boxes.back());
        boxes.pop_back();
        return box;
      }
    }
    return starter.start(kind);
  }

  void put_back(SandboxKind kind, std::unique_ptr<SandboxBox> box) {
    if (box->runs() >= kRunsPerBox) return;
    const std::lock_guard lock(mutex);
    idle[static_cast<int>(kind)].push_back(std::move(box));
  }
};

Sandbox::Sandbox(int slots) : impl_(std::make_unique<Impl>()) {
  impl_->free_slots = slots > 0 ? slots : usable_cores();
}

Sandbox::~Sandbox() = default;

std::shared_ptr<Sandbox> Sandbox::shared() {
  static std::mutex mutex;
  static std::weak_ptr<Sandbox> current;
  const std::lock_guard lock(mutex);
  std::shared_ptr<Sandbox> sandbox = current.lock();
  if (!sandbox) current = sandbox = std::make_shared<Sandbox>();
  return sandbox;
}

std::string Sandbox::require(SandboxKind kind) {
  const Impl::Slot slot(*impl_);
  auto box = impl_->take(kind);
  const std::string landlock =
      box->landlock_abi() > 0 ? concat("Landlock ABI ", box->landlock_abi()) : "no Landlock in this kernel";
  impl_->put_back(kind, std::move(box));
  return "bubblewrap namespaces, seccomp, " + landlock;
}

void Sandbox::require_compiler() {
  require(SandboxKind::kNative);
  const SandboxProgram compiler{.argv = {kCompiler, "--version"}};
  if (::access(kCompiler, X_OK) != 0 || !run(compiler, "", {.memory_mb = 512, .processes = 16}).ok())
    throw SandboxError(
        concat(kCompiler,
               " is not there; install it (Debian: apt-get install g++), or set \"language\": \"python\""));
}

SandboxResult Sandbox::run(const SandboxProgram& program, std::string_view input, const SandboxLimits& limits,
                           const std::stop_token& stop) {
  const Impl::Slot slot(*impl_, stop);
  for (int attempt = 0;; ++attempt) {
    try {
      // The second time in a fresh box: what killed one of those that waited may have killed them all.
      auto box = attempt == 0 ? impl_->take(program.kind) : impl_->starter.start(program.kind);
      SandboxResult result = box->run(program, input, limits, stop);
      impl_->put_back(program.kind, std::move(box));
      return result;
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& e) {  // whatever it was, no verdict on the program came out of it
      if (attempt > 0) throw SandboxError(e.what());
    }
  }
}

}  // namespace hone
