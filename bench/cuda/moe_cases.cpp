// Mixture of experts around the products: routing, the sort by expert, rows there and back.
#include <numeric>

#include "bench/cuda/cases.h"
#include "cuda_ext/cuda/moe.h"

namespace hone::gpu {
namespace {

using cpu::dispatch;

struct Route {
  Floats logits, scores, weights, dweights, dlogits;
  Ints experts;
  Route(int64_t T, int64_t E, int64_t k)
      : logits(uniform(T * E, 1, 4)),
        scores(filled(T * E, 0)),
        weights(filled(T * k, 0)),
        dweights(uniform(T * k, 2)),
        dlogits(filled(T * E, 0)),
        experts(random_ints(T * k, 1, 3)) {}
  cpu::RouterParams forward(Side s, int64_t E, int64_t k) {
    return {.num_experts = E,
            .top_k = k,
            .num_groups = 1,
            .top_groups = 1,
            .sigmoid = false,
            .normalize = true,
            .scale = 1,
            .logits = logits.at(s),
            .bias = nullptr,
            .scores = scores.at(s),
            .experts = experts.at(s),
            .weights = weights.at(s)};
  }
  cpu::RouterBackwardParams backward(Side s, int64_t E, int64_t k) {
    return {.num_experts = E,
            .top_k = k,
            .sigmoid = false,
            .normalize = true,
            .scale = 1,
            .dweights = dweights.at(s),
            .dscores = nullptr,
            .scores = scores.at(s),
            .experts = experts.at(s),
            .dlogits = dlogits.at(s)};
  }
};

Json shape(int64_t T, int64_t E, int64_t k) { return {{"T", T}, {"E", E}, {"k", k}}; }

std::unique_ptr<KernelCase> route(int64_t T, int64_t E, int64_t k, int64_t compared) {
  return make_case(
      {.kernel = "route", .shape = shape(T, E, k), .bytes = 4 * double(T) * double(2 * E + 2 * k)},
      Route(T, E, k), [=](Route& d) { cuda::route(d.forward(Side::gpu, E, k), T, nullptr); },
      [=](Route& d) {
        dispatch([&](auto i) { cpu::route<i>(d.forward(Side::cpu, E, k), 0, compared); });
        d.scores.expect_same(compared * E, "route scores");
        d.experts.expect_same(compared * k, "route experts");
        d.weights.expect_same(compared * k, "route weights");
      });
}

std::unique_ptr<KernelCase> route_backward(int64_t T, int64_t E, int64_t k, int64_t compared) {
  Route d(T, E, k);
  cuda::route(d.forward(Side::gpu, E, k), T, nullptr);
  dispatch([&](auto i) { cpu::route<i>(d.forward(Side::cpu, E, k), 0, compared); });
  return make_case(
      {.kernel = "route_backward", .shape = shape(T, E, k), .bytes = 4 * double(T) * double(2 * E + 2 * k)},
      std::move(d), [=](Route& d) { cuda::route_backward(d.backward(Side::gpu, E, k), T, nullptr); },
      [=](Route& d) {
        dispatch([&](auto i) { cpu::route_backward<i>(d.backward(Side::cpu, E, k), 0, compared); });
        d.dlogits.expect_same(compared * E, "route_backward dlogits");
      });
}

/// A stable sort by expert, as the kernel defines it.
struct Order {
  std::vector<int32_t> order, inverse;
  std::vector<int64_t> offsets;
  Order(const int32_t* experts, int64_t rows, int64_t E)
      : order(static_cast<size_t>(rows)), inverse(order.size()), offsets(size_t(E) + 1, 0) {
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int32_t a, int32_t b) { return experts[a] < experts[b]; });
    for (size_t i = 0; i < order.size(); ++i) inverse[size_t(order[i])] = int32_t(i);
    for (int64_t i = 0; i < rows; ++i) ++offsets[size_t(experts[i]) + 1];
    std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  }
};

