// AdamW and the sum of squares on a GPU: parameters and bits of cpu/optimizer.h. All pointers on the device.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/optimizer.h"
#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

/// Elements [0, n).
void adamw(const cpu::AdamWParams& p, int64_t n, Stream stream);
/// All blocks of kSquaresBlock elements into p.sums.
void sum_of_squares(const cpu::SquaresParams& p, Stream stream);
/// *total += double(sums[b]), b ascending: several arrays make one chain.
struct AddSumsParams {
  const float* sums;  // [n]
  int64_t n;
  double* total;
};
void add_sums(const AddSumsParams& p, Stream stream);

}  // namespace hone::cuda
