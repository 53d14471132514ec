// Routing, dispatch and combination in CUDA have the bits of the CPU's: both scores, groups, ties, NaN, sizes
// around sixteen lanes, one block of rows and several.
#include "cuda_ext/cuda/moe.h"

#include <algorithm>
#include <numeric>

#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

struct Case {
  int64_t tokens, experts, top_k;
  bool sigmoid = true, normalize = true;
  int64_t num_groups = 1, top_groups = 1;
  float scale = 1;
};
const std::vector<Case> kCases{{0, 8, 2},
                               {1, 1, 1},
                               {33, 8, 2},
                               {7, 5, 5, true, true, 1, 1, 2.5f},
                               {40, 37, 3, true, false, 1, 1, 1.5f},
                               {20, 64, 8, true, true, 8, 4, 2.5f},
                               {20, 12, 4, true, true, 12, 4},
                               {9, 17, 17, false},
                               {20, 128, 8, false, false},
                               {20, 24, 6, false, false, 8, 3, 16.0f},
                               {3, 1024, 20, true, true, 64, 7}};

struct Routed {
  Floats scores, weights, dlogits;
  Array<int32_t> experts;
  explicit Routed(const Case& c)
      : scores(size_t(c.tokens * c.experts), NAN),
        weights(size_t(c.tokens * c.top_k), NAN),
        dlogits(scores),
        experts(weights.size(), -7) {}
};

void expect_same(const Routed& got, const Routed& wanted) {
  EXPECT_TRUE(same_bits(got.scores, wanted.scores));
  EXPECT_EQ(got.experts, wanted.experts);
  EXPECT_TRUE(same_bits(got.weights, wanted.weights));
  EXPECT_TRUE(same_bits(got.dlogits, wanted.dlogits));
}

/// Forward and backward; the two functions take the parameters.
template <class Forward, class Backward>
Routed run(const Case& c, const Floats& logits, const Floats& bias, bool with_dscores, Forward forward,
           Backward backward) {
  Routed r(c);
  forward(cpu::RouterParams{.num_experts = c.experts,
                            .top_k = c.top_k,
                            .num_groups = c.num_groups,
                            .top_groups = c.top_groups,
                            .sigmoid = c.sigmoid,
                            .normalize = c.normalize,
                            .scale = c.scale,
                            .logits = logits.data(),
                            .bias = bias.empty() ? nullptr : bias.data(),
                            .scores = r.scores.data(),
                            .experts = r.experts.data(),
                            .weights = r.weights.data()});
  const Floats dweights = normal_floats(c.tokens * c.top_k, 5),
               dscores = normal_floats(c.tokens * c.experts, 6);
  backward(cpu::RouterBackwardParams{.num_experts = c.experts,
                                     .top_k = c.top_k,
                                     .sigmoid = c.sigmoid,
                                     .normalize = c.normalize,
                                     .scale = c.scale,
                                     .dweights = dweights.data(),
                                     .dscores = with_dscores ? dscores.data() : nullptr,
                                     .scores = r.scores.data(),
                                     .experts = r.experts.data(),
                                     .dlogits = r.dlogits.data()});
  return r;
}

void expect_routing_of_the_cpu(const Case& c, const Floats& logits, const Floats& bias, bool with_dscores) {
  const Routed wanted = run(
      c, logits, bias, with_dscores,
      [&](const auto& p) { cpu::dispatch([&](auto i) { cpu::route<i>(p, 0, c.tokens); }); },
      [&](const auto& p) { cpu::dispatch([&](auto i) { cpu::route_backward<i>(p, 0, c.tokens); }); });
  in_every_order([&] {
    SCOPED_TRACE(testing::Message() << "T " << c.tokens << " E " << c.experts);
    expect_same(run(
                    c, logits, bias, with_dscores, [&](const auto& p) { cuda::route(p, c.tokens, nullptr); },
                    [&](const auto& p) { cuda::route_backward(p, c.tokens, nullptr); }),
                wanted);
  });
}

