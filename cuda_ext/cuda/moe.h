// Mixture of experts on a GPU: parameters, definitions and bits of cpu/moe.h, and the sort of rows by expert,
// which needs neither atomics nor the host. All pointers are on the device. T tokens, E experts, k = top_k,
// R = T k rows, K width.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/moe.h"
#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

void route(const cpu::RouterParams& p, int64_t tokens, Stream stream);
void route_backward(const cpu::RouterBackwardParams& p, int64_t tokens, Stream stream);

/// A stable counting sort: row i of the sorted is order[i] = t * top_k + slot, and inverse[order[i]] = i.
struct DispatchParams {
  const int32_t* experts;  // [R], 0 to E - 1
  int64_t rows, num_experts;
  int32_t* order;    // [R]
  int32_t* inverse;  // [R]
  int64_t* offsets;  // [E + 1]
  int32_t* scratch;  // [dispatch_scratch(R, E)]
};
/// Numbers of scratch.
int64_t dispatch_scratch(int64_t rows, int64_t num_experts);
void dispatch(const DispatchParams& p, Stream stream);

/// out[i] = x[order[i] / top_k].
struct GatherParams {
  int64_t rows, top_k, width;
  const int32_t* order;  // [R]
  const float* x;        // [T, K]
  float* out;            // [R, K]
  int64_t x_stride, out_stride;
};
void gather_rows(const GatherParams& p, Stream stream);
void gather_rows_backward(const cpu::GatherBackwardParams& p, int64_t tokens, Stream stream);

void combine(const cpu::CombineParams& p, int64_t tokens, Stream stream);
/// dy may be y.
void combine_backward(const cpu::CombineBackwardParams& p, int64_t tokens, Stream stream);

}  // namespace hone::cuda
