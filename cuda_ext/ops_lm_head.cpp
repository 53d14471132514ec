// Language-model head: log-probabilities of targets and their gradients. The log-probabilities pass over the
// logits once and the backward pass makes them again; neither holds more than a scratch of them.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <vector>

#include "cuda_ext/cpu/lm_head.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/gpu_lm_head.h"
#include "cuda_ext/head_logits.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"

namespace hone::ops {
namespace {

static_assert(kVocabBlock == cpu::kHeadBlock);

const int32_t* check_targets(const Tensor& targets, const Head& h) {
  TORCH_CHECK(targets.is_cpu() && targets.scalar_type() == at::kInt && targets.is_contiguous() &&
                  targets.sizes() == h.rows,
              "lm_head: targets: expected contiguous int32 [", h.rows, "], got ", targets.scalar_type(), " ",
              targets.sizes());
  const int32_t* target = targets.const_data_ptr<int32_t>();
  for (int64_t t = 0; t < h.rows; ++t)
    TORCH_CHECK(target[t] >= 0 && target[t] < h.vocab_size, "lm_head: target ", target[t], " of row ", t,
                ", expected 0 to ", h.vocab_size - 1);
  return target;
}

}  // namespace

TokenScores lm_head_logprobs(const Tensor& x, const Tensor& packed, int64_t vocab_size, const Tensor& targets,
                             double temperature) {
  const Head h(x, packed, vocab_size);
  const int32_t* target = check_targets(targets, h);
  const float scale = inverse_temperature(temperature);
  TokenScores scores{at::empty({h.rows}, x.options()), at::empty({h.rows}, x.options()),
                     at::empty({h.rows}, x.options())};
  if (ran_on_gpu("lm_head_logprobs", {{"x", x}, {"packed", packed}},
                 [&](auto stream) { gpu_head_scores(scores, h, target, scale, stream); }))
    return scores;
  std::vector<cpu::HeadSum> sums(static_cast<size_t>(h.rows));  // [T]
  std::vector<float> z(static_cast<size_t>(h.rows));            // [T] of the target
  for_logits(h, kHeadRows, [&](const HeadRange& r, Tensor& logits) {
    const cpu::HeadScoreParams params{.logits = logits.const_data_ptr<float>(),
                                      .stride = logits.stride(0),
                                      .first_id = r.id,
                                      .num_ids = r.ids,
                                      .scale = scale,
                                      .targets = target + r.row,
                                      .sums = sums.data() + r.row,
                                      .z = z.data() + r.row};
    parallel_for(r.rows, head_grain(r.ids), [&](int64_t begin, int64_t end) {
      cpu::dispatch([&](auto isa) { cpu::head_score<isa>(params, begin, end); });
    });
  });
  const cpu::HeadFinishParams finish{.sums = sums.data(),
                                     .z = z.data(),
                                     .logprobs = scores.logprobs.data_ptr<float>(),
                                     .lse = scores.lse.data_ptr<float>(),
                                     .entropy = scores.entropy.data_ptr<float>()};
  parallel_for(h.rows, 256, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::head_finish<isa>(finish, begin, end); });
  });
  return scores;
}

namespace {

/// Ascending indices of the rows whose dlogprob is not 0, as int64 [R].
Tensor rows_with_gradient(const Tensor& dlogprobs) {
  const float* d = dlogprobs.const_data_ptr<float>();
  Tensor rows = at::empty({dlogprobs.numel()}, dlogprobs.options().dtype(at::kLong));
  int64_t* row = rows.data_ptr<int64_t>();
  int64_t count = 0;
  for (int64_t t = 0; t < dlogprobs.numel(); ++t)
    if (d[t] != 0) row[count++] = t;
  return rows.narrow(0, 0, count);
}

}  // namespace

void lm_head_backward_(Tensor& dx_, Tensor& dw_, const Tensor& dlogprobs, const Tensor& x, const Tensor& w,
                       const Tensor& packed, const Tensor& targets, const TokenScores& scores,
                       double temperature, const GradientSteps& steps) {
  const Head all(x, packed, w.size(0));
  check_targets(targets, all);
  const float scale = inverse_temperature(temperature);
  for (const Tensor* v : {&dlogprobs, &scores.lse})
    TORCH_CHECK(v->scalar_type() == at::kFloat && v->is_contiguous() && v->sizes() == all.rows,
                "lm_head_backward_: dlogprobs and lse: expected contiguous float32 [", all.rows, "], got ",
                v->sizes());
  TORCH_CHECK(dx_.sizes() == x.sizes() && dw_.sizes() == w.sizes(), "lm_head_backward_: dx_ is ", dx_.sizes(),
              ", dw_ ", dw_.sizes(), ", expected the sizes of x ", x.sizes(), " and w ", w.sizes());
  if (ran_on_gpu("lm_head_backward_",
                 {{"x", x},
                  {"dx", dx_},
                  {"dw", dw_},
                  {"dlogprobs", dlogprobs},
                  {"w", w},
                  {"packed", packed},
                  {"lse", scores.lse}},
                 [&](auto stream) {
                   gpu_head_backward({.dx = dx_,
                                      .dw = dw_,
                                      .dlogprobs = dlogprobs,
                                      .w = packed.select(0, 0),
                                      .targets = targets,
                                      .lse = scores.lse,
                                      .scale = scale,
                                      .steps = steps},
                                     all, stream);
                 }))
    return;
  const Tensor kept = rows_with_gradient(dlogprobs);
  const bool whole = kept.numel() == all.rows;
  const auto compact = [&](const Tensor& t) { return whole ? t : t.index_select(0, kept); };
  const Tensor kept_x = compact(x), kept_targets = compact(targets), kept_lse = compact(scores.lse),
               kept_d = compact(dlogprobs);
  Tensor dx = whole ? dx_ : at::empty_like(kept_x);  // [R, K]

  for_logits(Head(kept_x, packed, w.size(0)), kHeadRows, [&](const HeadRange& r, Tensor& logits) {
    const cpu::HeadGradientParams params{.logits_ = logits.data_ptr<float>(),
                                         .stride = logits.stride(0),
                                         .first_id = r.id,
                                         .num_ids = r.ids,
                                         .scale = scale,
                                         .targets = kept_targets.const_data_ptr<int32_t>() + r.row,
                                         .lse = kept_lse.const_data_ptr<float>() + r.row,
                                         .dlogprobs = kept_d.const_data_ptr<float>() + r.row};
    parallel_for(r.rows, head_grain(r.ids), [&](int64_t begin, int64_t end) {
      cpu::dispatch([&](auto isa) { cpu::head_gradient<isa>(params, begin, end); });
    });
    Tensor dx_rows = dx.narrow(0, r.row, r.rows), dw_rows = dw_.narrow(0, r.id, r.ids);
    linear_backward_input_(dx_rows, logits, w.narrow(0, r.id, r.ids), r.id > 0);
    linear_backward_weight_(dw_rows, logits, kept_x.narrow(0, r.row, r.rows));
  });
  if (!whole) {
    dx_.zero_();
    dx_.index_copy_(0, kept, dx);
  }
}

}  // namespace hone::ops