TEST(CudaMoe, RoutingHasTheBitsOfTheCpu) {
  for (const Case& c : kCases)
    for (const bool extras : {false, true}) {
      const Floats bias = extras ? normal_floats(c.experts, 2, 0.3f) : Floats{};
      expect_routing_of_the_cpu(c, normal_floats(c.tokens * c.experts, 1), bias, extras);
    }
}

TEST(CudaMoe, TiesAndNaNGoWhereTheyGoOnTheCpu) {
  for (const Case& c : kCases) {
    Floats logits = normal_floats(c.tokens * c.experts, 3);
    for (float& x : logits) x = std::round(x * 4) / 4;
    expect_routing_of_the_cpu(c, logits, {}, false);
    if (!c.sigmoid) continue;  // a NaN makes NaN of a whole softmax
    for (size_t i = 0; i < logits.size(); i += 3) logits[i] = NAN;
    expect_routing_of_the_cpu(c, logits, {}, false);
  }
}

struct Sorted {
  Array<int32_t> order, inverse;
  Array<int64_t> offsets;
};

Sorted sorted_by_definition(const Array<int32_t>& experts, int64_t num_experts) {
  Sorted s;
  s.order.resize(experts.size()), s.inverse.resize(experts.size());
  std::iota(s.order.begin(), s.order.end(), 0);
  std::stable_sort(s.order.begin(), s.order.end(),
                   [&](int32_t a, int32_t b) { return experts[size_t(a)] < experts[size_t(b)]; });
  for (size_t i = 0; i < s.order.size(); ++i) s.inverse[size_t(s.order[i])] = int32_t(i);
  for (int32_t e = 0; e <= num_experts; ++e)
    s.offsets.push_back(std::count_if(experts.begin(), experts.end(), [&](int32_t x) { return x < e; }));
  return s;
}

