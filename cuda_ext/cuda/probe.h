// The first GPU, or why there is none. Free of CUDA's headers.
#pragma once

#include <cstdint>

namespace hone::cuda {

struct Gpu {
  char error[256] = "";  // empty: there is one
  char name[256] = "";
  int major = 0, minor = 0;  // compute capability
  int multiprocessors = 0;
  int64_t memory = 0;  // bytes
};
Gpu probe_gpu();

}  // namespace hone::cuda