std::unique_ptr<KernelCase> sort_by_expert(int64_t T, int64_t E, int64_t k) {
  struct Data {
    Ints experts, order, inverse;
    GpuArray<int64_t> offsets;
    Ints scratch;
  };
  const int64_t R = T * k;
  Ints experts = random_ints(R, E, 1);
  Order o(experts.at(Side::cpu), R, E);
  const auto scratch = static_cast<size_t>(cuda::dispatch_scratch(R, E));
  Data data{std::move(experts), Ints(std::move(o.order)), Ints(std::move(o.inverse)),
            GpuArray<int64_t>(std::move(o.offsets)), Ints(std::vector<int32_t>(scratch))};
  // The wanted results are on the host; the GPU begins with something else.
  const std::vector<int32_t> nothing(size_t(R), -7);
  write(data.order.at(Side::gpu), nothing.data(), data.order.bytes());
  write(data.inverse.at(Side::gpu), nothing.data(), data.inverse.bytes());
  return make_case(
      {.kernel = "dispatch", .shape = shape(T, E, k), .bytes = 4 * 3 * double(R)}, std::move(data),
      [=](Data& d) {
        cuda::dispatch({.experts = d.experts.at(Side::gpu),
                        .rows = R,
                        .num_experts = E,
                        .order = d.order.at(Side::gpu),
                        .inverse = d.inverse.at(Side::gpu),
                        .offsets = d.offsets.at(Side::gpu),
                        .scratch = d.scratch.at(Side::gpu)},
                       nullptr);
      },
      [=](Data& d) {
        d.order.expect_same(R, "dispatch order");
        d.inverse.expect_same(R, "dispatch inverse");
        d.offsets.expect_same(E + 1, "dispatch offsets");
      });
}

/// T tokens of width K and their R = T k rows, sorted.
struct Rows {
  Floats x, y, weights, dy, dweights;
  Ints order, inverse;
  Rows(int64_t T, int64_t E, int64_t k, int64_t K) : Rows(T, k, K, sorted(T * k, E)) {}

 private:
  static Order sorted(int64_t rows, int64_t E) {
    Ints experts = random_ints(rows, E, 1);
    return Order(experts.at(Side::cpu), rows, E);
  }
  Rows(int64_t T, int64_t k, int64_t K, Order o)
      : x(uniform(T * K, 1)),
        y(uniform(T * k * K, 2)),
        weights(uniform(T * k, 3)),
        dy(filled(T * k * K, 0)),
        dweights(filled(T * k, 0)),
        order(std::move(o.order)),
        inverse(std::move(o.inverse)) {}
};

CaseInfo rows_info(const char* kernel, int64_t T, int64_t E, int64_t k, int64_t K, double numbers_a_token) {
  Json sizes = shape(T, E, k);
  sizes["K"] = K;
  return {.kernel = kernel, .shape = sizes, .bytes = 4 * double(T) * numbers_a_token};
}

std::unique_ptr<KernelCase> gather(int64_t T, int64_t E, int64_t k, int64_t K, int64_t compared) {
  return make_case(
      rows_info("gather_rows", T, E, k, K, double(K * (1 + k) + k)), Rows(T, E, k, K),
      [=](Rows& d) {
        cuda::gather_rows({.rows = T * k,
                           .top_k = k,
                           .width = K,
                           .order = d.order.at(Side::gpu),
                           .x = d.x.at(Side::gpu),
                           .out = d.dy.at(Side::gpu),
                           .x_stride = K,
                           .out_stride = K},
                          nullptr);
      },
      [=](Rows& d) {
        for (int64_t i = 0; i < compared; ++i)
          std::copy_n(d.x.at(Side::cpu) + d.order.at(Side::cpu)[i] / k * K, K, d.dy.at(Side::cpu) + i * K);
        d.dy.expect_same(compared * K, "gather_rows out");
      });
}

