// test_device.h on the CPU: mirrors are host memory as large as their arrays, so that AddressSanitizer sees their
// ends, and kernels run in several orders of threads.
#include "tests/cuda_ext/cuda/test_device.h"

#include <algorithm>
#include <cstring>

#include "tests/cuda_ext/cuda/device_blocks.h"
#include "tests/cuda_on_cpu/cuda_on_cpu.h"

namespace hone::test_device {
namespace {

void copy(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }

Blocks& blocks() {
  static Blocks& instance = *new Blocks({.allocate = [](size_t bytes) { return ::operator new(bytes); },
                                         .release = [](void* mirror) { ::operator delete(mirror); },
                                         .copy_to = copy,
                                         .copy_from = copy,
                                         .refuse_other_memory = true});  // outlives every array
  return instance;
}

void with_mirrors(const std::function<void()>& f) {
  const cuda_on_cpu::Hooks hooks([](void* parameter, size_t bytes) { blocks().translate(parameter, bytes); },
                                 [] { blocks().copy_back(); });
  f();
}

}  // namespace

void* allocate(size_t bytes) { return blocks().allocate(bytes); }
void release(void* memory) { blocks().release(memory); }

void in_every_order(const std::function<void()>& f) {
  cuda_on_cpu::in_every_order([&] { with_mirrors(f); });
}

void in_one_order(const std::function<void()>& f) {
  const cuda_on_cpu::Device device(cuda_on_cpu::Order::ascending);
  with_mirrors(f);
}

uint32_t seed() { return 0; }
bool is_gpu() { return false; }

}  // namespace hone::test_device
