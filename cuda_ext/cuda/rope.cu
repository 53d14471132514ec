// Rotary embedding in place: a' = fma(a, c, -(b * s)), b' = fma(b, c, a * s) for the pairs (i, i + D/2), or
// (2 i, 2 i + 1) interleaved; inverse: with -s. Bound: memory, 8 bytes a number and the tables' rows.
#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/rows.h"

namespace hone::cuda {
namespace {

/// A thread a pair: i of D/2, then heads, then tokens.
__global__ void __launch_bounds__(kThreads) rope_kernel(cpu::RopeParams p, int64_t rows) {
  const int64_t half = p.size / 2;
  const Element<1> e(rows, half);
  if (!e.inside) return;
  const int64_t t = unsigned(e.t) / unsigned(p.heads);
  const int64_t at = p.positions[t] * half + e.i;
  const float c = p.cos[at], s = p.inverse ? -p.sin[at] : p.sin[at];
  float* x = row(p.x, e.t, p.heads);
  float& a = p.interleaved ? x[2 * e.i] : x[e.i];
  float& b = p.interleaved ? x[2 * e.i + 1] : x[half + e.i];
  const float old_a = a, old_b = b;
  a = fma(old_a, c, -(old_b * s));
  b = fma(old_b, c, old_a * s);
}

}  // namespace

void rope(const cpu::RopeParams& p, int64_t tokens, Stream stream) {
  const int64_t rows = tokens * p.heads;
  launch(rope_kernel, elements(rows, p.size / 2, 1), stream, p, rows);
}

}  // namespace hone::cuda