std::unique_ptr<KernelCase> gather_backward(int64_t T, int64_t E, int64_t k, int64_t K, int64_t compared) {
  const auto params = [=](Rows& d, Side s) {
    return cpu::GatherBackwardParams{.top_k = k,
                                     .width = K,
                                     .inverse = d.inverse.at(s),
                                     .dy = d.y.at(s),
                                     .dx = d.x.at(s),
                                     .dy_stride = K,
                                     .dx_stride = K};
  };
  return make_case(
      rows_info("gather_rows_backward", T, E, k, K, double(K * (2 + k) + k)), Rows(T, E, k, K),
      [=](Rows& d) { cuda::gather_rows_backward(params(d, Side::gpu), T, nullptr); },
      [=](Rows& d) {
        dispatch([&](auto i) { cpu::gather_backward<i>(params(d, Side::cpu), 0, compared); });
        d.x.expect_same(compared * K, "gather_rows_backward dx");
      });
}

std::unique_ptr<KernelCase> combine(int64_t T, int64_t E, int64_t k, int64_t K, int64_t compared) {
  const auto params = [=](Rows& d, Side s) {
    return cpu::CombineParams{.top_k = k,
                              .width = K,
                              .inverse = d.inverse.at(s),
                              .weights = d.weights.at(s),
                              .y = d.y.at(s),
                              .shared = nullptr,
                              .out = d.x.at(s),
                              .y_stride = K,
                              .shared_stride = 0,
                              .out_stride = K};
  };
  return make_case(
      rows_info("combine", T, E, k, K, double(K * (1 + k) + 2 * k)), Rows(T, E, k, K),
      [=](Rows& d) { cuda::combine(params(d, Side::gpu), T, nullptr); },
      [=](Rows& d) {
        dispatch([&](auto i) { cpu::combine<i>(params(d, Side::cpu), 0, compared); });
        d.x.expect_same(compared * K, "combine out");
      });
}

std::unique_ptr<KernelCase> combine_backward(int64_t T, int64_t E, int64_t k, int64_t K, int64_t compared) {
  const auto params = [=](Rows& d, Side s) {
    return cpu::CombineBackwardParams{.top_k = k,
                                      .width = K,
                                      .inverse = d.inverse.at(s),
                                      .weights = d.weights.at(s),
                                      .y = d.y.at(s),
                                      .dout = d.x.at(s),
                                      .dy = d.dy.at(s),
                                      .dweights = d.dweights.at(s),
                                      .y_stride = K,
                                      .dout_stride = K,
                                      .dy_stride = K};
  };
  return make_case(
      rows_info("combine_backward", T, E, k, K, double(K * (1 + 2 * k) + 3 * k)), Rows(T, E, k, K),
      [=](Rows& d) { cuda::combine_backward(params(d, Side::gpu), T, nullptr); },
      [=](Rows& d) {
        dispatch([&](auto i) { cpu::combine_backward<i>(params(d, Side::cpu), 0, compared); });
        d.dweights.expect_same(compared * k, "combine_backward dweights");
      });
}

}  // namespace

void add_moe_cases(Cases& cases, const Sizes& s) {
  const int64_t E = s.experts, k = s.top_k, K = s.hidden;
  for (const int64_t T : {s.tokens, s.decoding}) {
    const int64_t compared = std::min(T, s.compared);
    cases.push_back({"route", [=] { return route(T, E, k, compared); }});
    cases.push_back({"dispatch", [=] { return sort_by_expert(T, E, k); }});
    cases.push_back({"gather_rows", [=] { return gather(T, E, k, K, compared); }});
    cases.push_back({"combine", [=] { return combine(T, E, k, K, compared); }});
  }
  const int64_t T = s.tokens, compared = std::min(T, s.compared);
  cases.push_back({"route_backward", [=] { return route_backward(T, E, k, compared); }});
  cases.push_back({"gather_rows_backward", [=] { return gather_backward(T, E, k, K, compared); }});
  cases.push_back({"combine_backward", [=] { return combine_backward(T, E, k, K, compared); }});
}

}  // namespace hone::gpu
