// Switching stacks: on x86-64 in a dozen instructions, elsewhere by swapcontext, which asks the kernel each time.
#include "tests/cuda_on_cpu/fiber.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>
#include <utility>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace cuda_on_cpu {
namespace {

/// Before a switch to another stack; `fake` keeps this one's frames (null: it ends).
void leave_stack([[maybe_unused]] void** fake, [[maybe_unused]] const void* to,
                 [[maybe_unused]] size_t size) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(fake, to, size);
#endif
}
/// Behind it.
void reach_stack([[maybe_unused]] void* fake, [[maybe_unused]] const void** from,
                 [[maybe_unused]] size_t* size) {
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake, from, size);
#endif
}

Fiber* starting = nullptr;  // what enter() runs

#if defined(__x86_64__)
/// Saves what a function has to keep on this stack, the stack pointer at *from, and goes on where `to` left.
extern "C" void cuda_on_cpu_switch(void** from, void* to);
asm(R"(
.text
.type cuda_on_cpu_switch, @function
cuda_on_cpu_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size cuda_on_cpu_switch, .-cuda_on_cpu_switch
)");
#endif

}  // namespace

Stacks::~Stacks() {
  if (memory_) munmap(memory_, count_ * kSize);
}

void Stacks::reserve(size_t count) {
  if (count <= count_) return;
  if (memory_) munmap(memory_, count_ * kSize);
  void* memory = mmap(nullptr, count * kSize, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  memory_ = static_cast<std::byte*>(memory), count_ = count;
}

#if defined(__x86_64__)

void Fiber::begin_on(std::byte* stack) {
  // Six registers, then where to return to: enter(), as if it had been called (its stack 8 off 16 bytes).
  void** top = reinterpret_cast<void**>(stack + Stacks::kSize) - 2;
  *top = reinterpret_cast<void*>(&Fiber::enter);
  inside_ = top - 6;
}
void Fiber::switch_in() { cuda_on_cpu_switch(&outside_, inside_); }
void Fiber::switch_out() { cuda_on_cpu_switch(&inside_, outside_); }

#else

void Fiber::begin_on(std::byte* stack) {
  getcontext(&inside_);
  inside_.uc_stack.ss_sp = stack;
  inside_.uc_stack.ss_size = Stacks::kSize;
  makecontext(&inside_, &Fiber::enter, 0);
}
void Fiber::switch_in() { swapcontext(&outside_, &inside_); }
void Fiber::switch_out() { swapcontext(&inside_, &outside_); }

#endif

/// Frames of a thread that did not come to its end are still marked on its stack, which others will use.
Fiber::~Fiber() {
#if defined(__SANITIZE_ADDRESS__)
  if (stack_ && !done_) ASAN_UNPOISON_MEMORY_REGION(stack_, Stacks::kSize);
#endif
}

void Fiber::start(std::byte* stack, const std::function<void()>* f) {
  f_ = f, stack_ = stack, done_ = false, error_ = nullptr, inside_fake_ = nullptr;
  begin_on(stack);
}

void Fiber::enter() { starting->run(); }

void Fiber::run() {
  reach_stack(nullptr, &outside_stack_, &outside_size_);
  try {
    (*f_)();
  } catch (...) {
    error_ = std::current_exception();
  }
  done_ = true;
  leave_stack(nullptr, outside_stack_, outside_size_);
  switch_out();
}

void Fiber::resume() {
  starting = this;
  leave_stack(&outside_fake_, stack_, Stacks::kSize);
  switch_in();
  reach_stack(outside_fake_, nullptr, nullptr);
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Fiber::wait() {
  leave_stack(&inside_fake_, outside_stack_, outside_size_);
  switch_out();
  reach_stack(inside_fake_, &outside_stack_, &outside_size_);
}

}  // namespace cuda_on_cpu