TEST(CudaMoe, DispatchSortsByExpertAndKeepsTheOrder) {
  for (const int64_t rows : {0, 1, 31, 33, 700, 2049, 8192, 8193, 20'000})
    for (const int32_t num_experts : {1, 3, 128, 1024}) {
      if (rows > 8000 && num_experts == 3) continue;
      Array<int32_t> experts = random_ints(rows, num_experts, 1);
      for (size_t i = 0; i < experts.size() / 3; ++i) experts[i] /= 2;  // some experts get more
      const Sorted wanted = sorted_by_definition(experts, num_experts);
      in_every_order([&] {
        Sorted got{Array<int32_t>(experts.size(), -7), Array<int32_t>(experts.size(), -7),
                   Array<int64_t>(size_t(num_experts) + 1, -7)};
        Array<int32_t> scratch(size_t(cuda::dispatch_scratch(rows, num_experts)), -7);
        cuda::dispatch({.experts = experts.data(),
                        .rows = rows,
                        .num_experts = num_experts,
                        .order = got.order.data(),
                        .inverse = got.inverse.data(),
                        .offsets = got.offsets.data(),
                        .scratch = scratch.data()},
                       nullptr);
        EXPECT_EQ(got.order, wanted.order) << rows << " " << num_experts;
        EXPECT_EQ(got.inverse, wanted.inverse) << rows << " " << num_experts;
        EXPECT_EQ(got.offsets, wanted.offsets) << rows << " " << num_experts;
      });
    }
}

TEST(CudaMoe, RowsGoToTheExpertsAndBackWithTheBitsOfTheCpu) {
  const int64_t T = 19, k = 3, R = T * k;
  const Sorted sorted = sorted_by_definition(random_ints(R, 7, 1), 7);
  const Floats weights = normal_floats(R, 2);
  for (const int64_t K : {1, 24, 70})
    for (const int64_t gap : {0, 4, 3}) {
      const Matrix x = normal_matrix(T, 1, K, 3, gap), y = normal_matrix(R, 1, K, 4, gap);
      const auto combined = [&](bool shared, auto kernel) {
        Matrix out = empty_matrix(T, 1, K, gap);
        kernel(cpu::CombineParams{.top_k = k,
                                  .width = K,
                                  .inverse = sorted.inverse.data(),
                                  .weights = weights.data(),
                                  .y = y.row(0),
                                  .shared = shared ? x.row(0) : nullptr,
                                  .out = out.row(0),
                                  .y_stride = y.stride_t(),
                                  .shared_stride = x.stride_t(),
                                  .out_stride = out.stride_t()});
        return out.data;
      };
      const auto gathered_back = [&](auto kernel) {
        Matrix dx = normal_matrix(T, 1, K, 5, gap);
        kernel(cpu::GatherBackwardParams{.top_k = k,
                                         .width = K,
                                         .inverse = sorted.inverse.data(),
                                         .dy = y.row(0),
                                         .dx = dx.row(0),
                                         .dy_stride = y.stride_t(),
                                         .dx_stride = dx.stride_t()});
        return dx.data;
      };
      const auto cpu_combine = [&](const auto& p) {
        cpu::dispatch([&](auto i) { cpu::combine<i>(p, 0, T); });
      };
      const auto cpu_back = [&](const auto& p) {
        cpu::dispatch([&](auto i) { cpu::gather_backward<i>(p, 0, T); });
      };
      Matrix wanted = empty_matrix(R, 1, K, gap);
      for (int64_t i = 0; i < R; ++i) std::copy_n(x.row(sorted.order[size_t(i)] / k), K, wanted.row(i));
      in_every_order([&] {
        Matrix out = empty_matrix(R, 1, K, gap);
        cuda::gather_rows({.rows = R,
                           .top_k = k,
                           .width = K,
                           .order = sorted.order.data(),
                           .x = x.row(0),
                           .out = out.row(0),
                           .x_stride = x.stride_t(),
                           .out_stride = out.stride_t()},
                          nullptr);
        EXPECT_TRUE(same_bits(out.data, wanted.data));
        EXPECT_TRUE(
            same_bits(gathered_back([&](const auto& p) { cuda::gather_rows_backward(p, T, nullptr); }),
                      gathered_back(cpu_back)));
        for (const bool shared : {false, true})
          EXPECT_TRUE(same_bits(combined(shared, [&](const auto& p) { cuda::combine(p, T, nullptr); }),
                                combined(shared, cpu_combine)));
      });
    }
}

TEST(CudaMoe, CombineBackwardHasTheBitsOfTheCpu) {
  const int64_t T = 19, k = 3, R = T * k;
  const Sorted sorted = sorted_by_definition(random_ints(R, 7, 1), 7);
  const Floats weights = normal_floats(R, 2);
  for (const int64_t K : {1, 24, 70}) {
    const Matrix dout = normal_matrix(T, 1, K, 3, 5);
    const auto run = [&](auto kernel) {
      Matrix y = normal_matrix(R, 1, K, 4, 2);  // dy is written over it
      Floats dweights(size_t(R), NAN);
      kernel(cpu::CombineBackwardParams{.top_k = k,
                                        .width = K,
                                        .inverse = sorted.inverse.data(),
                                        .weights = weights.data(),
                                        .y = y.row(0),
                                        .dout = dout.row(0),
                                        .dy = y.row(0),
                                        .dweights = dweights.data(),
                                        .y_stride = y.stride_t(),
                                        .dout_stride = dout.stride_t(),
                                        .dy_stride = y.stride_t()});
      return std::pair(y.data, dweights);
    };
    const auto [wanted_dy, wanted_dweights] =
        run([&](const auto& p) { cpu::dispatch([&](auto i) { cpu::combine_backward<i>(p, 0, T); }); });
    in_every_order([&] {
      const auto [dy, dweights] = run([&](const auto& p) { cuda::combine_backward(p, T, nullptr); });
      EXPECT_TRUE(same_bits(dy, wanted_dy)) << K;
      EXPECT_TRUE(same_bits(dweights, wanted_dweights)) << K;
    });
  }
}

}  // namespace
}  // namespace hone
