// `hone bench kernels` of a program without CUDA kernels.
#include "bench/cuda/kernels_bench.h"
#include "core/error.h"

namespace hone {

Json run_kernels_bench(const KernelsBenchOptions&, std::ostream&) {
  throw Error("kernels: this program was built without CUDA kernels (HONE_CUDA=off, or there was no nvcc)");
}

}  // namespace hone
