// The elementary functions of simd.h over arrays: for the filters of sampling, and for tests that compare
// instruction sets.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

/// y[i] = f(x[i]), i < n; y may be x.
template <Isa I>
void exp_values(float* y, const float* x, int64_t n);
template <Isa I>
void log_values(float* y, const float* x, int64_t n);
template <Isa I>
void sigmoid_values(float* y, const float* x, int64_t n);
/// *y = the sixteen-lane sum of x[0..n): lane i % 16 takes x[i] in ascending order, then the one tree.
template <Isa I>
void sum_values(float* y, const float* x, int64_t n);

}  // namespace hone::cpu
