// Mixture of experts: checks and parallel loops around the kernels of cpu/moe.h; sorting tokens by expert.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <cstring>
#include <vector>

#include "cuda_ext/cpu/moe.h"
#include "cuda_ext/cuda/moe.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"

namespace hone::ops {
namespace {

constexpr int64_t kTokenGrain = 16;  // tokens a thread takes at least

std::string describe(const Tensor& x) {
  return x.defined() ? c10::str(x.scalar_type(), " ", x.sizes(), " strides ", x.strides(), " on ", x.device())
                     : "undefined";
}

/// A matrix whose rows are contiguous; `rows_touch` also asks that there is nothing between rows.
void check_matrix(const Tensor& x, at::ScalarType type, int64_t rows, int64_t columns, bool rows_touch,
                  const char* name) {
  TORCH_CHECK(x.defined() && x.scalar_type() == type && x.dim() == 2 && x.size(0) == rows &&
                  x.size(1) == columns && (columns <= 1 || x.stride(1) == 1) &&
                  (!rows_touch || x.is_contiguous()),
              name, ": expected ", type, " [", rows, ", ", columns, "]",
              rows_touch ? " contiguous" : " with contiguous rows", ", got ", describe(x));
}

void check_options(const RouterOptions& o, int64_t num_experts) {
  TORCH_CHECK(num_experts >= 1 && num_experts <= cpu::kMaxExperts, "route: ", num_experts,
              " experts, expected 1 to ", cpu::kMaxExperts);
  TORCH_CHECK(o.num_groups >= 1 && num_experts % o.num_groups == 0, "route: num_groups is ", o.num_groups,
              ", expected a divisor of the ", num_experts, " experts");
  TORCH_CHECK(o.top_groups >= 1 && o.top_groups <= o.num_groups, "route: top_groups is ", o.top_groups,
              ", expected 1 to num_groups ", o.num_groups);
  const int64_t eligible = num_experts / o.num_groups * o.top_groups;
  TORCH_CHECK(o.top_k >= 1 && o.top_k <= eligible, "route: top_k is ", o.top_k, ", expected 1 to ", eligible,
              " (experts in the kept groups)");
}

/// T and k of a dispatch, after checking that it belongs to `rows` sorted rows.
std::pair<int64_t, int64_t> check_dispatch(const ExpertDispatch& d, const Tensor& sorted, const char* name) {
  TORCH_CHECK(d.inverse.defined() && d.inverse.dim() == 2, name, ": dispatch.inverse is ",
              describe(d.inverse));
  const int64_t tokens = d.inverse.size(0), top_k = d.inverse.size(1);
  check_matrix(d.inverse, at::kInt, tokens, top_k, true, name);
  TORCH_CHECK(sorted.dim() == 2, name, ": expected sorted rows [T*top_k, K], got ", describe(sorted));
  check_matrix(sorted, at::kFloat, tokens * top_k, sorted.size(1), false, name);
  return {tokens, top_k};
}

}  // namespace

Routing route(const Tensor& logits, const Tensor& bias, const RouterOptions& o) {
  TORCH_CHECK(logits.dim() == 2, "route: logits: expected [T, E], got ", describe(logits));
  const int64_t tokens = logits.size(0), num_experts = logits.size(1);
  check_matrix(logits, at::kFloat, tokens, num_experts, true, "route: logits");
  check_options(o, num_experts);
  if (bias.defined()) check_matrix(bias.unsqueeze(0), at::kFloat, 1, num_experts, true, "route: bias");
  Routing r{.scores = at::empty({tokens, num_experts}, logits.options()),
            .experts = at::empty({tokens, o.top_k}, logits.options().dtype(at::kInt)),
            .weights = at::empty({tokens, o.top_k}, logits.options())};
  const cpu::RouterParams params{.num_experts = num_experts,
                                 .top_k = o.top_k,
                                 .num_groups = o.num_groups,
                                 .top_groups = o.top_groups,
                                 .sigmoid = o.sigmoid,
                                 .normalize = o.normalize,
                                 .scale = float(o.scale),
                                 .logits = logits.const_data_ptr<float>(),
                                 .bias = bias.defined() ? bias.const_data_ptr<float>() : nullptr,
                                 .scores = r.scores.data_ptr<float>(),
                                 .experts = r.experts.data_ptr<int32_t>(),
                                 .weights = r.weights.data_ptr<float>()};
  if (ran_on_gpu("route", {{"logits", logits}, {"bias", bias}},
                 [&](auto stream) { cuda::route(params, tokens, stream); }))
    return r;
  parallel_for(tokens, kTokenGrain, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::route<isa>(params, begin, end); });
  });
  return r;
}

