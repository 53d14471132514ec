// The decoder: embedding, layers, final norm and head over one flat buffer of weights; forward for sampling and for training is
// one program, backward is explicit (docs/adr/0002). Gradients are added to a flat buffer of the same layout.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "model/attention_block.h"
#include "model/ffn_block.h"
#include "model/weights.h"

namespace hone {

/// Pages of all layers, where the weights are, of what matrices are multiplied in (Decoder::products()).
using KvPages = std::vector<LayerPages>;
KvPages allocate_pages(const DecoderConfig& config, int64_t num_pages, at::Device device = at::kCPU,
                       at::ScalarType products = at::kFloat);
int64_t page_bytes(const DecoderConfig& config,
                   at::ScalarType products = at::kFloat);  // of one page, all layers

/// What one training forward keeps for its backward.
struct Activations {
  /// Of each layer only its inputs, what attention made and the experts chosen: the backward pass makes the rest again,
  /// layer by layer, with the same bits (docs/log.md has what that costs).
  bool checkpointed = false;
  std::vector<AttentionSaved> attention;  // [layers]
  std::vector<FeedForwardSaved> ffn;      // [layers]
  at::Tensor x;                           // [T, hidden] before the final norm
  at::Tensor rstd;                        // [T]
  at::Tensor hidden;                      // [T, hidden] after it: input of the head
};

class Decoder {
 public:
  /// flat [flat_size] float32 is shared, not copied; call weights_changed() after writing to it. Everything is computed
  /// on its device. products: what matrices are multiplied in, float32, or on a GPU bfloat16 with float32 sums (a
  /// further copy of the matrices; routers and all other arithmetic stay float32).
  Decoder(DecoderConfig config, at::Tensor flat, at::ScalarType products = at::kFloat);

  const DecoderConfig& config() const { return config_; }
  at::Device device() const { return flat_.device(); }
  at::Tensor& flat() { return flat_; }
  const at::Tensor& flat() const { return flat_; }
  const DecoderWeights& weights() const { return weights_; }
  const DecoderWeights& packed() const { return packed_; }
  /// The matrices that the backward pass multiplies gradients with: those that the forward pass has used.
  const DecoderWeights& matrices() const { return device().is_cpu() ? weights_ : packed_; }
  at::ScalarType products() const { return products_; }
  void weights_changed();

  KvPages allocate_pages(int64_t num_pages) const {
    return hone::allocate_pages(config_, num_pages, device(), products_);
  }
  int64_t page_bytes() const { return hone::page_bytes(config_, products_); }

  /// Runs the rows, writes their keys and values to pages, returns the head's input [T, hidden]. saved may be null.
  at::Tensor forward(const DecoderRows& rows, KvPages& pages, Activations* saved = nullptr) const;

  /// dhidden [T, hidden] (consumed) is the gradient of forward's result. dscores, if not empty, has a balance loss's gradient on the
  /// router scores of each layer (undefined for dense layers). Weight gradients are added to `gradients` (bound over a flat buffer).
  void backward(const DecoderRows& rows, KvPages& pages, const Activations& saved, at::Tensor dhidden,
                const std::vector<at::Tensor>& dscores, DecoderWeights& gradients) const;

 private:
  AttentionContext attention_context(int64_t layer, const DecoderRows& rows, const at::Tensor& positions,
                                     KvPages& pages) const;
  FeedForwardContext ffn_context(int64_t layer) const;
  ops::GradientSteps gradient_steps(const DecoderRows& rows) const;

  DecoderConfig config_;
  at::Tensor flat_;  // [flat_size]
  at::ScalarType products_;
  DecoderWeights weights_;  // views of flat_
  DecoderWeights packed_;
  ops::RopeTables rope_;
};

}  // namespace hone
