// What the kernels' benchmark needs of a GPU: memory, times, the device's description and its measured limits.
// bench/cuda/gpu.cpp is a real one; a test has one on the CPU.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/types.h"

namespace hone::gpu {

/// Why kernels cannot run here; empty if they can.
std::string why_none();
/// Name, compute capability, multiprocessors, memory, second-level cache, clocks, versions.
Json describe();

void* allocate(size_t bytes);
void release(void* memory);
void write(void* to_gpu, const void* from, size_t bytes);
/// Waits for the kernels that were launched.
void read(void* to, const void* from_gpu, size_t bytes);

struct Timing {
  double median = 0, p10 = 0, p90 = 0;  // us
  int reps = 0;
};
/// Times what `run` launches on the default stream, from event to event, each time with a second-level cache
/// full of something else.
Timing time(const std::function<void()>& run, int min_reps);

/// What this device reaches here and now.
struct Limits {
  double copy_gb_s = 0;     // device to device, bytes read and written
  double f32_tflops = 0;    // independent fma in registers
  double sgemm_tflops = 0;  // cuBLAS, float32, 4096^3, not reproducible order; 0: no cuBLAS was found
  double bf16_tflops = 0;   // cuBLAS, bfloat16, 8192^3, random numbers; 0: no cuBLAS was found
};
Limits measure_limits();

}  // namespace hone::gpu
