// A thread of a block: a stack of its own that runs until it waits.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace cuda_on_cpu {

/// Memory for the stacks of all threads of a block, kept from launch to launch.
class Stacks {
 public:
  static constexpr size_t kSize = 256 * 1024;
  Stacks() = default;
  ~Stacks();
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;
  void reserve(size_t count);
  std::byte* at(size_t i) const { return memory_ + i * kSize; }

 private:
  std::byte* memory_ = nullptr;
  size_t count_ = 0;
};

class Fiber {
 public:
  Fiber() = default;
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Begins anew with f on a stack of Stacks::kSize bytes.
  void start(std::byte* stack, const std::function<void()>* f);
  /// Runs it until it calls wait() or ends; throws what f threw.
  void resume();
  /// In the fiber: back to who resumed it.
  void wait();
  bool done() const { return done_; }

 private:
  static void enter();
  void run();
  void begin_on(std::byte* stack);
  void switch_in();
  void switch_out();

#if defined(__x86_64__)
  void *inside_ = nullptr, *outside_ = nullptr;  // stack pointers
#else
  ucontext_t inside_{}, outside_{};
#endif
  const std::function<void()>* f_ = nullptr;
  std::byte* stack_ = nullptr;
  std::exception_ptr error_;
  bool done_ = true;
  // What AddressSanitizer wants to know of stacks that change.
  void *inside_fake_ = nullptr, *outside_fake_ = nullptr;
  const void* outside_stack_ = nullptr;
  size_t outside_size_ = 0;
};

}  // namespace cuda_on_cpu
