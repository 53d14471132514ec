// What attention does row by row: copies into pages, D = row sum of dout out, the sum over the places of a row, and
// the sinks' gradient, dsink = chain over rows ascending of fma(-exp(sink - lse), D, .). Bound: memory.
#include "cuda_ext/cuda/attention.h"
#include "cuda_ext/cuda/rows.cuh"
#include "cuda_ext/cuda/tensor_core.cuh"

namespace hone::cuda {
namespace {

constexpr int kPage = cpu::kPageKeys, kWarp = 32;

__device__ inline void put(float* to, float x) { *to = x; }
__device__ inline void put(Bf16* to, float x) { *to = to_bf16(x); }

/// A thread a number: those of a key, then of a value, of key heads, of writes.
template <class Number>
__global__ void __launch_bounds__(kThreads) write_pages_kernel(WritePagesParamsOf<Number> p) {
  const int64_t size = p.key_size + p.value_size;
  const Element<1> e(p.num_writes * p.key_heads, size);
  if (!e.inside) return;
  const int64_t w = unsigned(e.t) / unsigned(p.key_heads), j = unsigned(e.t) % unsigned(p.key_heads);
  const int64_t row = p.writes[3 * w], page = p.writes[3 * w + 1], slot = p.writes[3 * w + 2];
  if (e.i < p.key_size) {
    put(&p.k_pages[page * p.k_page + (j * p.key_size + e.i) * kPage + slot],
        p.k.data[row * p.k.stride_t + j * p.k.stride_h + e.i]);
  } else {
    const int64_t i = e.i - p.key_size;
    put(&p.v_pages[page * p.v_page + (j * kPage + slot) * p.value_size + i],
        p.v.data[row * p.v.stride_t + j * p.v.stride_h + i]);
  }
}

/// A half-warp a pair.
__global__ void __launch_bounds__(kThreads) delta_kernel(AttentionDeltaParams p) {
  const HalfWarp half;
  const int64_t pair = half_warp_row();
  if (pair >= p.rows * p.heads) return;
  const int64_t t = pair / p.heads, h = pair % p.heads;
  const float *dout = p.dout.data + t * p.dout.stride_t + h * p.dout.stride_h,
              *out = p.out.data + t * p.out.stride_t + h * p.out.stride_h;
  float a = 0;
#pragma unroll 4
  for (int64_t e = half.lane; e < p.value_size; e += kLanes) a = fma(dout[e], out[e], a);
  const float sum = tree_sum(a, half);
  if (half.lane == 0) p.delta[pair] = sum;
}

__global__ void __launch_bounds__(kThreads) collect_kernel(AttentionCollectParams p) {
  const Element<1> e(p.rows * p.key_heads, p.size);
  if (!e.inside) return;
  const int64_t t = unsigned(e.t) / unsigned(p.key_heads), j = unsigned(e.t) % unsigned(p.key_heads);
  float sum = 0;
  for (int i = p.slot_begin[t]; i < p.slot_begin[t + 1]; ++i) {
    const int64_t place = p.slots[i] / kPage, slot = p.slots[i] % kPage;
    sum = sum + p.by_place[((place * p.key_heads + j) * kPage + slot) * p.size + e.i];
  }
  p.out.data[t * p.out.stride_t + j * p.out.stride_h + e.i] = sum;
}

/// A warp a head: it loads side by side and adds one after the other.
__global__ void __launch_bounds__(kWarp) sink_gradient_kernel(AttentionSinkParams p) {
  const int lane = int(threadIdx.x);
  const int64_t h = blockIdx.x;
  const float sink = p.sinks[h];
  float d = p.dsinks[h];
  for (int64_t first = 0; first < p.rows; first += kWarp) {
    const int64_t t = first + lane;
    float weight = 0, delta = 0;
    if (t < p.rows) {
      weight = -exp(sink - p.lse.data[t * p.lse.stride_t + h * p.lse.stride_h]);
      delta = p.delta[t * p.heads + h];
    }
    const int count = int(p.rows - first < kWarp ? p.rows - first : kWarp);
    for (int i = 0; i < count; ++i)
      d = fma(__shfl_sync(0xFFFFFFFFu, weight, i), __shfl_sync(0xFFFFFFFFu, delta, i), d);
  }
  if (lane == 0) p.dsinks[h] = d;
}

}  // namespace

namespace {
template <class Number>
void launch_write_pages(const WritePagesParamsOf<Number>& p, Stream stream) {
  launch(write_pages_kernel<Number>, elements(p.num_writes * p.key_heads, p.key_size + p.value_size, 1),
         stream, p);
}
}  // namespace

void write_pages(const WritePagesParams& p, Stream stream) { launch_write_pages(p, stream); }
void write_pages(const WritePagesParamsOf<Bf16>& p, Stream stream) { launch_write_pages(p, stream); }

void attention_delta(const AttentionDeltaParams& p, Stream stream) {
  launch(delta_kernel, {ceil_div(p.rows * p.heads, kRowsOfBlock), kThreads}, stream, p);
}

void attention_collect(const AttentionCollectParams& p, Stream stream) {
  launch(collect_kernel, elements(p.rows * p.key_heads, p.size, 1), stream, p);
}

void attention_sink_gradient(const AttentionSinkParams& p, Stream stream) {
  launch(sink_gradient_kernel, {p.heads, kWarp}, stream, p);
}

}  // namespace hone::cuda
