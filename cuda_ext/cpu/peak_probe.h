// What this machine's floating-point units can do at most: the denominator of "share of peak" in benchmarks.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

/// `rounds` times 256 fma: independent chains of 16 lanes in registers. The result only keeps them alive.
template <Isa I>
float fma_probe(int64_t rounds);

/// GFLOP/s of `threads` threads at once (an fma counts two), best of several short runs, on the ISA in use.
double measure_peak_gflops(int threads);

}  // namespace hone::cpu
