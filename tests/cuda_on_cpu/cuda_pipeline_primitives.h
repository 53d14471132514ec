// Asynchronous copies from global to shared memory, on a CPU: a copy happens when its group is waited for, not
// earlier, so that a kernel that reads too soon reads what was there before (NaN in fresh shared memory).
#pragma once

#include "tests/cuda_on_cpu/cuda_on_cpu.h"

inline void __pipeline_memcpy_async(void* shared, const void* global, size_t bytes) {
  cuda_on_cpu::copy_later(shared, global, bytes);
}
inline void __pipeline_commit() { cuda_on_cpu::commit_copies(); }
inline void __pipeline_wait_prior(size_t groups) { cuda_on_cpu::wait_copies(groups); }
