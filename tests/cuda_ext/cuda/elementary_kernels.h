// Kernels of tests: the scalar functions of elementary.cuh over arrays.
#pragma once

#include <cstdint>

#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

enum class Elementary {
  exp,
  log,
  sigmoid,
  exp_unfused  // planted: a multiplication and an addition, rounded twice, where the definition has one fma
};

struct ElementaryParams {
  const float* x;  // [n]
  float* y;        // [n]
  int64_t n;
};
void elementary(Elementary function, const ElementaryParams& p, Stream stream);

}  // namespace hone::cuda