void route_backward_(Tensor& dlogits_, const Tensor& dweights, const Tensor& dscores, const Routing& r,
                     const RouterOptions& o) {
  const int64_t tokens = r.scores.size(0), num_experts = r.scores.size(1);
  check_options(o, num_experts);
  check_matrix(r.scores, at::kFloat, tokens, num_experts, true, "route_backward_: routing.scores");
  check_matrix(r.experts, at::kInt, tokens, o.top_k, true, "route_backward_: routing.experts");
  check_matrix(dlogits_, at::kFloat, tokens, num_experts, true, "route_backward_: dlogits_");
  check_matrix(dweights, at::kFloat, tokens, o.top_k, true, "route_backward_: dweights");
  if (dscores.defined())
    check_matrix(dscores, at::kFloat, tokens, num_experts, true, "route_backward_: dscores");
  const cpu::RouterBackwardParams params{
      .num_experts = num_experts,
      .top_k = o.top_k,
      .sigmoid = o.sigmoid,
      .normalize = o.normalize,
      .scale = float(o.scale),
      .dweights = dweights.const_data_ptr<float>(),
      .dscores = dscores.defined() ? dscores.const_data_ptr<float>() : nullptr,
      .scores = r.scores.const_data_ptr<float>(),
      .experts = r.experts.const_data_ptr<int32_t>(),
      .dlogits = dlogits_.data_ptr<float>()};
  if (ran_on_gpu("route_backward_",
                 {{"dlogits", dlogits_},
                  {"dweights", dweights},
                  {"dscores", dscores},
                  {"scores", r.scores},
                  {"experts", r.experts}},
                 [&](auto stream) { cuda::route_backward(params, tokens, stream); }))
    return;
  parallel_for(tokens, kTokenGrain, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::route_backward<isa>(params, begin, end); });
  });
}

ExpertDispatch dispatch_experts(const Tensor& experts, int64_t num_experts) {
  TORCH_CHECK(experts.dim() == 2, "dispatch_experts: experts: expected [T, top_k], got ", describe(experts));
  const int64_t tokens = experts.size(0), top_k = experts.size(1), rows = tokens * top_k;
  check_matrix(experts, at::kInt, tokens, top_k, true, "dispatch_experts: experts");
  ExpertDispatch d{.order = at::empty({rows}, experts.options()),
                   .inverse = at::empty({tokens, top_k}, experts.options()),
                   .offsets = at::empty({num_experts + 1}, experts.options().dtype(at::kLong))};
  if (ran_on_gpu("dispatch_experts", {{"experts", experts}}, [&](auto stream) {
        const Tensor scratch = at::empty({cuda::dispatch_scratch(rows, num_experts)}, experts.options());
        cuda::dispatch({.experts = experts.const_data_ptr<int32_t>(),
                        .rows = rows,
                        .num_experts = num_experts,
                        .order = d.order.template data_ptr<int32_t>(),
                        .inverse = d.inverse.template data_ptr<int32_t>(),
                        .offsets = d.offsets.template data_ptr<int64_t>(),
                        .scratch = scratch.template data_ptr<int32_t>()},
                       stream);
      }))
    return d;
  const int32_t* expert = experts.const_data_ptr<int32_t>();
  int32_t *order = d.order.data_ptr<int32_t>(), *inverse = d.inverse.data_ptr<int32_t>();
  int64_t* offsets = d.offsets.data_ptr<int64_t>();
  std::vector<int64_t> next(size_t(num_experts) + 1,
                            0);  // [E+1] counts, shifted by one; then where an expert's next row goes
  for (int64_t i = 0; i < rows; ++i) {
    TORCH_CHECK(expert[i] >= 0 && expert[i] < num_experts, "dispatch_experts: expert ", expert[i],
                " of token ", i / top_k, ", expected 0 to ", num_experts - 1);
    ++next[size_t(expert[i]) + 1];
  }
  for (int64_t e = 0; e < num_experts; ++e) next[size_t(e) + 1] += next[size_t(e)];
  std::memcpy(offsets, next.data(), next.size() * sizeof(int64_t));
  for (int64_t i = 0; i < rows; ++i) {
    inverse[i] = int32_t(next[size_t(expert[i])]++);
    order[inverse[i]] = int32_t(i);
  }
  return d;
}

void gather_rows_(Tensor& out_, const Tensor& x, const ExpertDispatch& d) {
  const auto [num_tokens, top_k] = check_dispatch(d, out_, "gather_rows_: out_");
  const int64_t tokens = num_tokens, width = out_.size(1), x_stride = x.stride(0),
                out_stride = out_.stride(0), k = top_k;
  check_matrix(x, at::kFloat, tokens, width, false, "gather_rows_: x");
  const int32_t* order = d.order.const_data_ptr<int32_t>();
  const float* from = x.const_data_ptr<float>();
  float* to = out_.data_ptr<float>();
  if (ran_on_gpu("gather_rows_", {{"x", x}, {"out", out_}, {"order", d.order}}, [&](auto stream) {
        cuda::gather_rows({.rows = tokens * k,
                           .top_k = k,
                           .width = width,
                           .order = order,
                           .x = from,
                           .out = to,
                           .x_stride = x_stride,
                           .out_stride = out_stride},
                          stream);
      }))
    return;
  parallel_for(tokens * top_k, kTokenGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      std::memcpy(to + i * out_stride, from + order[i] / k * x_stride, size_t(width) * sizeof(float));
  });
}

