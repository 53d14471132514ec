#include "model/ffn_block.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

namespace hone {
namespace {

using at::Tensor;

Tensor rows_like(const Tensor& x, at::IntArrayRef shape) { return at::empty(shape, x.options()); }

/// The matrices of one gated pair, of a dense block or (with offsets) of all experts, and their biases (may
/// be undefined).
struct Pair {
  const Tensor &gate_up, &down, &gate_up_bias, &down_bias;
  const Tensor* offsets = nullptr;              // [E+1] rows of the experts
  const MoeConfig::Clamped* clamped = nullptr;  // the activation; none: SwiGLU
};

void pair_linear(Tensor& out_, const Tensor& in, const Tensor& packed, const Tensor& bias, const Pair& w) {
  w.offsets ? ops::grouped_linear_(out_, in, packed, *w.offsets, bias) : ops::linear_(out_, in, packed, bias);
}

/// silu(gate) * up.
void pair_activate(const Tensor& x, const Pair& w, int64_t intermediate, SwiGluSaved& s) {
  const int64_t rows = x.size(0);
  s.gate_up = rows_like(x, {rows, 2 * intermediate}), s.active = rows_like(x, {rows, intermediate});
  pair_linear(s.gate_up, x, w.gate_up, w.gate_up_bias, w);
  w.clamped ? ops::clamped_swiglu_(s.active, s.gate_up, w.clamped->alpha, w.clamped->limit)
            : ops::swiglu_(s.active, s.gate_up);
}
/// y = down(silu(gate) * up).
Tensor pair_forward(const Tensor& x, const Pair& w, int64_t intermediate, SwiGluSaved& s) {
  pair_activate(x, w, intermediate, s);
  Tensor y = at::empty_like(x);
  pair_linear(y, s.active, w.down, w.down_bias, w);
  return y;
}

/// The gradients of a pair's tensors.
struct PairGradients {
  Tensor &gate_up, &down, &gate_up_bias, &down_bias;
};

void pair_weight_backward(Tensor& dw, Tensor& db, const Tensor& dy, const Tensor& x, const Tensor* offsets,
                          const ops::GradientSteps& steps) {
  offsets ? ops::grouped_linear_backward_weight_(dw, dy, x, *offsets, steps)
          : ops::linear_backward_weight_(dw, dy, x, steps);
  if (db.defined())
    offsets ? ops::grouped_linear_backward_bias_(db, dy, *offsets) : ops::linear_backward_bias_(db, dy);
}

/// dx_ gets the input's gradient (added to what it holds if accumulate). w holds what gradients go back through.
void pair_backward(Tensor& dx_, bool accumulate, const Tensor& dy, const Tensor& x, const Pair& w,
                   const SwiGluSaved& s, const ops::GradientSteps& steps, PairGradients g) {
  Tensor dactive = at::empty_like(s.active), dpair = at::empty_like(s.gate_up);
  const auto input = [&](Tensor& dx, const Tensor& d, const Tensor& weight, bool add) {
    w.offsets ? ops::grouped_linear_backward_input_(dx, d, weight, *w.offsets, add)
              : ops::linear_backward_input_(dx, d, weight, add);
  };
  input(dactive, dy, w.down, false);
  pair_weight_backward(g.down, g.down_bias, dy, s.active, w.offsets, steps);
  w.clamped ? ops::clamped_swiglu_backward_(dpair, dactive, s.gate_up, w.clamped->alpha, w.clamped->limit)
            : ops::swiglu_backward_(dpair, dactive, s.gate_up);
  pair_weight_backward(g.gate_up, g.gate_up_bias, dpair, x, w.offsets, steps);
  input(dx_, dpair, w.gate_up, accumulate);
}

/// Matrices from `w`, biases from `biases` (packed weights hold none).
Pair dense_pair(const FeedForwardWeights& w, const FeedForwardWeights& biases) {
  return {w.gate_up, w.down, biases.gate_up_bias, biases.down_bias};
}
Pair expert_pair(const FeedForwardWeights& w, const FeedForwardContext& c,
                 const ops::ExpertDispatch& dispatch) {
  return {w.experts_gate_up,
          w.experts_down,
          c.weights.experts_gate_up_bias,
          c.weights.experts_down_bias,
          &dispatch.offsets,
          c.config.moe.clamped ? &*c.config.moe.clamped : nullptr};
}
PairGradients dense_gradients(FeedForwardWeights& g) {
  return {g.gate_up, g.down, g.gate_up_bias, g.down_bias};
}

/// The shared experts, gated where the architecture gates them; undefined without any.
Tensor shared_forward(const FeedForwardContext& c, FeedForwardSaved& s) {
  const MoeConfig& m = c.config.moe;
  if (!m.shared_intermediate_size) return {};
  const Tensor y =
      pair_forward(s.normed, dense_pair(c.packed, c.weights), m.shared_intermediate_size, s.dense);
  if (!m.shared_gate) return y;
  s.shared_out = y, s.shared_gate = rows_like(y, {y.size(0), 1});
  ops::linear_(s.shared_gate, s.normed, c.packed.shared_gate);
  Tensor gated = at::empty_like(y);
  ops::sigmoid_gate_(gated, y, s.shared_gate);
  return gated;
}

/// Adds the gradient of the normed input.
void shared_backward(const FeedForwardContext& c, const FeedForwardSaved& s, const Tensor& dy,
                     Tensor& dnormed_, FeedForwardWeights& g) {
  const MoeConfig& m = c.config.moe;
  if (!m.shared_intermediate_size) return;
  Tensor d = dy;
  if (m.shared_gate) {
    Tensor dgate = at::empty_like(s.shared_gate);
    d = at::empty_like(dy);
    ops::sigmoid_gate_backward_(d, dgate, dy, s.shared_out, s.shared_gate);
    ops::linear_backward_weight_(g.shared_gate, dgate, s.normed);
    ops::linear_backward_input_(dnormed_, dgate, c.matrices.shared_gate, true);
  }
  pair_backward(dnormed_, true, d, s.normed, dense_pair(c.matrices, c.weights), s.dense, c.steps,
                dense_gradients(g));
}

/// The chosen experts' outputs; returns the shared ones', which may be undefined.
Tensor experts_forward(const FeedForwardContext& c, FeedForwardSaved& s) {
  const MoeConfig& m = c.config.moe;
  s.gathered = rows_like(s.normed, {s.normed.size(0) * m.top_k, c.config.hidden_size});
  ops::gather_rows_(s.gathered, s.normed, s.dispatch);
  s.expert_out =
      pair_forward(s.gathered, expert_pair(c.packed, c, s.dispatch), m.intermediate_size, s.experts);
  return shared_forward(c, s);
}

Tensor moe_forward(const FeedForwardContext& c, FeedForwardSaved& s) {
  const MoeConfig& m = c.config.moe;
  const int64_t T = s.normed.size(0);
  Tensor logits = rows_like(s.normed, {T, m.num_experts});
  ops::linear_(logits, s.normed, c.packed.router, c.weights.router_bias);
  s.routing = ops::route(logits, c.weights.correction_bias, router_options(m));
  s.dispatch = ops::dispatch_experts(s.routing.experts, m.num_experts);
  const Tensor shared = experts_forward(c, s);
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
  pair_backward(dgathered, false, dexpert, s.gathered, expert_pair(c.matrices, c, s.dispatch), s.experts,
                ops::expert_steps(c.steps, s.dispatch),
                {g.experts_gate_up, g.experts_down, g.experts_gate_up_bias, g.experts_down_bias});
  Tensor dnormed = at::empty_like(s.normed).zero_();
  ops::gather_rows_backward_(dnormed, dgathered, s.dispatch);
  shared_backward(c, s, dy, dnormed, g);
  Tensor dlogits = at::empty_like(s.routing.scores);
  ops::route_backward_(dlogits, dweights, dscores, s.routing, router_options(m));
  ops::linear_backward_weight_(g.router, dlogits, s.normed);
  if (g.router_bias.defined()) ops::linear_backward_bias_(g.router_bias, dlogits);
  ops::linear_backward_input_(dnormed, dlogits, c.matrices.router, true);
  return dnormed;
}

void norm(const FeedForwardContext& c, const Tensor& x, FeedForwardSaved& s) {
  s.rstd = rows_like(x, {x.size(0)}), s.normed = at::empty_like(x);
  ops::rms_norm_(s.normed, s.rstd, x, c.weights.norm, c.config.norm_eps);
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

void keep_dear(FeedForwardSaved& s) {
  FeedForwardSaved kept;
  kept.x = s.x, kept.routing = s.routing, kept.dispatch = s.dispatch;
  s = std::move(kept);
}

void make_again(const FeedForwardContext& c, FeedForwardSaved& s) {
  norm(c, s.x, s);
  if (c.is_moe)
    experts_forward(c, s);
  else
    pair_activate(s.normed, dense_pair(c.packed, c.weights), c.config.intermediate_size, s.dense);
}

void ffn_forward(const FeedForwardContext& c, Tensor& x_, FeedForwardSaved* saved) {
  FeedForwardSaved local;
  FeedForwardSaved& s = saved ? *saved : local;
  if (saved) s.x = x_.clone();
  norm(c, x_, s);
  const Tensor y =
      c.is_moe ? moe_forward(c, s)
               : pair_forward(s.normed, dense_pair(c.packed, c.weights), c.config.intermediate_size, s.dense);
  ops::add_(x_, y);
}

void ffn_backward(const FeedForwardContext& c, const FeedForwardSaved& s, const Tensor& dscores, Tensor& dx_,
                  FeedForwardWeights& g) {
  Tensor dnormed;
  if (c.is_moe) {
    dnormed = moe_backward(c, s, dscores, dx_, g);
  } else {
    dnormed = at::empty_like(s.normed);
    pair_backward(dnormed, false, dx_, s.normed, dense_pair(c.matrices, c.weights), s.dense, c.steps,
                  dense_gradients(g));
  }
  ops::rms_norm_backward_(dx_, g.norm, dnormed, s.x, c.weights.norm, s.rstd, true);
}

}  // namespace hone
