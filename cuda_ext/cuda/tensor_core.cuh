// One step of the tensor cores and how a warp gets its operands, for sm_80 and newer: mma.m16n8k16 of bfloat16 with
// float32 sums (PTX ISA 9.7.14). Lane l holds of A the rows l / 4 and l / 4 + 8 and of C as well, columns 2 (l % 4)
// and the next one; of B column l / 4.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "cuda_ext/cuda/bf16.h"

namespace hone::cuda {

/// Two floats as bfloat16, to nearest even, the first in the lower half.
__device__ inline uint32_t to_bf16(float first, float second) {
#if defined(__CUDACC__)
  uint32_t pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(pair) : "f"(second), "f"(first));
  return pair;
#else
  return cuda_on_cpu::to_bf16(first) | uint32_t{cuda_on_cpu::to_bf16(second)} << 16;
#endif
}

/// sums += a b of 16 x 16 and 16 x 8. A whole warp calls it.
__device__ inline void tensor_core_step(float (&sums)[4], const uint32_t (&a)[4], const uint32_t (&b)[2]) {
#if defined(__CUDACC__)
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(sums[0]), "+f"(sums[1]), "+f"(sums[2]), "+f"(sums[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#else
  cuda_on_cpu::tensor_core_step(sums, a, b);
#endif
}

/// A float as bfloat16, to nearest even.
__device__ inline Bf16 to_bf16(float x) { return {uint16_t(to_bf16(x, 0.0f) & 0xFFFF)}; }

/// Two matrices of 8 x 8 from shared memory: lane i < 16 gives the address of row i % 8 of matrix i / 8, and gets
/// numbers 2 (l % 4) and the next one of row l / 4 of each; `kTransposed`: of column l / 4.
template <bool kTransposed>
__device__ inline void load_matrices(uint32_t (&out)[2], const Bf16* row) {
#if defined(__CUDACC__)
  const uint32_t address = uint32_t(__cvta_generic_to_shared(row));
  if constexpr (kTransposed)
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
                 : "=r"(out[0]), "=r"(out[1])
                 : "r"(address));
  else
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
                 : "=r"(out[0]), "=r"(out[1])
                 : "r"(address));
#else
  cuda_on_cpu::load_matrices(out, row, kTransposed);
#endif
}

/// Four matrices likewise, by the addresses of all lanes: A of a step, or B of two.
template <bool kTransposed>
__device__ inline void load_matrices(uint32_t (&out)[4], const Bf16* row) {
#if defined(__CUDACC__)
  const uint32_t address = uint32_t(__cvta_generic_to_shared(row));
  if constexpr (kTransposed)
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
                 : "r"(address));
  else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(out[0]), "=r"(out[1]), "=r"(out[2]), "=r"(out[3])
                 : "r"(address));
#else
  cuda_on_cpu::load_matrices(out, row, kTransposed);
#endif
}

}  // namespace hone::cuda
