// A decoder's parameters: one flat float32 buffer, the Hugging Face tensors in it by name and offset, and the
// (fused) views that the blocks compute with. Gradients and optimizer moments are flat buffers of the same
// layout, so the same views bind to them.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "model/tensor_list.h"

namespace hone {

struct AttentionWeights {
  at::Tensor norm;     // [hidden]
  at::Tensor in;       // GQA [(H + 2J) D, hidden]; MLA [(q_lora or H (nope + rope)) + kv_lora + rope, hidden]
  at::Tensor in_bias;  // GQA [(H + 2J) D], may be undefined
  at::Tensor q_norm, k_norm;       // [D], or [H D] and [J D] of whole projections; may be undefined
  at::Tensor sinks;                // [H], may be undefined
  at::Tensor q_latent_norm, q_up;  // [q_lora], [H (nope + rope), q_lora]; undefined without q_lora
  at::Tensor kv_latent_norm;       // [kv_lora]
  at::Tensor key_up;               // [H, kv_lora, nope] view of kv_b_proj: query -> latent space
  at::Tensor value_up;             // [H, value, kv_lora] view of kv_b_proj
  at::Tensor out;                  // [hidden, output_size]
  at::Tensor out_bias;             // [hidden], may be undefined
};

struct FeedForwardWeights {
  at::Tensor norm;  // [hidden]
  at::Tensor gate_up,
      down;  // dense [2I, hidden], [hidden, I]; for MoE layers the shared experts (may be undefined)
  at::Tensor gate_up_bias, down_bias;  // [2I], [hidden], may be undefined
  at::Tensor router;                   // [E, hidden], undefined in dense layers
  at::Tensor router_bias;              // [E], may be undefined
  at::Tensor correction_bias;          // [E], may be undefined
  at::Tensor shared_gate;              // [1, hidden], may be undefined
  at::Tensor experts_gate_up;          // [E, 2I, hidden]; clamped experts: gate and up rows interleaved
  at::Tensor experts_down;             // [E, hidden, I]
  at::Tensor experts_gate_up_bias;     // [E, 2I], may be undefined
  at::Tensor experts_down_bias;        // [E, hidden], may be undefined
};

struct LayerWeights {
  AttentionWeights attention;
  FeedForwardWeights ffn;
};

struct DecoderWeights {
  at::Tensor embedding;  // [V, hidden]
  std::vector<LayerWeights> layers;
  at::Tensor norm;  // [hidden]
  at::Tensor head;  // [V, hidden]; the embedding itself when tied
};

/// Views into `flat` ([flat_size] float32), which they keep alive.
DecoderWeights bind_weights(const DecoderConfig& config, const at::Tensor& flat);

/// The same structure in the kernels' layout (ops::pack_weight of every matrix, of routers and gates for products
/// in float32; norms, biases and the embedding undefined).
DecoderWeights pack_weights(const DecoderWeights& weights, at::ScalarType products = at::kFloat);
/// Packs again in place, after an update.
void repack_weights(DecoderWeights& packed, const DecoderWeights& weights);

/// As transformers initialises: normal(0, initializer_range) from Philox(seed, tensor index, element), norms
/// 1, biases 0, the padding id's embedding 0.
void init_weights(const DecoderConfig& config, uint64_t seed, at::Tensor& flat);

}  // namespace hone
