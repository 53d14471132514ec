#include "model/attention_block.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

namespace hone {
namespace {

using at::Tensor;

Tensor rows_like(const Tensor& x, at::IntArrayRef shape) { return at::empty(shape, x.options()); }

/// Keys and values of one call, before they go to the pages.
struct KeyValue {
  Tensor k;  // [T, J, Dk]
  Tensor v;  // [T, J, Dv]
};

/// The columns of q, k and v in the fused projection's rows [T, (H + 2J) D], as heads.
struct Projections {
  Tensor q, k, v;  // [T, H, D], [T, J, D], [T, J, D] views
};
Projections split_heads(const Tensor& rows, const AttentionConfig& a) {
  const int64_t T = rows.size(0), H = a.num_heads, J = a.num_key_heads, D = a.head_size;
  return {columns(rows, 0, H * D).view({T, H, D}), columns(rows, H * D, J * D).view({T, J, D}),
          columns(rows, (H + J) * D, J * D).view({T, J, D})};
}

/// x [T, heads, D] for the norm: head by head, or all heads of a row as one.
Tensor norm_rows(const AttentionConfig& a, const Tensor& x) {
  return a.qk_norm == AttentionConfig::QkNorm::kHead ? x : x.view({x.size(0), -1});
}

/// The normed x, and rstd.
Tensor qk_normed(const AttentionContext& c, const Tensor& x, const Tensor& weight, Tensor& rstd) {
  const Tensor rows = norm_rows(c.config.attention, x);
  Tensor out = rows_like(x, rows.sizes());
  rstd = rows_like(x, rows.sizes().slice(0, rows.dim() - 1));
  ops::rms_norm_(out, rstd, rows, weight, c.config.norm_eps);
  return out.view(x.sizes());
}

/// x clamped; a copy, since the backward pass has to know what was.
Tensor clipped(const AttentionConfig& a, const Tensor& x) {
  Tensor out = rows_like(x, x.sizes()), flat = out.view({x.size(0), -1});
  ops::clamp_(flat, x.view({x.size(0), -1}), a.clip_qkv);
  return out;
}

/// q and k from the fused projection: norms and clipping where the architecture has them, then the rotary
/// embedding.
KeyValue gqa_project(const AttentionContext& c, AttentionSaved& s) {
  const AttentionConfig& a = c.config.attention;
  Projections p = split_heads(s.in, a);
  if (a.qk_norm != AttentionConfig::QkNorm::kNone) {
    p.q = qk_normed(c, p.q, c.weights.q_norm, s.q_rstd);
    p.k = qk_normed(c, p.k, c.weights.k_norm, s.k_rstd);
  }
  if (a.clip_qkv > 0) p.q = clipped(a, p.q), p.k = clipped(a, p.k), p.v = clipped(a, p.v);
  ops::rope_(p.q, c.positions, c.rope, a.rope.interleaved, false);
  ops::rope_(p.k, c.positions, c.rope, a.rope.interleaved, false);
  s.q = s.query = p.q;
  return {p.k, p.v};
}

/// Queries into latent space, keys as [normed latent | rotated key].
KeyValue mla_project(const AttentionContext& c, AttentionSaved& s) {
  const AttentionConfig& a = c.config.attention;
  const int64_t T = s.in.size(0), H = a.num_heads, R = a.kv_lora_rank, P = a.rope_size, D = a.nope_size + P;
  const int64_t q_columns = a.q_lora_rank ? a.q_lora_rank : H * D;
  Tensor q = columns(s.in, 0, q_columns);
  if (a.q_lora_rank) {
    s.q_latent = rows_like(s.in, {T, a.q_lora_rank}), s.q_rstd = rows_like(s.in, {T});
    ops::rms_norm_(s.q_latent, s.q_rstd, q, c.weights.q_latent_norm, c.config.latent_norm_eps);
    q = rows_like(s.in, {T, H * D});
    ops::linear_(q, s.q_latent, c.packed.q_up);
  }
  s.q = q.view({T, H, D});
  Tensor q_rope = columns(s.q, a.nope_size, P);
  ops::rope_(q_rope, c.positions, c.rope, a.rope.interleaved, false);

  s.query = rows_like(s.in, {T, H, R + P});
  Tensor q_absorbed = columns(s.query, 0, R);
  ops::linear_(q_absorbed, columns(s.q, 0, a.nope_size), c.packed.key_up);
  columns(s.query, R, P).copy_(q_rope);

  Tensor key = rows_like(s.in, {T, 1, R + P}), flat_key = key.view({T, R + P});
  Tensor latent = columns(flat_key, 0, R), k_rope = columns(key, R, P);
  s.k_rstd = rows_like(s.in, {T});
  ops::rms_norm_(latent, s.k_rstd, columns(s.in, q_columns, R), c.weights.kv_latent_norm,
                 c.config.latent_norm_eps);
  columns(flat_key, R, P).copy_(columns(s.in, q_columns + R, P));
  ops::rope_(k_rope, c.positions, c.rope, a.rope.interleaved, false);
  return {key, columns(key, 0, R)};
}

/// d_ = 0 where x, before clipping, was outside.
void clip_backward(const AttentionConfig& a, Tensor& d_, const Tensor& x) {
  Tensor flat = d_.view({d_.size(0), -1});
  ops::clamp_backward_(flat, x.view({x.size(0), -1}), a.clip_qkv);
}

/// From the gradient of one projection's heads (norm, clipping) to that of its columns din.
void qk_backward(const AttentionContext& c, Tensor din, Tensor& d, const Tensor& x, const Tensor& weight,
                 const Tensor& rstd, Tensor& dweight) {
  const AttentionConfig& a = c.config.attention;
  const bool normed = a.qk_norm != AttentionConfig::QkNorm::kNone;
  Tensor again;  // rstd, as the forward pass had it
  if (a.clip_qkv > 0) clip_backward(a, d, normed ? qk_normed(c, x, weight, again) : x);
  if (!normed) {
    din.copy_(d);
    return;
  }
  Tensor rows = norm_rows(a, din);
  ops::rms_norm_backward_(rows, dweight, norm_rows(a, d), norm_rows(a, x), weight, rstd, false);
}

/// From dq [T, H, D] and dk, dv [T, J, D] (gradients of what attention saw) to din [T, in].
Tensor gqa_project_backward(const AttentionContext& c, const AttentionSaved& s, Tensor& dq, Tensor& dk,
                            Tensor& dv, AttentionWeights& g) {
  const AttentionConfig& a = c.config.attention;
  ops::rope_(dq, c.positions, c.rope, a.rope.interleaved, true);
  ops::rope_(dk, c.positions, c.rope, a.rope.interleaved, true);
  Tensor din = rows_like(s.in, s.in.sizes());
  const Projections to = split_heads(din, a), x = split_heads(s.in, a);
  qk_backward(c, to.q, dq, x.q, c.weights.q_norm, s.q_rstd, g.q_norm);
  qk_backward(c, to.k, dk, x.k, c.weights.k_norm, s.k_rstd, g.k_norm);
  if (a.clip_qkv > 0) clip_backward(a, dv, x.v);
  to.v.copy_(dv);
  return din;
}

Tensor mla_project_backward(const AttentionContext& c, const AttentionSaved& s, Tensor& dquery, Tensor& dk,
                            Tensor& dv, AttentionWeights& g) {
  const AttentionConfig& a = c.config.attention;
  const int64_t T = s.in.size(0), H = a.num_heads, R = a.kv_lora_rank, P = a.rope_size, D = a.nope_size + P;
  const int64_t q_columns = a.q_lora_rank ? a.q_lora_rank : H * D;
  Tensor din = rows_like(s.in, s.in.sizes());

  Tensor dq = a.q_lora_rank ? rows_like(s.in, {T, H, D}) : columns(din, 0, q_columns).view({T, H, D});
  Tensor dq_nope = columns(dq, 0, a.nope_size), dq_rope = columns(dq, a.nope_size, P);
  ops::linear_backward_input_(dq_nope, columns(dquery, 0, R), c.matrices.key_up, false);
  ops::linear_backward_weight_(g.key_up, columns(dquery, 0, R), columns(s.q, 0, a.nope_size), c.steps);
  dq_rope.copy_(columns(dquery, R, P));
  ops::rope_(dq_rope, c.positions, c.rope, a.rope.interleaved, true);
  if (a.q_lora_rank) {
    const Tensor dq_flat = dq.view({T, H * D});
    Tensor dlatent = rows_like(s.in, {T, a.q_lora_rank}), din_q = columns(din, 0, q_columns);
    ops::linear_backward_input_(dlatent, dq_flat, c.matrices.q_up, false);
    ops::linear_backward_weight_(g.q_up, dq_flat, s.q_latent, c.steps);
    ops::rms_norm_backward_(din_q, g.q_latent_norm, dlatent, columns(s.in, 0, q_columns),
                            c.weights.q_latent_norm, s.q_rstd, false);
  }

  Tensor dk_flat = dk.view({T, R + P}), dlatent = columns(dk_flat, 0, R), dk_rope = columns(dk, R, P);
  ops::add_(dlatent, dv.view({T, R}));
  Tensor din_latent = columns(din, q_columns, R);
  ops::rms_norm_backward_(din_latent, g.kv_latent_norm, dlatent, columns(s.in, q_columns, R),
                          c.weights.kv_latent_norm, s.k_rstd, false);
  ops::rope_(dk_rope, c.positions, c.rope, a.rope.interleaved, true);
  columns(din, q_columns + R, P).copy_(columns(dk_flat, R, P));
  return din;
}

/// From the block's input to what attention sees.
KeyValue project(const AttentionContext& c, const Tensor& x, AttentionSaved& s) {
  s.rstd = rows_like(x, {x.size(0)}), s.normed = at::empty_like(x);
  ops::rms_norm_(s.normed, s.rstd, x, c.weights.norm, c.config.norm_eps);
  s.in = rows_like(x, {x.size(0), c.weights.in.size(0)});
  ops::linear_(s.in, s.normed, c.packed.in, c.weights.in_bias);
  return c.config.attention.is_mla() ? mla_project(c, s) : gqa_project(c, s);
}

/// From what attention gives to the output projection's input.
void mix(const AttentionContext& c, AttentionSaved& s) {
  const AttentionConfig& a = c.config.attention;
  const int64_t T = s.attended.size(0);
  s.mixed = s.attended.view({T, -1});
  if (!a.is_mla()) return;
  s.mixed = rows_like(s.attended, {T, a.output_size()});
  Tensor heads = s.mixed.view({T, a.num_heads, a.value_size});
  ops::linear_(heads, s.attended, c.packed.value_up);
}

}  // namespace

void keep_dear(AttentionSaved& s) {
  AttentionSaved kept;
  kept.x = s.x, kept.attended = s.attended, kept.lse = s.lse;
  s = std::move(kept);
}

void make_again(const AttentionContext& c, AttentionSaved& s) {
  project(c, s.x, s);
  mix(c, s);
}

void attention_forward(const AttentionContext& c, Tensor& x_, AttentionSaved* saved) {
  const AttentionConfig& a = c.config.attention;
  const int64_t T = x_.size(0), H = a.num_heads;
  AttentionSaved local;
  AttentionSaved& s = saved ? *saved : local;
  if (saved) s.x = x_.clone();
  const KeyValue kv = project(c, x_, s);
  ops::write_pages_(c.pages.k, c.pages.v, kv.k, kv.v, c.rows.layout);
  s.attended = rows_like(x_, {T, H, a.cached_value_size()});
  if (saved) s.lse = rows_like(x_, {T, H});
  ops::paged_attention_(s.attended, s.lse, s.query, c.pages.k, c.pages.v, c.rows.layout, a.scale(), c.window,
                        c.weights.sinks);

  mix(c, s);
  Tensor y = at::empty_like(x_);
  ops::linear_(y, s.mixed, c.packed.out, c.weights.out_bias);
  ops::add_(x_, y);
}

void attention_backward(const AttentionContext& c, const AttentionSaved& s, Tensor& dx_,
                        AttentionWeights& g) {
  const AttentionConfig& a = c.config.attention;
  const int64_t T = dx_.size(0), H = a.num_heads;
  Tensor dmixed = at::empty_like(s.mixed);
  ops::linear_backward_input_(dmixed, dx_, c.matrices.out, false);
  ops::linear_backward_weight_(g.out, dx_, s.mixed, c.steps);
  if (g.out_bias.defined()) ops::linear_backward_bias_(g.out_bias, dx_);

  Tensor dattended = dmixed.view({T, H, -1});
  if (a.is_mla()) {
    const Tensor dheads = dattended;
    dattended = at::empty_like(s.attended);
    ops::linear_backward_input_(dattended, dheads, c.matrices.value_up, false);
    ops::linear_backward_weight_(g.value_up, dheads, s.attended, c.steps);
  }
  Tensor dquery = rows_like(dx_, s.query.sizes());
  Tensor dk = rows_like(dx_, {T, a.cached_heads(), a.key_size()}),
         dv = rows_like(dx_, {T, a.cached_heads(), a.cached_value_size()});
  ops::paged_attention_backward_(dquery, dk, dv, dattended, s.query, c.pages.k, c.pages.v, s.attended, s.lse,
                                 c.rows.layout, a.scale(), c.window);
  if (g.sinks.defined())
    ops::attention_sinks_backward_(g.sinks, dattended, s.attended, s.lse, c.weights.sinks);

  const Tensor din = (a.is_mla() ? mla_project_backward : gqa_project_backward)(c, s, dquery, dk, dv, g);
  if (g.in_bias.defined()) ops::linear_backward_bias_(g.in_bias, din);
  ops::linear_backward_weight_(g.in, din, s.normed, c.steps);
  Tensor dnormed = at::empty_like(dx_);
  ops::linear_backward_input_(dnormed, din, c.matrices.in, false);
  ops::rms_norm_backward_(dx_, g.norm, dnormed, s.x, c.weights.norm, s.rstd, true);
}

}  // namespace hone