void gather_rows_backward_(Tensor& dx_, const Tensor& dy, const ExpertDispatch& d) {
  const auto [tokens, top_k] = check_dispatch(d, dy, "gather_rows_backward_: dy");
  check_matrix(dx_, at::kFloat, tokens, dy.size(1), false, "gather_rows_backward_: dx_");
  const cpu::GatherBackwardParams params{.top_k = top_k,
                                         .width = dy.size(1),
                                         .inverse = d.inverse.const_data_ptr<int32_t>(),
                                         .dy = dy.const_data_ptr<float>(),
                                         .dx = dx_.data_ptr<float>(),
                                         .dy_stride = dy.stride(0),
                                         .dx_stride = dx_.stride(0)};
  const int64_t num_tokens = tokens;
  if (ran_on_gpu("gather_rows_backward_", {{"dy", dy}, {"dx", dx_}, {"inverse", d.inverse}},
                 [&](auto stream) { cuda::gather_rows_backward(params, num_tokens, stream); }))
    return;
  parallel_for(tokens, kTokenGrain, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::gather_backward<isa>(params, begin, end); });
  });
}

void combine_experts_(Tensor& out_, const Tensor& y, const Tensor& weights, const ExpertDispatch& d,
                      const Tensor& shared) {
  const auto [tokens, top_k] = check_dispatch(d, y, "combine_experts_: y");
  check_matrix(out_, at::kFloat, tokens, y.size(1), false, "combine_experts_: out_");
  check_matrix(weights, at::kFloat, tokens, top_k, true, "combine_experts_: weights");
  if (shared.defined())
    check_matrix(shared, at::kFloat, tokens, y.size(1), false, "combine_experts_: shared");
  const cpu::CombineParams params{.top_k = top_k,
                                  .width = y.size(1),
                                  .inverse = d.inverse.const_data_ptr<int32_t>(),
                                  .weights = weights.const_data_ptr<float>(),
                                  .y = y.const_data_ptr<float>(),
                                  .shared = shared.defined() ? shared.const_data_ptr<float>() : nullptr,
                                  .out = out_.data_ptr<float>(),
                                  .y_stride = y.stride(0),
                                  .shared_stride = shared.defined() ? shared.stride(0) : 0,
                                  .out_stride = out_.stride(0)};
  const int64_t num_tokens = tokens;
  if (ran_on_gpu("combine_experts_",
                 {{"y", y}, {"out", out_}, {"weights", weights}, {"shared", shared}, {"inverse", d.inverse}},
                 [&](auto stream) { cuda::combine(params, num_tokens, stream); }))
    return;
  parallel_for(tokens, kTokenGrain, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::combine<isa>(params, begin, end); });
  });
}

void combine_experts_backward_(Tensor& dy_, Tensor& dweights_, const Tensor& dout, const Tensor& y,
                               const Tensor& weights, const ExpertDispatch& d) {
  const auto [tokens, top_k] = check_dispatch(d, y, "combine_experts_backward_: y");
  check_matrix(dy_, at::kFloat, tokens * top_k, y.size(1), false, "combine_experts_backward_: dy_");
  check_matrix(dweights_, at::kFloat, tokens, top_k, true, "combine_experts_backward_: dweights_");
  check_matrix(dout, at::kFloat, tokens, y.size(1), false, "combine_experts_backward_: dout");
  check_matrix(weights, at::kFloat, tokens, top_k, true, "combine_experts_backward_: weights");
  const cpu::CombineBackwardParams params{.top_k = top_k,
                                          .width = y.size(1),
                                          .inverse = d.inverse.const_data_ptr<int32_t>(),
                                          .weights = weights.const_data_ptr<float>(),
                                          .y = y.const_data_ptr<float>(),
                                          .dout = dout.const_data_ptr<float>(),
                                          .dy = dy_.data_ptr<float>(),
                                          .dweights = dweights_.data_ptr<float>(),
                                          .y_stride = y.stride(0),
                                          .dout_stride = dout.stride(0),
                                          .dy_stride = dy_.stride(0)};
  const int64_t num_tokens = tokens;
  if (ran_on_gpu("combine_experts_backward_",
                 {{"y", y},
                  {"dy", dy_},
                  {"dweights", dweights_},
                  {"dout", dout},
                  {"weights", weights},
                  {"inverse", d.inverse}},
                 [&](auto stream) { cuda::combine_backward(params, num_tokens, stream); }))
    return;
  parallel_for(tokens, kTokenGrain, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::combine_backward<isa>(params, begin, end); });
  });
}

}  // namespace hone::ops
