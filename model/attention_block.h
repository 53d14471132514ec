// The attention half of a layer: x += Wo attention(norm(x)), for grouped-query heads and for latent attention
// (MLA) in the absorbed form, forward and backward. MLA is attention with one key head whose keys are [normed
// latent | rotated key] and whose values are the latent itself: queries go into latent space through key_up,
// results come out through value_up.
#pragma once

#include <ATen/core/Tensor.h>

#include "model/block.h"
#include "model/config.h"
#include "model/weights.h"

namespace hone {

/// What backward needs from forward. Shapes of MLA in brackets.
struct AttentionSaved {
  at::Tensor x;       // [T, hidden] the block's input
  at::Tensor rstd;    // [T]
  at::Tensor normed;  // [T, hidden]
  at::Tensor in;      // [T, in] output of the input projection
  at::Tensor q_rstd,
      k_rstd;  // GQA with q/k norms [T, H], [T, J], or [T] of whole projections; MLA [T] of the latents
  at::Tensor q_latent;  // MLA with q_lora: [T, q_lora] normed
  at::Tensor q;         // [T, H, D] after norm and rope [T, H, nope + rope]
  at::Tensor query;     // what attention saw: [T, H, Dk]; GQA: q itself
  at::Tensor lse;       // [T, H]
  at::Tensor attended;  // [T, H, Dv] of the cache
  at::Tensor mixed;     // [T, output_size] input of the output projection; GQA: attended itself
};

struct AttentionContext {
  const DecoderConfig& config;
  const AttentionWeights& weights;
  const AttentionWeights& packed;
  const AttentionWeights& matrices;  // what gradients go back through: Decoder::matrices()
  const ops::RopeTables& rope;
  const DecoderRows& rows;
  LayerPages& pages;
  int64_t window;            // of the layer; 0 = none
  at::Tensor positions;      // the rows', by ops::rope_positions
  ops::GradientSteps steps;  // of weight gradients on tensor cores; backward only, may be undefined
};

/// Adds the block's output to x_ [T, hidden] and writes the rows' keys and values. saved may be null.
void attention_forward(const AttentionContext& context, at::Tensor& x_, AttentionSaved* saved);

/// Leaves what attention itself made and the block's input; make_again makes the rest of it, with the same bits.
void keep_dear(AttentionSaved& saved);
void make_again(const AttentionContext& context, AttentionSaved& saved);

/// dx_ [T, hidden] holds the gradient of the block's output and gets that of its input; weight gradients are
/// added to `gradients`.
void attention_backward(const AttentionContext& context, const AttentionSaved& saved, at::Tensor& dx_,
                        AttentionWeights& gradients);

}  // namespace hone
