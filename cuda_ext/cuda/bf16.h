// A bfloat16 as the kernels and what launches them see it.
#pragma once

#include <cstdint>

namespace hone::cuda {

/// The bits of a bfloat16.
struct Bf16 {
  uint16_t bits;
};

}  // namespace hone::cuda
