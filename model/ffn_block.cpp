#include "model/ffn_block.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

namespace hone {
namespace {

using at::Tensor;

Tensor rows_like(const Tensor& x, at::IntArrayRef shape) { return at::empty(shape, x.options()); }

/// y = down(silu(gate) * up); the experts' form when offsets is given.
Tensor swiglu_forward(const Tensor& x, const Tensor& gate_up, const Tensor& down, int64_t intermediate,
                      const Tensor* offsets, SwiGluSaved& s) {
  const int64_t rows = x.size(0);
  s.gate_up = rows_like(x, {rows, 2 * intermediate}), s.active = rows_like(x, {rows, intermediate});
  Tensor y = at::empty_like(x);
  if (offsets) {
    ops::grouped_linear_(s.gate_up, x, gate_up, *offsets);
    ops::swiglu_(s.active, s.gate_up);
    ops::grouped_linear_(y, s.active, down, *offsets);
  } else {
    ops::linear_(s.gate_up, x, gate_up);
    ops::swiglu_(s.active, s.gate_up);
    ops::linear_(y, s.active, down);
  }
  return y;
}

/// dx_ gets the input's gradient (added to what it holds if accumulate).
void swiglu_backward(Tensor& dx_, bool accumulate, const Tensor& dy, const Tensor& x, const Tensor& gate_up,
                     const Tensor& down, Tensor& dgate_up, Tensor& ddown, const Tensor* offsets,
                     const SwiGluSaved& s) {
  Tensor dactive = at::empty_like(s.active), dpair = at::empty_like(s.gate_up);
  if (offsets) {
    ops::grouped_linear_backward_input_(dactive, dy, down, *offsets, false);
    ops::grouped_linear_backward_weight_(ddown, dy, s.active, *offsets);
    ops::swiglu_backward_(dpair, dactive, s.gate_up);
    ops::grouped_linear_backward_weight_(dgate_up, dpair, x, *offsets);
    ops::grouped_linear_backward_input_(dx_, dpair, gate_up, *offsets, accumulate);
  } else {
    ops::linear_backward_input_(dactive, dy, down, false);
    ops::linear_backward_weight_(ddown, dy, s.active);
    ops::swiglu_backward_(dpair, dactive, s.gate_up);
    ops::linear_backward_weight_(dgate_up, dpair, x);
    ops::linear_backward_input_(dx_, dpair, gate_up, accumulate);
  }
}

Tensor moe_forward(const FeedForwardContext& c, FeedForwardSaved& s) {
  const MoeConfig& m = c.config.moe;
  const int64_t T = s.normed.size(0);
  Tensor logits = rows_like(s.normed, {T, m.num_experts});
  ops::linear_(logits, s.normed, c.packed.router);
  s.routing = ops::route(logits, c.weights.correction_bias, router_options(m));
  s.dispatch = ops::dispatch_experts(s.routing.experts, m.num_experts);
  s.gathered = rows_like(s.normed, {T * m.top_k, c.config.hidden_size});
  ops::gather_rows_(s.gathered, s.normed, s.dispatch);
  s.expert_out = swiglu_forward(s.gathered, c.packed.experts_gate_up, c.packed.experts_down,
                                m.intermediate_size, &s.dispatch.offsets, s.experts);
  Tensor shared;
  if (m.shared_intermediate_size)
    shared = swiglu_forward(s.normed, c.packed.gate_up, c.packed.down, m.shared_intermediate_size, nullptr,
                            s.dense);
  Tensor y = at::empty_like(s.normed);
  ops::combine_experts_(y, s.expert_out, s.routing.weights, s.dispatch, shared);
  return y;
}

/// The gradient of the block's normed input: experts (through gather), then shared experts, then the router.
Tensor moe_backward(const FeedForwardContext& c, const FeedForwardSaved& s, const Tensor& dscores,
                    const Tensor& dy, FeedForwardWeights& g) {
  const MoeConfig& m = c.config.moe;
  Tensor dexpert = at::empty_like(s.expert_out), dweights = at::empty_like(s.routing.weights);
  ops::combine_experts_backward_(dexpert, dweights, dy, s.expert_out, s.routing.weights, s.dispatch);
  Tensor dgathered = at::empty_like(s.gathered);
  swiglu_backward(dgathered, false, dexpert, s.gathered, c.weights.experts_gate_up, c.weights.experts_down,
                  g.experts_gate_up, g.experts_down, &s.dispatch.offsets, s.experts);
  Tensor dnormed = at::empty_like(s.normed).zero_();
  ops::gather_rows_backward_(dnormed, dgathered, s.dispatch);
  if (m.shared_intermediate_size)
    swiglu_backward(dnormed, true, dy, s.normed, c.weights.gate_up, c.weights.down, g.gate_up, g.down,
                    nullptr, s.dense);
  Tensor dlogits = at::empty_like(s.routing.scores);
  ops::route_backward_(dlogits, dweights, dscores, s.routing, router_options(m));
  ops::linear_backward_weight_(g.router, dlogits, s.normed);
  ops::linear_backward_input_(dnormed, dlogits, c.weights.router, true);
  return dnormed;
}

}  // namespace

ops::RouterOptions router_options(const MoeConfig& m) {
  return {.sigmoid = m.sigmoid,
          .top_k = m.top_k,
          .num_groups = m.num_groups,
          .top_groups = m.top_groups,
          .normalize = m.normalize,
          .scale = m.scale};
}

void ffn_forward(const FeedForwardContext& c, Tensor& x_, FeedForwardSaved* saved) {
  FeedForwardSaved local;
  FeedForwardSaved& s = saved ? *saved : local;
  if (saved) s.x = x_.clone();
  s.rstd = rows_like(x_, {x_.size(0)}), s.normed = at::empty_like(x_);
  ops::rms_norm_(s.normed, s.rstd, x_, c.weights.norm, c.config.norm_eps);
  const Tensor y = c.is_moe ? moe_forward(c, s)
                            : swiglu_forward(s.normed, c.packed.gate_up, c.packed.down,
                                             c.config.intermediate_size, nullptr, s.dense);
  ops::add_(x_, y);
}

void ffn_backward(const FeedForwardContext& c, const FeedForwardSaved& s, const Tensor& dscores, Tensor& dx_,
                  FeedForwardWeights& g) {
  Tensor dnormed;
  if (c.is_moe) {
    dnormed = moe_backward(c, s, dscores, dx_, g);
  } else {
    dnormed = at::empty_like(s.normed);
    swiglu_backward(dnormed, false, dx_, s.normed, c.weights.gate_up, c.weights.down, g.gate_up, g.down,
                    nullptr, s.dense);
  }
  ops::rms_norm_backward_(dx_, g.norm, dnormed, s.x, c.weights.norm, s.rstd, true);
}

}  // namespace hone
