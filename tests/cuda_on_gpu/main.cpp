// hone_gpu_tests: the kernel tests on a real device. Without one every test is skipped, with the reason.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/cuda_on_gpu/gpu.h"

namespace {

class Gpu : public testing::Environment {
 public:
  void SetUp() override {
    const std::string reason = hone::test_device::why_no_gpu();
    if (!reason.empty()) {
      std::cout << "[  SKIPPED ] every test: no GPU to run kernels on: " << reason << std::endl;  // for ctest
      GTEST_SKIP();
    }
    cudaDeviceProp properties{};
    (void)cudaGetDeviceProperties(&properties, 0);
    std::cout << "device: " << properties.name
              << "; inputs: HONE_TEST_SEED=" << hone::test_device::gpu_test_seed() << std::endl;
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::AddGlobalTestEnvironment(new Gpu);  // googletest owns it
  return RUN_ALL_TESTS();
}
