// Pointers in a launch's parameters: those into blocks are found and replaced, others to this process's memory
// are errors, and numbers stay numbers.
#include "tests/cuda_ext/cuda/device_blocks.h"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <stdexcept>
#include <vector>

#include "tests/cuda_ext/cuda/elementary_kernels.h"
#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

using test_device::Blocks;

struct Params {
  int64_t rows = 7;
  float* x = nullptr;
  int32_t a = 5, b = 21845;  // together 0x5555'0000'0005
  float* y = nullptr;
  bool flag = true;
};

int mirrors = 0;  // that live
void copy(void* to, const void* from, size_t bytes) { std::memcpy(to, from, bytes); }
const test_device::MirrorMemory kMemory{.allocate = [](size_t n) { return ++mirrors, ::operator new(n); },
                                        .release = [](void* m) { --mirrors, ::operator delete(m); },
                                        .copy_to = copy,
                                        .copy_from = copy,
                                        .refuse_other_memory = true};

TEST(CudaDeviceBlocks, PointersIntoBlocksAndToTheirEndsAreReplaced) {
  Blocks blocks(kMemory);
  auto* x = static_cast<float*>(blocks.allocate(400));
  auto* y = static_cast<float*>(blocks.allocate(800));
  x[3] = 1.5f;
  Params p{.x = x + 3, .y = y + 200}, again{.x = x, .y = x + 100};
  blocks.translate(&p, sizeof p);
  blocks.translate(&again, sizeof again);
  EXPECT_EQ(p.rows, 7);
  EXPECT_EQ(p.a, 5);
  EXPECT_EQ(p.b, 21845);
  EXPECT_NE(p.x, x + 3);
  EXPECT_EQ(*p.x, 1.5f);
  EXPECT_EQ(p.x, again.x + 3);
  EXPECT_EQ(again.y, again.x + 100);
  EXPECT_EQ(mirrors, 2);
  blocks.release(x), blocks.release(y);
  EXPECT_EQ(mirrors, 0);
}

TEST(CudaDeviceBlocks, AMirrorIsFilledBeforeALaunchAndCopiedBackAfterIt) {
  Blocks blocks(kMemory);
  auto* x = static_cast<float*>(blocks.allocate(4));
  for (const float round : {1.0f, 10.0f}) {
    *x = round;
    Params p{.x = x};
    blocks.translate(&p, sizeof p);
    *p.x += 0.5f;
    EXPECT_EQ(*x, round);
    blocks.copy_back();
    EXPECT_EQ(*x, round + 0.5f);
  }
  blocks.release(x);
}

TEST(CudaDeviceBlocks, NullStaysNull) {
  Blocks blocks(kMemory);
  Params p;
  __builtin_clear_padding(&p);  // as a launch does: what is left there can look like a pointer
  blocks.translate(&p, sizeof p);
  EXPECT_EQ(p.x, nullptr);
}

TEST(CudaDeviceBlocks, OtherMemoryOfTheProcessIsAnError) {
  Blocks blocks(kMemory);
  std::vector<float> heap(1000, 1.0f);
  float local = 0;
  for (float* pointer : {heap.data(), &local}) {
    Params p;
    std::memset(static_cast<void*>(&p), 0, sizeof p);
    p.x = pointer;
    try {
      blocks.translate(&p, sizeof p);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::logic_error& e) {
      EXPECT_NE(std::string(e.what()).find("at byte 8 of its parameters, that no Array holds"),
                std::string::npos)
          << e.what();
    }
  }
}

TEST(CudaDeviceBlocks, AKernelIsNotGivenAVector) {
  const std::vector<float> x(100, 1.0f);
  Floats y(100);
  EXPECT_THROW(in_one_order([&] {
                 cuda::elementary(cuda::Elementary::exp, {x.data(), y.data(), 100}, nullptr);
               }),
               std::logic_error);
}

}  // namespace
}  // namespace hone
