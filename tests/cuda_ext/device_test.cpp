// Devices by name: what works everywhere, and what a machine without a usable GPU says.
#include "cuda_ext/device.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace hone {
namespace {

TEST(Device, TheCpuIsAlwaysThere) { EXPECT_EQ(open_device("cpu"), at::Device(at::kCPU)); }

TEST(Device, AnUnknownNameIsNamed) {
  try {
    open_device("gpu");
    FAIL() << "expected an InputError";
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "device: got 'gpu', expected auto, cpu or cuda");
  }
}

TEST(Device, WithoutAGpuTheReasonIsGivenAndAutoIsTheCpu) {
  const GpuReport gpu = find_gpu();
  if (gpu.why_not.empty()) GTEST_SKIP() << "there is a GPU: " << gpu.name;
  EXPECT_EQ(open_device("auto"), at::Device(at::kCPU));
  try {
    open_device("cuda");
    FAIL() << "expected an InputError";
  } catch (const InputError& e) {
    EXPECT_EQ(e.what(), "--device cuda: " + gpu.why_not);
  }
}

}  // namespace
}  // namespace hone
