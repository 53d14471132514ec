#include "model/decoder.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/zeros.h>

#include "model/rope.h"

namespace hone {

using at::Tensor;

KvPages allocate_pages(const DecoderConfig& c, int64_t num_pages, at::Device device,
                       at::ScalarType products) {
  const AttentionConfig& a = c.attention;
  const at::TensorOptions numbers = at::device(device).dtype(products);
  KvPages pages(c.num_layers);
  for (LayerPages& p : pages) {  // zeros: lanes that nobody has written yet must be finite
    p.k = at::zeros({num_pages, a.cached_heads(), a.key_size(), ops::kPageSize}, numbers);
    p.v = at::zeros({num_pages, a.cached_heads(), ops::kPageSize, a.cached_value_size()}, numbers);
  }
  return pages;
}

int64_t page_bytes(const DecoderConfig& c, at::ScalarType products) {
  const AttentionConfig& a = c.attention;
  return c.num_layers * a.cached_heads() * (a.key_size() + a.cached_value_size()) * ops::kPageSize *
         int64_t(c10::elementSize(products));
}

Decoder::Decoder(DecoderConfig config, Tensor flat, at::ScalarType products)
    : config_(std::move(config)),
      flat_(std::move(flat)),
      products_(products),
      weights_(bind_weights(config_, flat_)),
      packed_(pack_weights(weights_, products)) {
  const AttentionConfig& a = config_.attention;
  rope_ =
      ops::rope_tables(rope_frequencies(a.rope, a.rotated_size()), config_.max_positions, a.rope.table_scale);
  rope_ = {rope_.cos.to(device()), rope_.sin.to(device())};
}

void Decoder::weights_changed() { repack_weights(packed_, weights_); }

AttentionContext Decoder::attention_context(int64_t i, const DecoderRows& rows, const Tensor& positions,
                                            KvPages& pages) const {
  return {config_,
          weights_.layers[i].attention,
          packed_.layers[i].attention,
          matrices().layers[i].attention,
          rope_,
          rows,
          pages[i],
          config_.layers[size_t(i)].window,
          positions,
          {}};
}
FeedForwardContext Decoder::ffn_context(int64_t i) const {
  return {config_, weights_.layers[i].ffn, packed_.layers[i].ffn, matrices().layers[i].ffn, config_.is_moe(i),
          {}};
}
/// Units of the rows, where weight gradients are made on tensor cores.
ops::GradientSteps Decoder::gradient_steps(const DecoderRows& rows) const {
  if (products_ == at::kFloat) return {};
  const ops::AttentionLayout& l = rows.layout;
  return ops::gradient_steps(l.row_begin.index_select(0, l.unit_begin), device());
}

Tensor Decoder::forward(const DecoderRows& rows, KvPages& pages, Activations* saved) const {
  if (saved) saved->attention.resize(config_.num_layers), saved->ffn.resize(config_.num_layers);
  Tensor x = ops::embedding(weights_.embedding, rows.ids);
  const Tensor positions = ops::rope_positions(rows.positions, rope_);
  for (int64_t i = 0; i < config_.num_layers; ++i) {
    attention_forward(attention_context(i, rows, positions, pages), x,
                      saved ? &saved->attention[i] : nullptr);
    ffn_forward(ffn_context(i), x, saved ? &saved->ffn[i] : nullptr);
    if (saved && saved->checkpointed) keep_dear(saved->attention[i]), keep_dear(saved->ffn[i]);
  }
  Tensor hidden = at::empty_like(x), rstd = at::empty({x.size(0)}, x.options());
  ops::rms_norm_(hidden, rstd, x, weights_.norm, config_.norm_eps);
  if (saved) saved->x = x, saved->rstd = rstd, saved->hidden = hidden;
  return hidden;
}

void Decoder::backward(const DecoderRows& rows, KvPages& pages, const Activations& saved, Tensor dhidden,
                       const std::vector<Tensor>& dscores, DecoderWeights& gradients) const {
  Tensor dx = at::empty_like(dhidden);
  const Tensor positions = ops::rope_positions(rows.positions, rope_);
  ops::rms_norm_backward_(dx, gradients.norm, dhidden, saved.x, weights_.norm, saved.rstd, false);
  const ops::GradientSteps steps = gradient_steps(rows);
  for (int64_t i = config_.num_layers - 1; i >= 0; --i) {
    LayerWeights& g = gradients.layers[i];
    FeedForwardContext ffn = ffn_context(i);
    FeedForwardSaved of_ffn = saved.ffn[i];
    AttentionContext attention = attention_context(i, rows, positions, pages);
    AttentionSaved of_attention = saved.attention[i];
    ffn.steps = attention.steps = steps;
    if (saved.checkpointed) make_again(ffn, of_ffn);
    ffn_backward(ffn, of_ffn, dscores.empty() ? Tensor() : dscores[i], dx, g.ffn);
    of_ffn = {};
    if (saved.checkpointed) make_again(attention, of_attention);
    attention_backward(attention, of_attention, dx, g.attention);
  }
  ops::embedding_backward_(gradients.embedding, dx, rows.ids);
}

}  // namespace hone
