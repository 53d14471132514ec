// The matrix product in CUDA has the bits of the CPU's, for every tile: odd sizes, chains of one link and of none,
// all strides that linear layers use, batches, rows and chains grouped by expert.
#include "cuda_ext/cuda/gemm.h"

#include <functional>

#include "cuda_ext/cpu/gemm.h"
#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

using cuda::GemmParams;
using cuda::Grouped;

struct Tile {
  const char* name;
  std::function<void(const GemmParams&)> run;
};
const std::vector<Tile> kTiles{{"128", [](const GemmParams& p) { cuda::gemm_128(p, nullptr); }},
                               {"64", [](const GemmParams& p) { cuda::gemm_64(p, nullptr); }},
                               {"thin 1", [](const GemmParams& p) { cuda::gemm_thin(p, 1, nullptr); }},
                               {"thin 2", [](const GemmParams& p) { cuda::gemm_thin(p, 2, nullptr); }},
                               {"thin 4", [](const GemmParams& p) { cuda::gemm_thin(p, 4, nullptr); }},
                               {"thin 8", [](const GemmParams& p) { cuda::gemm_thin(p, 8, nullptr); }},
                               {"any", [](const GemmParams& p) { cuda::gemm(p, nullptr); }}};

/// One product of p on the CPU, with all of its own offsets and sizes applied.
void cpu_product(const GemmParams& p, int64_t product, int64_t first_row, int64_t rows, int64_t first_link,
                 int64_t links) {
  cpu::GemmParams q;
  q.a = p.a + product * p.a_batch + first_row * p.a_row + first_link * p.a_k, q.a_row = p.a_row,
  q.a_k = p.a_k;
  q.b = p.b + product * p.b_batch + first_link * p.b_k, q.b_k = p.b_k, q.b_col = p.b_col;
  q.c = p.c + product * p.c_batch + first_row * p.c_row, q.c_row = p.c_row;
  q.bias = p.bias ? p.bias + product * p.bias_batch : nullptr;
  q.m = rows, q.n = p.n, q.k = links, q.accumulate = p.accumulate;
  Floats scratch(size_t(cpu::kGemmScratch) + 16);
  float* aligned = scratch.data();
  while (reinterpret_cast<uintptr_t>(aligned) % 64) ++aligned;
  cpu::dispatch([&](auto i) { cpu::gemm<i>(q, aligned); });
}

void cpu_gemm(const GemmParams& p) {
  for (int64_t b = 0; b < p.batch; ++b) {
    const int64_t begin = p.offsets ? p.offsets[b] : 0, end = p.offsets ? p.offsets[b + 1] : 0;
    if (p.grouped == Grouped::rows)
      cpu_product(p, b, begin, end - begin, 0, p.k);
    else if (p.grouped == Grouped::depth)
      cpu_product(p, b, 0, p.m, begin, end - begin);
    else
      cpu_product(p, b, 0, p.m, 0, p.k);
  }
}

/// Runs p, which lacks c, by every tile in every order, and compares all of C's memory.
void expect_bits_of_the_cpu(GemmParams p, size_t c_size) {
  Floats wanted = normal_floats(int64_t(c_size), 9);
  p.c = wanted.data();
  cpu_gemm(p);
  for (const Tile& tile : kTiles)
    in_every_order([&] {
      Floats c = normal_floats(int64_t(c_size), 9);
      p.c = c.data();
      tile.run(p);
      EXPECT_TRUE(same_bits(c, wanted))
          << "tile " << tile.name << ", " << p.m << " x " << p.n << " x " << p.k << ", batch " << p.batch;
    });
}

struct Size {
  int64_t m, n, k;
};
const std::vector<Size> kSizes{{1, 1, 1},    {1, 33, 70},  {5, 17, 3},    {33, 40, 16}, {130, 129, 20},
                               {64, 64, 0},  {2, 32, 200}, {70, 132, 33}, {0, 8, 8},    {31, 31, 64},
                               {68, 72, 35}, {68, 72, 36}, {68, 72, 37}};

