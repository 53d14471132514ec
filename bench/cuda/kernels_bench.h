// `hone bench kernels`: every CUDA kernel against what the device can move and compute, measured in the same run.
// scripts/gpu_peers.py adds ATen's times to its JSON.
#pragma once

#include <iosfwd>
#include <limits>

#include "core/types.h"

namespace hone {

struct KernelsBenchOptions {
  double seconds =
      std::numeric_limits<double>::infinity();  // cases that would begin later are left out, by name
  int min_reps = 20;                            // timed repetitions of a case, at least
};

/// Compares each kernel with the CPU's, then times it. A line a case goes to `table`; the numbers are returned.
/// Throws Error, with the reason, where there is no GPU or the program was built without kernels.
Json run_kernels_bench(const KernelsBenchOptions& options, std::ostream& table);

}  // namespace hone
