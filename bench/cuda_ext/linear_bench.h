// `hone bench linear`: the exact linear operator against at::linear (the BLAS that LibTorch brings).
#pragma once

#include <ostream>

#include "core/types.h"

namespace hone {

struct LinearBenchOptions {
  int threads = 0;                // 0: all cores
  int reps = 21;                  // timed repetitions of each side, interleaved; more on a noisy machine
  double seconds_per_case = 1.0;  // rough bound on the time that a shape takes
};

/// Checks results against the scalar definition, then times. A line a shape goes to `table`; the numbers are
/// returned.
Json run_linear_bench(const LinearBenchOptions& options, std::ostream& table);

}  // namespace hone