/// x [m, k] and w [n, k], or their transposes, with gaps between rows.
TEST(CudaGemm, AnyStridesHaveTheBitsOfTheCpu) {
  for (size_t i = 0; i < kSizes.size(); ++i)
    for (const size_t lie : {0, 1, 2, 3}) {
      const int64_t gap = std::vector<int64_t>{0, 4, 1}[(i + lie) % 3];
      const Size& s = kSizes[i];
      const int64_t a_row = lie & 1 ? 1 : s.k + gap, a_k = lie & 1 ? s.m + gap : 1;
      const int64_t b_col = lie & 2 ? 1 : s.k + gap, b_k = lie & 2 ? s.n + gap : 1;
      const Floats a = normal_floats((s.m + gap) * (s.k + gap), 1),
                   b = normal_floats((s.n + gap) * (s.k + gap), 2);
      const Floats bias = normal_floats(s.n, 3);
      GemmParams p{.a = a.data(), .a_row = a_row, .a_k = a_k, .b = b.data(), .b_k = b_k, .b_col = b_col};
      p.m = s.m, p.n = s.n, p.k = s.k, p.c_row = s.n + gap;
      p.accumulate = (i + lie / 2) % 2, p.bias = gap == 4 ? nullptr : bias.data();
      expect_bits_of_the_cpu(p, size_t(s.m * (s.n + gap)));
    }
}

/// Heads: x [m, batch, k], w [batch, n, k], y [m, batch, n].
TEST(CudaGemm, BatchesHaveTheBitsOfTheCpu) {
  const int64_t m = 37, n = 20, k = 24, batch = 3;
  const Floats x = normal_floats(m * batch * k, 1), w = normal_floats(batch * n * k, 2);
  for (const bool accumulate : {false, true}) {
    GemmParams p{
        .a = x.data(), .a_row = batch * k, .a_batch = k, .b = w.data(), .b_col = k, .b_batch = n * k};
    p.m = m, p.n = n, p.k = k, p.batch = batch, p.c_row = batch * n, p.c_batch = n, p.accumulate = accumulate;
    expect_bits_of_the_cpu(p, size_t(m * batch * n));
  }
}

const std::vector<std::vector<int64_t>> kOffsets{
    {0, 3, 3, 140, 141, 150}, {0, 0, 0, 0, 0, 1}, {0, 129, 129, 129, 129, 129}, {0, 0, 0, 0, 0, 0}};

TEST(CudaGemm, RowsGroupedByExpertHaveTheBitsOfTheCpu) {
  const int64_t n = 70, k = 36;
  for (const std::vector<int64_t>& groups : kOffsets) {
    const Array<int64_t> offsets = array_of(groups);
    const int64_t E = int64_t(offsets.size()) - 1, R = offsets.back();
    const Floats x = normal_floats(R * k, 1), w = normal_floats(E * n * k, 2), bias = normal_floats(E * n, 3);
    for (const bool transposed : {false, true}) {  // forward, and the input's gradient
      GemmParams p{.a = x.data(), .a_row = k, .b = w.data(), .b_batch = n * k};
      p.b_k = transposed ? n : 1, p.b_col = transposed ? 1 : k;
      p.m = R, p.n = n, p.k = k, p.batch = E, p.c_row = n;
      p.bias = transposed ? nullptr : bias.data(), p.bias_batch = n, p.accumulate = transposed;
      p.grouped = Grouped::rows, p.offsets = offsets.data();
      expect_bits_of_the_cpu(p, size_t(R * n));
    }
  }
}

