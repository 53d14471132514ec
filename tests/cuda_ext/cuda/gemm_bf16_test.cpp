// The product on tensor cores: its definition with the steps of tests/reference/bf16.h on a CPU, the same within the
// rounding of the steps on a GPU; every tile the same bits; a row's result does not depend on the other rows.
#include "cuda_ext/cuda/gemm_bf16.h"

#include <functional>

#include "tests/cuda_ext/cuda/kernel_case.h"
#include "tests/reference/bf16.h"

namespace hone {
namespace {

using cuda::Bf16;
using cuda::Bf16GemmParams;
using cuda::Grouped;

struct Tile {
  const char* name;
  std::function<void(const Bf16GemmParams&)> run;
};
const std::vector<Tile> kTiles{
    {"128", [](const Bf16GemmParams& p) { cuda::gemm_bf16_128(p, nullptr); }},
    {"64", [](const Bf16GemmParams& p) { cuda::gemm_bf16_64(p, nullptr); }},
    {"thin 1", [](const Bf16GemmParams& p) { cuda::gemm_bf16_thin(p, 1, nullptr); }},
    {"thin 2", [](const Bf16GemmParams& p) { cuda::gemm_bf16_thin(p, 2, nullptr); }},
    {"thin 4", [](const Bf16GemmParams& p) { cuda::gemm_bf16_thin(p, 4, nullptr); }},
    {"any", [](const Bf16GemmParams& p) { cuda::gemm_bf16(p, nullptr); }}};

using reference::bf16_bits, reference::from_bf16;

Array<Bf16> bf16(const Floats& x) {
  Array<Bf16> y;
  for (const float v : x) y.push_back({bf16_bits(v)});
  return y;
}

/// C of the definition and, for a bound, what the sums are made of: of every element the sum of |products|.
struct Wanted {
  Floats c, magnitude;
};

void reference_product(const Bf16GemmParams& p, int64_t b, int64_t first_row, int64_t rows, Wanted& out_) {
  for (int64_t i = first_row; i < first_row + rows; ++i)
    for (int64_t j = 0; j < p.n; ++j) {
      const size_t at = size_t(b * p.c_batch + i * p.c_row + j);
      const auto x = [&](int64_t k) { return p.a[b * p.a_batch + i * p.a_row + k]; };
      const auto y = [&](int64_t k) { return from_bf16(p.b[b * p.b_batch + k * p.b_k + j * p.b_col].bits); };
      const float sum = reference::bf16_chain(p.k, p.accumulate ? out_.c[at] : 0, x, y);
      for (int64_t k = 0; k < p.k; ++k)
        out_.magnitude[at] += std::abs(reference::rounded_to_bf16(x(k)) * y(k));
      out_.c[at] = p.bias ? sum + p.bias[b * p.bias_batch + j] : sum;
    }
}

Wanted reference(const Bf16GemmParams& p, size_t c_size) {
  Wanted w{normal_floats(int64_t(c_size), 9), Floats(c_size, 0.0f)};
  for (size_t i = 0; i < c_size; ++i) w.magnitude[i] = std::abs(w.c[i]);
  for (int64_t b = 0; b < p.batch; ++b)
    if (p.grouped == Grouped::rows)
      reference_product(p, b, p.offsets[b], p.offsets[b + 1] - p.offsets[b], w);
    else
      reference_product(p, b, 0, p.m, w);
  return w;
}

/// Equal on a CPU. On a GPU a step may round its sixteen products and the sum otherwise: within 2^-22 of all that was
/// added, for every step.
::testing::AssertionResult as_defined(const Floats& got, const Wanted& wanted, int64_t k) {
  if (!test_device::is_gpu()) return same_bits(got, wanted.c);
  const double steps = double((k + 15) / 16 + 1);
  for (size_t i = 0; i < got.size(); ++i)
    if (!(std::abs(double(got[i]) - double(wanted.c[i])) <=
          steps * 0x1p-22 * (double(wanted.magnitude[i]) + std::abs(double(wanted.c[i])))))
      return ::testing::AssertionFailure() << "element " << i << ": " << got[i] << " against " << wanted.c[i];
  return ::testing::AssertionSuccess();
}

/// Runs p, which lacks c, by every tile in every order: as defined, and the same bits by all.
void expect_as_defined(Bf16GemmParams p, size_t c_size) {
  const Wanted wanted = reference(p, c_size);
  Floats first;
  for (const Tile& tile : kTiles)
    in_every_order([&] {
      Floats c = normal_floats(int64_t(c_size), 9);
      p.c = c.data();
      tile.run(p);
      const auto shape = [&] {
        return std::string(tile.name) + ", " + std::to_string(p.m) + " x " + std::to_string(p.n) + " x " +
               std::to_string(p.k);
      };
      EXPECT_TRUE(as_defined(c, wanted, p.k)) << shape();
      if (first.empty()) first = c;
      EXPECT_TRUE(same_bits(c, first)) << "another tile's bits: " << shape();
    });
}

struct Size {
  int64_t m, n, k;
};
const std::vector<Size> kSizes{{1, 1, 1},      {1, 33, 70},  {5, 17, 3},   {33, 40, 16},
                               {130, 129, 20}, {64, 64, 0},  {2, 32, 200}, {70, 132, 33},
                               {0, 8, 8},      {31, 31, 64}, {68, 72, 40}, {17, 48, 96}};

/// x [m, k] and w [n, k] (forward) or [k, n] (the input's gradient), with gaps between rows.
TEST(CudaGemmBf16, IsAsDefinedForAnySizeAndStride) {
  for (size_t i = 0; i < kSizes.size(); ++i)
    for (const bool cols_along : {false, true}) {
      const int64_t gap = std::vector<int64_t>{0, 8, 1}[(i + cols_along) % 3];
      const Size& s = kSizes[i];
      const Floats a = normal_floats((s.m + 1) * (s.k + gap), 1), bias = normal_floats(s.n, 3);
      const Array<Bf16> b = bf16(normal_floats((s.n + gap) * (s.k + gap + 1), 2));
      Bf16GemmParams p{.a = a.data(), .a_row = s.k + gap, .b = b.data()};
      p.b_k = cols_along ? s.n + gap : 1, p.b_col = cols_along ? 1 : s.k + gap;
      p.m = s.m, p.n = s.n, p.k = s.k, p.c_row = s.n + gap;
      p.accumulate = i % 2, p.bias = gap == 8 ? nullptr : bias.data();
      expect_as_defined(p, size_t(s.m * (s.n + gap)));
    }
}

/// Heads: x [m, batch, k], w [batch, n, k], y [m, batch, n].
TEST(CudaGemmBf16, BatchesAreAsDefined) {
  const int64_t m = 37, n = 20, k = 24, batch = 3;
  const Floats x = normal_floats(m * batch * k, 1);
  const Array<Bf16> w = bf16(normal_floats(batch * n * k, 2));
  Bf16GemmParams p{
      .a = x.data(), .a_row = batch * k, .a_batch = k, .b = w.data(), .b_col = k, .b_batch = n * k};
  p.m = m, p.n = n, p.k = k, p.batch = batch, p.c_row = batch * n, p.c_batch = n;
  expect_as_defined(p, size_t(m * batch * n));
}

TEST(CudaGemmBf16, RowsGroupedByExpertAreAsDefined) {
  const int64_t n = 40, k = 40;
  for (const std::vector<int64_t>& groups :
       std::vector<std::vector<int64_t>>{{0, 3, 3, 140, 141, 150}, {0, 0, 0, 0, 0, 1}, {0, 0, 0, 0, 0, 0}}) {
    const Array<int64_t> offsets = array_of(groups);
    const int64_t E = int64_t(offsets.size()) - 1, R = offsets.back();
    const Floats x = normal_floats(R * k, 1), bias = normal_floats(E * n, 3);
    const Array<Bf16> w = bf16(normal_floats(E * n * k, 2));
    for (const bool transposed : {false, true}) {  // forward, and the input's gradient
      Bf16GemmParams p{.a = x.data(), .a_row = k, .b = w.data(), .b_batch = n * k};
      p.b_k = transposed ? n : 1, p.b_col = transposed ? 1 : k;
      p.m = R, p.n = n, p.k = k, p.batch = E, p.c_row = n;
      p.bias = transposed ? nullptr : bias.data(), p.bias_batch = n, p.accumulate = transposed;
      p.grouped = Grouped::rows, p.offsets = offsets.data();
      expect_as_defined(p, size_t(R * n));
    }
  }
}

/// A row alone, first of many and last of many has the same bits.
TEST(CudaGemmBf16, ARowDoesNotDependOnTheOthers) {
  const int64_t n = 48, k = 104;
  const Array<Bf16> w = bf16(normal_floats(n * k, 2));
  const auto run = [&](const Floats& x) {
    const int64_t m = int64_t(x.size()) / k;
    Floats y(size_t(m * n), NAN);
    Bf16GemmParams p{.a = x.data(), .a_row = k, .b = w.data(), .b_col = k, .c = y.data(), .c_row = n};
    p.m = m, p.n = n, p.k = k;
    in_one_order([&] { cuda::gemm_bf16(p, nullptr); });
    return y;
  };
  const Floats row = normal_floats(k, 1), others = normal_floats(200 * k, 5, 100.0f);
  const Floats alone = run(row);
  for (const int64_t place : {0, 7, 15, 64, 129, 199}) {
    Floats x = others;
    std::copy(row.begin(), row.end(), x.begin() + place * k);
    const Floats y = run(x);
    EXPECT_TRUE(same_bits(Floats(y.begin() + place * n, y.begin() + (place + 1) * n), alone)) << place;
  }
}

TEST(CudaGemmBf16, RoundsToNearestEven) {
  // 1 + 2^-8 lies between 1 and 1 + 2^-7, 1 + 3 2^-8 between that and 1 + 2^-6.
  const Floats x{1.00390625f, 1.01171875f, 1.003907f, -1.00390625f},
      wanted{1.0f, 1.015625f, 1.0078125f, -1.0f};
  const Array<Bf16> one = bf16({1.0f});
  Floats y(4, NAN);
  Bf16GemmParams p{.a = x.data(), .a_row = 1, .b = one.data(), .b_col = 1, .c = y.data(), .c_row = 1};
  p.m = 4, p.n = 1, p.k = 1;
  in_one_order([&] { cuda::gemm_bf16(p, nullptr); });
  EXPECT_TRUE(same_bits(y, wanted));
}

TEST(CudaGemmBf16PlantedError, AStepTooManyAndAnUnroundedOperandAreNoticed) {
  const int64_t m = 4, n = 8, k = 64;
  const Floats a = normal_floats(m * k, 1);
  const Array<Bf16> b = bf16(normal_floats(n * k, 2));
  Bf16GemmParams p{.a = a.data(), .a_row = k, .b = b.data(), .b_col = k};
  p.m = m, p.n = n, p.k = k, p.c_row = n;
  const Wanted wanted = reference(p, size_t(m * n));
  Floats exact(size_t(m * n), 0.0f), shorter(size_t(m * n), NAN);
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j)
      for (int64_t l = 0; l < k; ++l)
        exact[size_t(i * n + j)] =
            std::fma(a[size_t(i * k + l)], from_bf16(b[size_t(j * k + l)].bits), exact[size_t(i * n + j)]);
  p.c = shorter.data(), p.k = k - 16;
  in_one_order([&] { cuda::gemm_bf16(p, nullptr); });
  EXPECT_FALSE(as_defined(exact, wanted, k));
  EXPECT_FALSE(as_defined(shorter, wanted, k));
}

}  // namespace
}  // namespace hone
