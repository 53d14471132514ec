// What the multiprocessors' float32 units can do at most.
#pragma once

#include <cstdint>

#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

struct FmaProbeParams {
  float* out;      // [blocks * kProbeThreads]: keeps the chains alive
  int64_t rounds;  // of kProbeChains fma a thread
};
inline constexpr unsigned kProbeThreads = 256;
inline constexpr int kProbeChains = 16;
void fma_probe(const FmaProbeParams& p, int64_t blocks, Stream stream);

}  // namespace hone::cuda
