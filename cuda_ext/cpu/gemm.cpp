// Cuts matrix products into blocks of about equal work and runs them on all threads.
#include "cuda_ext/cpu/gemm.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "cuda_ext/parallel.h"

namespace hone::cpu {
namespace {

/// Below this many fma (about 50 us on one core) waking other threads costs more than they bring.
constexpr int64_t kSmallWork = 2'500'000;
/// Fewer rows than this cost the same: time goes into reading B.
constexpr int64_t kMinRows = 4;
/// Rows of a block at least: eight tiles (AVX-512) where columns can be cut instead, else two.
constexpr int64_t kTallRows = 112;
constexpr int64_t kRowGrain = 28;

struct Free {
  void operator()(float* p) const { std::free(p); }
};

float* scratch() {
  thread_local const std::unique_ptr<float, Free> buffer{
      static_cast<float*>(std::aligned_alloc(64, kGemmScratch * sizeof(float)))};
  if (!buffer) throw std::bad_alloc();
  return buffer.get();
}

int64_t work(const GemmParams& p) { return std::max(p.m, kMinRows) * p.n * std::max<int64_t>(p.k, 1); }

/// Rows [i0, i1) and columns [j0, j1) of a product; j0 is a multiple of 32.
GemmParams part(const GemmParams& p, int64_t i0, int64_t i1, int64_t j0, int64_t j1) {
  GemmParams q = p;
  q.a += i0 * p.a_row;
  q.b += p.b_panel ? j0 / kPanel * p.b_panel : j0 * p.b_col;
  q.c += i0 * p.c_row + j0;
  if (p.bias) q.bias += j0;
  q.m = i1 - i0;
  q.n = j1 - j0;
  return q;
}

/// Wide blocks reuse their rows of A, tall ones their panels of B: columns are cut to eight panels, then rows
/// to eight tiles, then columns further, and rows further only when panels run out.
void cut(const GemmParams& p, int64_t target, std::vector<GemmParams>& parts_) {
  const int64_t pieces = std::max<int64_t>(1, (work(p) + target / 2) / target);
  const int64_t panels = (p.n + kPanel - 1) / kPanel;
  int64_t across = std::clamp<int64_t>(panels / 8, 1, pieces);
  int64_t down = std::clamp<int64_t>(pieces / across, 1, std::max<int64_t>(1, p.m / kTallRows));
  across = std::clamp<int64_t>(pieces / down, across, panels);
  down = std::clamp<int64_t>(pieces / across, down, std::max(down, p.m / kRowGrain));
  for (int64_t j = 0; j < across; ++j)
    for (int64_t i = 0; i < down; ++i) {
      const int64_t j0 = panels * j / across * kPanel, j1 = std::min(p.n, panels * (j + 1) / across * kPanel);
      parts_.push_back(part(p, p.m * i / down, p.m * (i + 1) / down, j0, j1));
    }
}

void gemm_here(const GemmParams& p) {
  dispatch([&](auto i) { gemm<i>(p, scratch()); });
}

}  // namespace

void gemm_all(std::span<const GemmParams> products) {
  int64_t total = 0;
  for (const GemmParams& p : products) total += work(p);
  if (num_threads() == 1 || total < kSmallWork) {
    for (const GemmParams& p : products) gemm_here(p);
    return;
  }
  std::vector<GemmParams> parts;
  const int64_t target = std::max(total / (num_threads() * 4), kSmallWork / 4);
  for (const GemmParams& p : products)
    if (p.m > 0 && p.n > 0) cut(p, target, parts);
  parallel_for(std::ssize(parts), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) gemm_here(parts[i]);
  });
}

void pack_all(std::span<const PackParams> packs) {
  constexpr int64_t kGrain = 1 << 16;  // floats: some 30 us
  std::vector<PackParams> parts;
  for (const PackParams& p : packs) {
    const int64_t panels = (p.n + kPanel - 1) / kPanel;
    const int64_t step = std::max<int64_t>(1, kGrain / (kPanel * std::max<int64_t>(p.k, 1)));
    for (int64_t i = 0; i < panels; i += step) {
      PackParams q = p;
      q.b += i * kPanel * p.b_col;
      q.packed += i * p.packed_panel;
      q.n = std::min(p.n - i * kPanel, step * kPanel);
      parts.push_back(q);
    }
  }
  parallel_for(std::ssize(parts), 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) dispatch([&](auto isa) { pack_panels<isa>(parts[i]); });
  });
}

}  // namespace hone::cpu
