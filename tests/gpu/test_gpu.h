// The GPU that tests/gpu runs on: a real one (tests/gpu/real_gpu.cpp; tests skip loudly where there is none), or one
// that a CPU plays (tests/gpu_on_cpu).
#pragma once

#include <ATen/core/Tensor.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>

namespace hone {

/// While it lives, kernels run; nothing where there is no GPU.
struct TestGpu {
  at::Device device = at::kCPU;
  std::shared_ptr<void> running;  // what the device needs as long as it is used
  bool played = false;            // by a CPU, some thousand times slower
};
std::optional<TestGpu> open_test_gpu();

/// A played GPU: `free` bytes are left to be allocated, and a tensor larger than `largest` is refused as out of memory;
/// a real one is what it is.
void play_memory(int64_t free, int64_t largest);

/// A test that skips without a GPU.
template <class Base = testing::Test>
class OnGpu : public Base {
 protected:
  void SetUp() override {
    gpu_ = open_test_gpu();
    if (!gpu_) GTEST_SKIP() << "no GPU: see hone doctor";
  }
  at::Device gpu() const { return gpu_->device; }
  bool played() const { return gpu_->played; }

 private:
  std::optional<TestGpu> gpu_;
};

}  // namespace hone
