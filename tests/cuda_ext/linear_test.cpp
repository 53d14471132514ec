// Linear operators equal their scalar definition bit for bit: on every path, for any strides.
#include "tests/reference/linear.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "cuda_ext/ops.h"
#include "tests/cuda_ext/paths.h"

namespace hone {
namespace {

using at::Tensor;
using reference::Matrix;

/// Normal values with some zeros of both signs among them.
Tensor random_tensor(at::IntArrayRef sizes, uint32_t seed) {
  Tensor t = at::empty(sizes, at::kFloat);
  std::mt19937 generator(seed);
  std::normal_distribution<float> normal;
  float* data = t.data_ptr<float>();
  for (int64_t i = 0; i < t.numel(); ++i) {
    const uint32_t kind = generator() % 16;
    data[i] = kind == 0 ? 0.0f : kind == 1 ? -0.0f : normal(generator);
  }
  return t;
}

/// The same values as a view into a larger tensor: rows wider than they need be, every second row, and an
/// offset.
Tensor strided_copy(const Tensor& t) {
  std::vector<int64_t> sizes = t.sizes().vec();
  sizes.front() *= 2;
  sizes.back() += 5;
  Tensor view = at::full(sizes, 77.0f, at::kFloat).slice(0, 0, sizes.front(), 2).narrow(-1, 3, t.size(-1));
  view.copy_(t);
  return view;
}

Matrix matrix(const Tensor& t) { return {t.data_ptr<float>(), t.stride(0), t.stride(1)}; }

struct Shape {
  int64_t T, N, K;
};

/// Odd sizes, edges of every tile (6, 14, 16, 32, 28) and of the blocks of k and of columns (256, 640).
const std::vector<Shape> kShapes = {{0, 5, 3},     {1, 1, 1},     {1, 17, 1},    {3, 1, 9},     {1, 33, 70},
                                    {2, 96, 65},   {3, 128, 31},  {4, 64, 40},   {5, 17, 257},  {6, 16, 16},
                                    {7, 31, 33},   {13, 32, 100}, {14, 32, 64},  {15, 48, 63},  {16, 130, 96},
                                    {17, 65, 300}, {29, 97, 2},   {31, 190, 19}, {57, 40, 513}, {6, 700, 90},
                                    {1, 700, 90},  {300, 35, 41}, {33, 650, 31}, {4, 3, 0}};

class Linear : public OnEveryPath {};

/// Large enough that the driver does use threads.
const Shape kThreaded = {61, 353, 260};

std::vector<Shape> shapes_and_threaded() {
  std::vector<Shape> shapes = kShapes;
  shapes.push_back(kThreaded);
  return shapes;
}

TEST_F(Linear, ForwardEqualsTheDefinition) {
  for (const auto& [T, N, K] : shapes_and_threaded()) {
    const Tensor x = random_tensor({T, K}, 1), w = random_tensor({N, K}, 2), bias = random_tensor({N}, 3);
    for (const bool with_bias : {false, true}) {
      Tensor wanted = at::empty({T, N}), y = strided_copy(at::full({T, N}, 5.0f));
      reference::linear(matrix(wanted), matrix(x), matrix(w), with_bias ? bias.data_ptr<float>() : nullptr, T,
                        N, K);
      ops::linear_(y, strided_copy(x), ops::pack_weight(w), with_bias ? bias : Tensor());
      EXPECT_TRUE(same_bits(y, wanted)) << T << " " << N << " " << K;
    }
  }
}

TEST_F(Linear, InputGradientEqualsTheDefinition) {
  for (const auto& [T, N, K] : shapes_and_threaded())
    for (const bool accumulate : {false, true}) {
      const Tensor dy = random_tensor({T, N}, 4), w = random_tensor({N, K}, 5);
      Tensor wanted = random_tensor({T, K}, 6), dx = strided_copy(wanted), transposed = strided_copy(wanted);
      reference::linear_backward_input(matrix(wanted), matrix(dy), matrix(w), accumulate, T, N, K);
      ops::linear_backward_input_(dx, strided_copy(dy), strided_copy(w), accumulate);
      EXPECT_TRUE(same_bits(dx, wanted)) << T << " " << N << " " << K;
      ops::linear_backward_input_(transposed, dy, w.t().contiguous().t(), accumulate);
      EXPECT_TRUE(same_bits(transposed, wanted)) << "transposed weight, " << T << " " << N << " " << K;
    }
}

TEST_F(Linear, WeightGradientEqualsTheDefinitionForAnyStrides) {
  for (const auto& [T, N, K] : shapes_and_threaded()) {
    const Tensor dy = random_tensor({T, N}, 7), x = random_tensor({T, K}, 8), held = random_tensor({N, K}, 9);
    Tensor wanted = held.clone();
    reference::linear_backward_weight(matrix(wanted), matrix(dy), matrix(x), T, N, K);
    Tensor rows = strided_copy(held), columns = held.t().contiguous().t();
    Tensor neither = at::empty({N, K, 2}).select(2, 1);
    neither.copy_(held);
    for (Tensor* dw : {&rows, &columns, &neither}) {
      ops::linear_backward_weight_(*dw, strided_copy(dy), strided_copy(x));
      EXPECT_TRUE(same_bits(*dw, wanted)) << T << " " << N << " " << K << " strides " << dw->strides();
    }
  }
}

TEST_F(Linear, BiasGradientEqualsTheDefinition) {
  for (const auto& [T, N, K] : shapes_and_threaded()) {
    const Tensor dy = random_tensor({T, N}, 10);
    Tensor db = random_tensor({N}, 11), wanted = db.clone();
    reference::linear_backward_bias(wanted.data_ptr<float>(), matrix(dy), T, N);
    ops::linear_backward_bias_(db, strided_copy(dy));
    EXPECT_TRUE(same_bits(db, wanted)) << T << " " << N;
  }
}

TEST_F(Linear, BatchedEqualsEachHeadAlone) {
  const int64_t B = 3;
  for (const auto& [T, N, K] : {Shape{1, 17, 24}, Shape{9, 40, 33}, Shape{70, 64, 128}, Shape{5, 33, 600}}) {
    const Tensor x = random_tensor({T, B, K}, 12), w = random_tensor({B, N, K}, 13),
                 dy = random_tensor({T, B, N}, 14);
    Tensor y = strided_copy(at::full({T, B, N}, 5.0f)), dx = strided_copy(x),
           dw = random_tensor({B, N, K}, 15);
    const Tensor held = dw.clone();
    ops::linear_(y, strided_copy(x), ops::pack_weight(w));
    ops::linear_backward_input_(dx, strided_copy(dy), w, true);
    ops::linear_backward_weight_(dw, strided_copy(dy), strided_copy(x));
    for (int64_t b = 0; b < B; ++b) {
      const Tensor xb = x.select(1, b), wb = w.select(0, b), dyb = dy.select(1, b);
      Tensor y_wanted = at::empty({T, N}), dx_wanted = xb.clone(), dw_wanted = held.select(0, b).clone();
      reference::linear(matrix(y_wanted), matrix(xb), matrix(wb), nullptr, T, N, K);
      reference::linear_backward_input(matrix(dx_wanted), matrix(dyb), matrix(wb), true, T, N, K);
      reference::linear_backward_weight(matrix(dw_wanted), matrix(dyb), matrix(xb), T, N, K);
      EXPECT_TRUE(same_bits(y.select(1, b), y_wanted));
      EXPECT_TRUE(same_bits(dx.select(1, b), dx_wanted));
      EXPECT_TRUE(same_bits(dw.select(0, b), dw_wanted));
    }
  }
}

TEST_F(Linear, GroupedEqualsEachExpertAlone) {
  for (const auto& [rows, N, K] : {Shape{90, 40, 33}, Shape{47, 200, 300}}) {
    const std::vector<int64_t> bounds = {0, 0,        1,    9,
                                         9, rows - 1, rows, rows};  // empty experts first, inside and last
    const int64_t E = std::ssize(bounds) - 1;
    const Tensor offsets = at::tensor(bounds, at::kLong);
    const Tensor x = random_tensor({rows, K}, 16), w = random_tensor({E, N, K}, 17),
                 dy = random_tensor({rows, N}, 18);
    Tensor y = strided_copy(at::full({rows, N}, 5.0f)), dx = strided_copy(x),
           dw = random_tensor({E, N, K}, 19), db = random_tensor({E, N}, 26);
    const Tensor bias = random_tensor({E, N}, 27);
    Tensor db_wanted = db.clone();
    Tensor y_wanted = at::empty({rows, N}), dx_wanted = x.clone(), dw_wanted = dw.clone();
    ops::grouped_linear_(y, strided_copy(x), ops::pack_weight(w), offsets, bias);
    ops::grouped_linear_backward_bias_(db, strided_copy(dy), offsets);
    ops::grouped_linear_backward_input_(dx, strided_copy(dy), w, offsets, false);
    ops::grouped_linear_backward_weight_(dw, strided_copy(dy), strided_copy(x), offsets);
    for (int64_t e = 0; e < E; ++e) {
      const int64_t begin = bounds[e], count = bounds[e + 1] - begin;
      const auto rows_of = [&](const Tensor& t) { return matrix(t.narrow(0, begin, count)); };
      reference::linear(rows_of(y_wanted), rows_of(x), matrix(w.select(0, e)), bias.data_ptr<float>() + e * N,
                        count, N, K);
      reference::linear_backward_bias(db_wanted.data_ptr<float>() + e * N, rows_of(dy), count, N);
      reference::linear_backward_input(rows_of(dx_wanted), rows_of(dy), matrix(w.select(0, e)), false, count,
                                       N, K);
      reference::linear_backward_weight(matrix(dw_wanted.select(0, e)), rows_of(dy), rows_of(x), count, N, K);
    }
    EXPECT_TRUE(same_bits(y, y_wanted));
    EXPECT_TRUE(same_bits(db, db_wanted));
    EXPECT_TRUE(same_bits(dx, dx_wanted));
    EXPECT_TRUE(same_bits(dw, dw_wanted));
  }
}

TEST_F(Linear, RowsAloneEqualRowsInABatch) {
  const int64_t T = 75, N = 330, K = 290;
  const Tensor x = random_tensor({T, K}, 20), dy = random_tensor({T, N}, 21), w = random_tensor({N, K}, 22);
  const Tensor packed = ops::pack_weight(w), bias = random_tensor({N}, 23);
  Tensor y = at::empty({T, N}), dx = at::empty({T, K});
  ops::linear_(y, x, packed, bias);
  ops::linear_backward_input_(dx, dy, w, false);
  for (const int64_t step : {1, 2, 7, 16, 64})
    for (int64_t t = 0; t < T; t += step) {
      const int64_t count = std::min(step, T - t);
      Tensor alone = at::empty({count, N}), dx_alone = at::empty({count, K});
      ops::linear_(alone, x.narrow(0, t, count), packed, bias);
      EXPECT_TRUE(same_bits(alone, y.narrow(0, t, count))) << "rows " << t << " + " << count;
      if (step != 16) continue;
      ops::linear_backward_input_(dx_alone, dy.narrow(0, t, count), w, false);
      EXPECT_TRUE(same_bits(dx_alone, dx.narrow(0, t, count))) << "rows " << t << " + " << count;
    }
}

TEST_F(Linear, MicrobatchesAddUpToWholeBatch) {
  const int64_t T = 330, N = 90, K = 120;
  const Tensor x = random_tensor({T, K}, 24), dy = random_tensor({T, N}, 25);
  Tensor whole = random_tensor({N, K}, 26), whole_bias = random_tensor({N}, 27);
  const Tensor held = whole.clone(), held_bias = whole_bias.clone();
  ops::linear_backward_weight_(whole, dy, x);
  ops::linear_backward_bias_(whole_bias, dy);
  for (const int64_t step : {1, 7, 64, 300}) {
    Tensor dw = held.clone(), db = held_bias.clone();
    for (int64_t t = 0; t < T; t += step) {
      const int64_t count = std::min(step, T - t);
      ops::linear_backward_weight_(dw, dy.narrow(0, t, count), x.narrow(0, t, count));
      ops::linear_backward_bias_(db, dy.narrow(0, t, count));
    }
    EXPECT_TRUE(same_bits(dw, whole)) << "micro-batches of " << step;
    EXPECT_TRUE(same_bits(db, whole_bias)) << "micro-batches of " << step;
  }
}

TEST_F(Linear, SpecialValuesStayInTheirOwnOutputs) {
  const int64_t T = 15, N = 50, K = 33;
  const float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  Tensor x = random_tensor({T, K}, 28), w = random_tensor({N, K}, 29), y = at::empty({T, N}),
         wanted = at::empty({T, N});
  x[2][5] = inf, x[3][7] = nan, x[4].fill_(-0.0f), w[49][1] = -inf, w[48].fill_(0.0f), x[5].fill_(1e-39f);
  reference::linear(matrix(wanted), matrix(x), matrix(w), nullptr, T, N, K);
  ops::linear_(y, x, ops::pack_weight(w));
  EXPECT_TRUE(same_bits(y, wanted));
  EXPECT_FALSE(std::signbit(y[4][0].item<float>())) << "a chain from +0 over negative zeros is +0";
}

TEST_F(Linear, WritesOnlyItsOutputs) {
  const int64_t T = 17, N = 45, K = 20;
  Tensor around = at::full({T + 2, N + 40}, 5.0f), y = around.narrow(0, 1, T).narrow(1, 1, N);
  ops::linear_(y, random_tensor({T, K}, 30), ops::pack_weight(random_tensor({N, K}, 31)));
  y.fill_(5.0f);
  EXPECT_TRUE(same_bits(around, at::full({T + 2, N + 40}, 5.0f)));
}

/// Two chains, of even and of odd k: the error that the comparisons above must see.
void linear_in_two_chains(const Matrix& y, const Matrix& x, const Matrix& w, int64_t T, int64_t N,
                          int64_t K) {
  for (int64_t t = 0; t < T; ++t)
    for (int64_t n = 0; n < N; ++n) {
      float s[2] = {0.0f, 0.0f};
      for (int64_t k = 0; k < K; ++k) s[k % 2] = std::fmaf(x(t, k), w(n, k), s[k % 2]);
      y(t, n) = s[0] + s[1];
    }
}

TEST(LinearCheck, PlantedSecondChainIsSeen) {
  const int64_t T = 6, N = 40, K = 50;
  const Tensor x = random_tensor({T, K}, 32), w = random_tensor({N, K}, 33);
  Tensor planted = at::empty({T, N}), y = at::empty({T, N});
  linear_in_two_chains(matrix(planted), matrix(x), matrix(w), T, N, K);
  ops::linear_(y, x, ops::pack_weight(w));
  EXPECT_FALSE(same_bits(y, planted));
}

/// The other planted error: a gradient for each micro-batch, added up afterwards.
TEST(LinearCheck, PlantedSumOfMicrobatchesIsSeen) {
  const int64_t T = 40, N = 20, K = 30;
  const Tensor x = random_tensor({T, K}, 35), dy = random_tensor({T, N}, 36);
  Tensor whole = at::full({N, K}, 0.0f), first = whole.clone(), second = whole.clone();
  ops::linear_backward_weight_(whole, dy, x);
  ops::linear_backward_weight_(first, dy.narrow(0, 0, 20), x.narrow(0, 0, 20));
  ops::linear_backward_weight_(second, dy.narrow(0, 20, 20), x.narrow(0, 20, 20));
  EXPECT_FALSE(same_bits(first.add(second), whole));
}

TEST(LinearCheck, PackedWeightIsPanelsOf32PaddedWithZeros) {
  const Tensor w = random_tensor({3, 70, 20}, 34),
               packed = ops::pack_weight(w.transpose(1, 2).contiguous().transpose(1, 2));
  ASSERT_EQ(packed.sizes(), at::IntArrayRef({3, 3, 20, 32}));
  EXPECT_TRUE(same_bits(ops::pack_weight(w), packed)) << "strides of w show";
  for (int64_t b = 0; b < 3; ++b)
    for (int64_t n = 0; n < 96; ++n)
      for (int64_t k = 0; k < 20; ++k)
        EXPECT_EQ(packed[b][n / 32][k][n % 32].item<float>(), n < 70 ? w[b][n][k].item<float>() : 0.0f);
}

TEST(LinearCheck, MismatchNamesTheSizes) {
  Tensor y = at::empty({4, 8});
  const Tensor x = at::empty({4, 6}), packed = ops::pack_weight(at::full({8, 7}, 1.0f));
  try {
    ops::linear_(y, x, packed);
    FAIL() << "accepted";
  } catch (const std::exception& e) {
    EXPECT_NE(std::string(e.what()).find(
                  "[1, 1, 7, 32], expected contiguous [B, ceil(N/32), K, 32] of B 1, N 8, K 6"),
              std::string::npos)
        << e.what();
  }
  Tensor columns = at::empty({8, 4}).t();
  EXPECT_THROW(ops::linear_(columns, x, ops::pack_weight(at::full({8, 6}, 1.0f))), std::exception);
  Tensor rows = at::empty({4, 8});
  EXPECT_THROW(ops::grouped_linear_(rows, x, ops::pack_weight(at::full({2, 8, 6}, 1.0f)),
                                    at::tensor({0, 5, 4}, at::kLong)),
               std::exception);
}

}  // namespace
}  // namespace hone
