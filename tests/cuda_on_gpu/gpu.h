// The GPU of the tests: whether there is one, and the seed of this run.
#pragma once

#include <cstdint>
#include <string>

namespace hone::test_device {

/// Why kernels cannot run here; empty if they can.
std::string why_no_gpu();
/// HONE_TEST_SEED, or a fresh number.
uint32_t gpu_test_seed();

}  // namespace hone::test_device
