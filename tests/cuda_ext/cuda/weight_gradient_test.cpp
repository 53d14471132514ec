// Gradients of weights on tensor cores: the definition with the steps of tests/reference/bf16.h on a CPU, the same
// within the rounding of the steps on a GPU; both tiles the same bits; a unit's rows make the same steps whatever
// stands beside them.
#include "cuda_ext/cuda/weight_gradient.h"

#include <functional>

#include "tests/cuda_ext/cuda/kernel_case.h"
#include "tests/reference/bf16.h"

namespace hone {
namespace {

using cuda::WeightGradientParams;
using Ints = Array<int32_t>;

struct Tile {
  const char* name;
  std::function<void(const WeightGradientParams&)> run;
};
const std::vector<Tile> kTiles{{"128", [](const auto& p) { cuda::weight_gradient_128(p, nullptr); }},
                               {"64", [](const auto& p) { cuda::weight_gradient_64(p, nullptr); }},
                               {"any", [](const auto& p) { cuda::weight_gradient(p, nullptr); }}};

/// Rows of units, each unit in steps of its own.
Ints links_of(const std::vector<int64_t>& unit_rows) {
  Ints links;
  int32_t row = 0;
  for (const int64_t rows : unit_rows) {
    for (int64_t i = 0; i < rows; ++i) links.push_back(row++);
    while (links.size() % 16) links.push_back(-1);
  }
  return links;
}

struct Wanted {
  Floats c, sizes;
};
Wanted reference_gradient(const WeightGradientParams& p, Floats c) {
  Wanted w{std::move(c), {}};
  for (const float x : w.c) w.sizes.push_back(std::abs(x));
  for (int64_t b = 0; b < p.batch; ++b)
    for (int64_t i = 0; i < p.m; ++i)
      for (int64_t j = 0; j < p.n; ++j) {
        const int64_t begin = p.ranges ? p.ranges[2 * b] : 0,
                      end = p.ranges ? p.ranges[2 * b + 1] : p.num_links;
        const auto number = [&](const float* x, int64_t row, int64_t column, int64_t l) {
          const int64_t t = p.links ? p.links[begin + l] : begin + l;
          return t < 0 ? 0.0f : reference::rounded_to_bf16(x[t * row + column]);
        };
        const auto x = [&](int64_t l) { return number(p.a + b * p.a_batch, p.a_row, i, l); };
        const auto y = [&](int64_t l) { return number(p.b + b * p.b_batch, p.b_row, j, l); };
        const size_t at = size_t(b * p.c_batch + i * p.c_row + j);
        w.c[at] = reference::bf16_chain(end - begin, w.c[at], x, y);
        for (int64_t l = 0; l < end - begin; ++l) w.sizes[at] += std::abs(x(l) * y(l));
      }
  return w;
}
::testing::AssertionResult as_defined(const Floats& got, const Wanted& wanted, int64_t links) {
  if (!test_device::is_gpu()) return same_bits(got, wanted.c);
  for (size_t i = 0; i < got.size(); ++i)
    if (!(std::abs(double(got[i]) - double(wanted.c[i])) <=
          double(links / 16 + 1) * 0x1p-22 * double(wanted.sizes[i])))
      return ::testing::AssertionFailure() << "element " << i << ": " << got[i] << " against " << wanted.c[i];
  return ::testing::AssertionSuccess();
}
/// Runs p, which lacks c, by every tile.
void expect_as_defined(WeightGradientParams p, const Floats& before) {
  const Wanted wanted = reference_gradient(p, before);
  Floats first;
  for (const Tile& tile : kTiles)
    in_every_order([&] {
      Floats c = before;
      p.c = c.data();
      tile.run(p);
      EXPECT_TRUE(as_defined(c, wanted, p.num_links)) << tile.name << ", " << p.m << " x " << p.n;
      if (first.empty()) first = c;
      EXPECT_TRUE(same_bits(c, first)) << "another tile's bits: " << tile.name;
    });
}

TEST(CudaWeightGradient, IsAsDefinedForAnySizeAndStride) {
  struct Size {
    int64_t m, n;
    std::vector<int64_t> units;
    int64_t gap;
  };
  for (const Size& s : std::vector<Size>{{1, 1, {1}, 0},
                                         {70, 132, {5, 40, 16}, 0},
                                         {130, 33, {17}, 1},
                                         {8, 64, {3, 3, 0, 70}, 4},
                                         {20, 20, {}, 0}}) {
    int64_t T = 0;
    for (const int64_t rows : s.units) T += rows;
    const Ints links = links_of(s.units);
    const Floats a = normal_floats(T * (s.m + s.gap), 1), b = normal_floats(T * (s.n + s.gap), 2);
    WeightGradientParams p{.a = a.data(), .a_row = s.m + s.gap, .b = b.data(), .b_row = s.n + s.gap};
    p.m = s.m, p.n = s.n, p.c_row = s.n + s.gap, p.links = links.data(), p.num_links = int64_t(links.size());
    expect_as_defined(p, normal_floats(s.m * (s.n + s.gap), 3));
  }
}

TEST(CudaWeightGradient, BatchesAreAsDefinedWithoutLinks) {
  const int64_t T = 32, batch = 3, m = 10, n = 24;
  const Floats a = normal_floats(T * batch * m, 1), b = normal_floats(T * batch * n, 2);
  WeightGradientParams p{.a = a.data(), .a_row = batch * m, .a_batch = m};
  p.b = b.data(), p.b_row = batch * n, p.b_batch = n, p.c_row = n, p.c_batch = m * n;
  p.m = m, p.n = n, p.batch = batch, p.num_links = T;
  expect_as_defined(p, normal_floats(batch * m * n, 3));
}

/// Rows of units in one call, and unit after unit; steps over the borders of units would show.
TEST(CudaWeightGradient, CallsOfWholeUnitsAddUp) {
  const std::vector<int64_t> units{5, 40, 16, 1};
  const int64_t m = 20, n = 12, T = 62;
  const Ints links = links_of(units);
  const Floats a = normal_floats(T * m, 1), b = normal_floats(T * n, 2), before = normal_floats(m * n, 3);
  WeightGradientParams p{.a = a.data(), .a_row = m, .b = b.data(), .b_row = n};
  p.m = m, p.n = n, p.c_row = n, p.links = links.data(), p.num_links = int64_t(links.size());
  Floats whole = before, parts = before, shifted = before;
  in_one_order([&] {
    p.c = whole.data();
    cuda::weight_gradient(p, nullptr);
    p.c = parts.data();
    for (const int64_t rows : units) {
      const Ints own = links_of({rows});
      p.links = own.data(), p.num_links = int64_t(own.size());
      cuda::weight_gradient(p, nullptr);
      p.a += rows * m, p.b += rows * n;
    }
  });
  EXPECT_TRUE(same_bits(parts, whole));
  const Ints together = links_of({T});
  p.a = a.data(), p.b = b.data(), p.c = shifted.data();
  p.links = together.data(), p.num_links = int64_t(together.size());
  in_one_order([&] { cuda::weight_gradient(p, nullptr); });
  EXPECT_FALSE(same_bits(shifted, whole));
}

/// Experts' rows of units that ascend: the kernel's links, and gradients by them.
TEST(CudaWeightGradient, ExpertsHaveTheirOwnSteps) {
  const int64_t top_k = 2, T = 75, m = 12, n = 20;
  const std::vector<int64_t> units{30, 1, 44}, experts_rows{0, 60, 1, 89};
  const int64_t E = int64_t(experts_rows.size()), U = int64_t(units.size()), R = T * top_k;
  Ints unit, order;
  for (int64_t u = 0; u < U; ++u) unit.insert(unit.end(), size_t(units[size_t(u)]), int32_t(u));
  Array<int64_t> offsets{0};
  for (const int64_t rows : experts_rows) {
    Ints own;  // choices of this expert: ascending
    for (int64_t i = 0; i < rows; ++i) own.push_back(int32_t(i * (R / rows)));
    order.insert(order.end(), own.begin(), own.end()), offsets.push_back(offsets.back() + rows);
  }
  const int64_t room = R + 15 * E * U;
  in_every_order([&] {
    Ints links(size_t(room), -1);
    Array<int64_t> ranges(size_t(2 * E), -1);
    cuda::expert_links({.offsets = offsets.data(),
                        .order = order.data(),
                        .unit = unit.data(),
                        .experts = E,
                        .top_k = top_k,
                        .units = U,
                        .links = links.data(),
                        .ranges = ranges.data()},
                       nullptr);
    for (int64_t e = 0; e < E; ++e) {
      Ints wanted;
      int32_t last = -1;
      for (int64_t i = offsets[size_t(e)]; i < offsets[size_t(e) + 1]; ++i) {
        const int32_t u = unit[size_t(order[size_t(i)] / top_k)];
        while (u != last && wanted.size() % 16) wanted.push_back(-1);
        wanted.push_back(int32_t(i)), last = u;
      }
      while (wanted.size() % 16) wanted.push_back(-1);
      ASSERT_EQ(ranges[size_t(2 * e + 1)] - ranges[size_t(2 * e)], int64_t(wanted.size())) << e;
      ASSERT_LE(ranges[size_t(2 * e + 1)], room);
      const auto begin = links.begin() + ranges[size_t(2 * e)];
      EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), begin)) << "expert " << e;
    }
    const Floats a = normal_floats(R * m, 1), b = normal_floats(R * n, 2),
                 before = normal_floats(E * m * n, 3);
    WeightGradientParams p{.a = a.data(), .a_row = m, .b = b.data(), .b_row = n};
    p.m = m, p.n = n, p.c_row = n, p.c_batch = m * n, p.batch = E;
    p.links = links.data(), p.num_links = (room + 15) / 16 * 16, p.ranges = ranges.data();
    const Wanted wanted = reference_gradient(p, before);
    Floats c = before;
    p.c = c.data();
    cuda::weight_gradient(p, nullptr);
    EXPECT_TRUE(as_defined(c, wanted, p.num_links));
  });
}

TEST(CudaWeightGradientPlantedError, ARowThatIsLeftOutIsNoticed) {
  const int64_t T = 20, m = 8, n = 8;
  const Floats a = normal_floats(T * m, 1), b = normal_floats(T * n, 2), before(size_t(m * n), 0.0f);
  const Ints links = links_of({T});
  Ints without = links;
  without[7] = -1;
  WeightGradientParams p{.a = a.data(), .a_row = m, .b = b.data(), .b_row = n};
  p.m = m, p.n = n, p.c_row = n, p.links = links.data(), p.num_links = int64_t(links.size());
  const Wanted wanted = reference_gradient(p, before);
  Floats c = before;
  p.c = c.data(), p.links = without.data();
  in_one_order([&] { cuda::weight_gradient(p, nullptr); });
  EXPECT_FALSE(as_defined(c, wanted, T));
}

}  // namespace
}  // namespace hone
