// Packs a strided matrix into panels of 32 columns, padded with zeros (gemm.h).
#include "cuda_ext/cpu/gemm.h"
#include "cuda_ext/cpu/simd.h"

namespace hone::cpu {
namespace {

int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

void pack_columns(const float* b, int64_t b_k, int64_t b_col, int64_t k, int64_t cols, float* to) {
  constexpr int64_t kStep = 16;
  for (int64_t k0 = 0; k0 < k; k0 += kStep) {
    const int64_t depth = least(kStep, k - k0);
    for (int64_t j = 0; j < kPanel; ++j)
      for (int64_t kk = 0; kk < depth; ++kk)
        to[(k0 + kk) * kPanel + j] = j < cols ? b[(k0 + kk) * b_k + j * b_col] : 0.0f;
  }
}

void pack_rows(const PackParams& p) {
  for (int64_t k = 0; k < p.k; ++k) {
    const float* from = p.b + k * p.b_k;
    float* to = p.packed + k * kPanel;
    int64_t j = 0;
    for (; j + kPanel <= p.n; j += kPanel, to += p.packed_panel) {
      store(to, load(from + j));
      store(to + kLanes, load(from + j + kLanes));
    }
    if (j < p.n) {
      const int left = int(p.n - j);
      store(to, load_n(from + j, int(least(left, kLanes))));
      store(to + kLanes, left > kLanes ? load_n(from + j + kLanes, left - kLanes) : zero());
    }
  }
}

}  // namespace

template <>
void pack_panels<kIsa>(const PackParams& p) {
  if (p.b_col == 1) return pack_rows(p);
  for (int64_t j = 0; j < p.n; j += kPanel)
    pack_columns(p.b + j * p.b_col, p.b_k, p.b_col, p.k, least(kPanel, p.n - j),
                 p.packed + j / kPanel * p.packed_panel);
}

}  // namespace hone::cpu
