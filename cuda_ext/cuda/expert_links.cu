// The links of rows sorted by expert (weight_gradient.h): a warp an expert walks over its rows, whose units ascend; a row
// that begins a unit goes to the next whole step. Bound: latency.
#include "cuda_ext/cuda/launch.cuh"
#include "cuda_ext/cuda/weight_gradient.h"

namespace hone::cuda {
namespace {

constexpr int kWarp = 32, kStep = 16;

__global__ void __launch_bounds__(kWarp) expert_links_kernel(ExpertLinksParams p) {
  const int64_t e = blockIdx.x, begin = p.offsets[e], end = p.offsets[e + 1];
  const int lane = int(threadIdx.x);
  const int64_t base = begin + (kStep - 1) * p.units * e;
  int64_t next = base;  // where the next row goes if it is of the same unit
  int last_unit = -1;
  for (int64_t first = begin; first < end; first += kWarp) {
    const int64_t row = first + lane;
    const int unit = row < end ? p.unit[unsigned(p.order[row]) / unsigned(p.top_k)] : -1;
    const int count = int(end - first < kWarp ? end - first : kWarp);
    int64_t own = 0;
    for (int i = 0; i < count; ++i) {
      const int u = __shfl_sync(0xFFFFFFFFu, unit, i);
      if (u != last_unit) next = base + (next - base + kStep - 1) / kStep * kStep;
      if (lane == i) own = next;
      last_unit = u, ++next;
    }
    if (row < end) p.links[own] = int32_t(row);
  }
  if (lane == 0) {
    p.ranges[2 * e] = base;
    p.ranges[2 * e + 1] = base + (next - base + kStep - 1) / kStep * kStep;
  }
}

}  // namespace

void expert_links(const ExpertLinksParams& p, Stream stream) {
  launch(expert_links_kernel, {p.experts, kWarp}, stream, p);
}

}  // namespace hone::cuda
