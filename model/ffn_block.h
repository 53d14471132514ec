// The feed-forward half of a layer: x += ffn(norm(x)), dense SwiGLU or a mixture of experts with shared
// experts, both directions.
#pragma once

#include <ATen/core/Tensor.h>

#include "cuda_ext/ops.h"
#include "model/config.h"
#include "model/weights.h"

namespace hone {

/// SwiGLU of one matrix pair.
struct SwiGluSaved {
  at::Tensor gate_up;  // [R, 2I]
  at::Tensor active;   // [R, I]
};

struct FeedForwardSaved {
  at::Tensor x;          // [T, hidden]
  at::Tensor rstd;       // [T]
  at::Tensor normed;     // [T, hidden]
  SwiGluSaved dense;     // the dense layer, or the shared experts
  ops::Routing routing;  // MoE only, as all below
  ops::ExpertDispatch dispatch;
  at::Tensor gathered;                 // [T top_k, hidden]
  SwiGluSaved experts;                 // rows sorted by expert
  at::Tensor expert_out;               // [T top_k, hidden]
  at::Tensor shared_gate, shared_out;  // [T, 1], [T, hidden] of gated shared experts, before the gate
};

struct FeedForwardContext {
  const DecoderConfig& config;
  const FeedForwardWeights& weights;
  const FeedForwardWeights& packed;
  const FeedForwardWeights& matrices;  // what gradients go back through: Decoder::matrices()
  bool is_moe = false;
  ops::GradientSteps steps;  // of weight gradients on tensor cores; backward only, may be undefined
};

/// Adds the block's output to x_ [T, hidden]. saved may be null.
void ffn_forward(const FeedForwardContext& context, at::Tensor& x_, FeedForwardSaved* saved);

/// Leaves what costs little memory (the block's input, the experts chosen); make_again makes the rest of it, with the
/// same bits.
void keep_dear(FeedForwardSaved& saved);
void make_again(const FeedForwardContext& context, FeedForwardSaved& saved);

/// dx_ as in attention_backward. dscores [T, E] is the gradient of a balance loss on the router's scores; may
/// be undefined.
void ffn_backward(const FeedForwardContext& context, const FeedForwardSaved& saved, const at::Tensor& dscores,
                  at::Tensor& dx_, FeedForwardWeights& gradients);

ops::RouterOptions router_options(const MoeConfig& config);

}  // namespace hone