/// More experts than lanes of a warp, some without rows.
TEST(CudaGemm, ManyExpertsFindTheirRows) {
  const int64_t E = 40, n = 33, k = 9;
  Array<int64_t> offsets{0};
  for (const int32_t rows : random_ints(E, 9, 4)) offsets.push_back(offsets.back() + (rows > 4 ? rows : 0));
  const Floats x = normal_floats(offsets.back() * k, 1), w = normal_floats(E * n * k, 2);
  GemmParams p{.a = x.data(), .a_row = k, .b = w.data(), .b_col = k, .b_batch = n * k};
  p.m = offsets.back(), p.n = n, p.k = k, p.batch = E, p.c_row = n;
  p.grouped = Grouped::rows, p.offsets = offsets.data();
  expect_bits_of_the_cpu(p, size_t(offsets.back() * n));
}

/// dw[e] [n, k] += dy^T x over the expert's rows.
TEST(CudaGemm, ChainsGroupedByExpertHaveTheBitsOfTheCpu) {
  for (const std::vector<int64_t>& groups : kOffsets)
    for (const int64_t n : {20, 33}) {
      const Array<int64_t> offsets = array_of(groups);
      const int64_t E = int64_t(offsets.size()) - 1, R = offsets.back(), k = 40;
      const Floats dy = normal_floats(R * n, 1), x = normal_floats(R * k, 2);
      GemmParams p{.a = dy.data(), .a_row = 1, .a_k = n, .b = x.data(), .b_k = k, .b_col = 1};
      p.m = n, p.n = k, p.k = R, p.batch = E, p.c_row = k, p.c_batch = n * k, p.accumulate = true;
      p.grouped = Grouped::depth, p.offsets = offsets.data();
      expect_bits_of_the_cpu(p, size_t(E * n * k));
    }
}

/// db [n] += ones dy: the gradient of a bias, whole and by expert.
TEST(CudaGemm, ABiasesGradientIsAProductWithOnes) {
  const Floats one{1.0f};
  const Array<int64_t> offsets{0, 3, 3, 90, 100};
  const int64_t R = 100, n = 37;
  const Floats dy = normal_floats(R * n, 1);
  for (const bool grouped : {false, true}) {
    GemmParams p{.a = one.data(), .a_row = 0, .a_k = 0, .b = dy.data(), .b_k = n, .b_col = 1};
    p.m = 1, p.n = n, p.k = R, p.batch = grouped ? 4 : 1, p.c_row = n, p.c_batch = n, p.accumulate = true;
    if (grouped) p.grouped = Grouped::depth, p.offsets = offsets.data();
    expect_bits_of_the_cpu(p, size_t(4 * n));
  }
}

/// Products that underflow to -0: a chain with a link too many would end in +0.
TEST(CudaGemm, ChainsEndWhereKEnds) {
  for (const int64_t k : {1, 5, 17}) {
    const Floats a(size_t(40 * k), -1e-25f), b(size_t(40 * k), 1e-25f);
    GemmParams p{.a = a.data(), .a_row = k, .b = b.data(), .b_col = k};
    p.m = p.n = 40, p.k = k, p.c_row = 40;
    Floats c(1600, 1.0f);
    p.c = c.data();
    for (const Tile& tile : kTiles) {
      in_one_order([&] { tile.run(p); });
      EXPECT_TRUE(same_bits(c, Floats(1600, -0.0f))) << tile.name << " " << k;
    }
  }
}

TEST(CudaGemmPlantedError, AChainInAnotherOrderIsNoticed) {
  const int64_t n = 40, k = 100;
  const Floats a = normal_floats(k, 1), b = normal_floats(n * k, 2);
  Floats c(size_t(n), NAN), backward(size_t(n), 0.0f);
  GemmParams p{.a = a.data(), .a_row = k, .b = b.data(), .b_col = k, .c = c.data()};
  p.m = 1, p.n = n, p.k = k, p.c_row = n;
  in_one_order([&] { cuda::gemm(p, nullptr); });
  for (int64_t j = 0; j < n; ++j)
    for (int64_t i = k - 1; i >= 0; --i)
      backward[size_t(j)] = std::fma(a[size_t(i)], b[size_t(j * k + i)], backward[size_t(j)]);
  EXPECT_FALSE(same_bits(c, backward));
}

}  // namespace
}  // namespace hone
