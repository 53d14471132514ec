// The one exact matrix product of the CPU kernels: C[i,j] = a chain of fma over k ascending, from 0 or from
// what C holds, bias added last. Forward, input and weight gradients and grouped experts are all this product.
// Blocking, packing, tiles and threads move data and never the order of a chain. Free of torch.
#pragma once

#include <cstdint>
#include <span>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

inline constexpr int64_t kPanel = 32;  // columns of a packed panel

/// One product. A[i,k] = a[i a_row + k a_k], any strides. B is either packed panels (b_panel > 0): panel p
/// holds columns [32 p, 32 p + 32) as [k, 32], zero padded, at b + p b_panel; or strided (b_panel == 0):
/// B[k,j] = b[k b_k + j b_col].
struct GemmParams {
  const float* a = nullptr;  // [m, k]
  int64_t a_row = 0, a_k = 1;
  const float* b = nullptr;  // [k, n]
  int64_t b_panel = 0;       // distance between panels, at least 32 k; 0: strided
  int64_t b_k = 0, b_col = 1;
  float* c = nullptr;  // [m, n], written; columns are contiguous
  int64_t c_row = 0;
  const float* bias = nullptr;  // [n] or null
  int64_t m = 0, n = 0, k = 0;
  bool accumulate = false;  // the chains start from C
};

/// Floats of scratch that gemm() needs, 64-byte aligned.
inline constexpr int64_t kGemmScratch = 176 * 1024;

/// The product on the calling thread.
template <Isa I>
void gemm(const GemmParams& p, float* scratch);

/// B[k,j] = b[k b_k + j b_col] into packed panels [ceil(n/32), k, 32] at `packed`, padded with zeros.
struct PackParams {
  const float* b = nullptr;
  int64_t b_k = 0, b_col = 1;
  int64_t k = 0, n = 0;
  float* packed = nullptr;
  int64_t packed_panel = 0;  // distance between panels, at least 32 k
};
template <Isa I>
void pack_panels(const PackParams& p);

/// All products on all threads: each is cut into blocks of rows and panels of about equal work. Products must
/// not overlap in C.
void gemm_all(std::span<const GemmParams> products);

/// Packs on all threads.
void pack_all(std::span<const PackParams> packs);

}  // namespace hone::cpu
