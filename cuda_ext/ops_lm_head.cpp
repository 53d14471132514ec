// Language-model head: log-probabilities, samples and gradients over a scratch of rows x ids that stays in the cache. Logits are
// linear_'s product of a block of rows and a range of packed panels; cpu/lm_head.h defines what is made of them.
#include <ATen/core/Tensor.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "core/philox.h"
#include "cuda_ext/cpu/lm_head.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"

namespace hone::ops {
namespace {

static_assert(kVocabBlock == cpu::kHeadBlock);
constexpr int64_t kPanel = 32;
constexpr int64_t kRowsAtOnce = 512;
constexpr int64_t kScratch = 1 << 18;        // floats of logits held at a time, unless one block of ids needs more
constexpr int64_t kFilterScratch = 1 << 23;  // floats of whole rows held at a time for filters

/// Sizes and data that all three operators share.
struct Head {
  const Tensor &x, &packed;
  int64_t rows, width, vocab_size;

  Head(const Tensor& x, const Tensor& packed, int64_t vocab_size)
      : x(x), packed(packed), rows(x.size(0)), width(x.size(-1)), vocab_size(vocab_size) {
    TORCH_CHECK(x.is_cpu() && x.scalar_type() == at::kFloat && x.dim() == 2, "lm_head: x: expected float32 [T, K] on the CPU, got ",
                x.scalar_type(), " ", x.sizes());
    TORCH_CHECK(vocab_size >= 1, "lm_head: vocab_size is ", vocab_size, ", expected >= 1");
    TORCH_CHECK(packed.is_contiguous() &&
                    packed.sizes() == at::IntArrayRef({1, (vocab_size + kPanel - 1) / kPanel, width, kPanel}),
                "lm_head: packed: got ", packed.sizes(), ", expected contiguous [1, ceil(V/32), K, 32] of V ", vocab_size, ", K ",
                width);
  }
};

/// Rows [row, row + rows) x ids [id, id + ids): one scratch full of logits.
struct Range {
  int64_t row, rows, id, ids;
};

/// Calls f(range, logits [rows, ids]) for ranges of rows ascending, and within them of ids ascending.
void for_logits(const Head& h, int64_t rows_at_once, const std::function<void(const Range&, Tensor&)>& f) {
  if (h.rows == 0) return;
  const int64_t rows = std::min(h.rows, rows_at_once);
  const int64_t ids = std::min(h.vocab_size, std::max<int64_t>(kScratch / rows / kVocabBlock, 1) * kVocabBlock);
  const Tensor scratch = at::empty({rows, ids}, h.x.options());
  for (int64_t row = 0; row < h.rows; row += rows) {
    for (int64_t id = 0; id < h.vocab_size; id += ids) {
      const Range r{row, std::min(rows, h.rows - row), id, std::min(ids, h.vocab_size - id)};
      Tensor logits = scratch.narrow(0, 0, r.rows).narrow(1, 0, r.ids);
      linear_(logits, h.x.narrow(0, r.row, r.rows), h.packed.narrow(1, r.id / kPanel, (r.ids + kPanel - 1) / kPanel));
      f(r, logits);
    }
  }
}

/// Rows of `ids` logits that are worth a thread.
int64_t grain(int64_t ids) { return std::max<int64_t>(1, 4096 / ids); }

float reciprocal(double temperature) {
  TORCH_CHECK(float(temperature) > 0, "lm_head: temperature is ", temperature, ", expected > 0");
  return 1.0f / float(temperature);
}

const int32_t* check_targets(const Tensor& targets, const Head& h) {
  TORCH_CHECK(targets.is_cpu() && targets.scalar_type() == at::kInt && targets.is_contiguous() && targets.sizes() == h.rows,
              "lm_head: targets: expected contiguous int32 [", h.rows, "], got ", targets.scalar_type(), " ", targets.sizes());
  const int32_t* target = targets.const_data_ptr<int32_t>();
  for (int64_t t = 0; t < h.rows; ++t)
    TORCH_CHECK(target[t] >= 0 && target[t] < h.vocab_size, "lm_head: target ", target[t], " of row ", t, ", expected 0 to ",
                h.vocab_size - 1);
  return target;
}

}  // namespace

TokenScores lm_head_logprobs(const Tensor& x, const Tensor& packed, int64_t vocab_size, const Tensor& targets, double temperature) {
  const Head h(x, packed, vocab_size);
  const int32_t* target = check_targets(targets, h);
  const float scale = reciprocal(temperature);
  TokenScores scores{at::empty({h.rows}, x.options()), at::empty({h.rows}, x.options()), at::empty({h.rows}, x.options())};
  std::vector<cpu::HeadSum> sums(static_cast<size_t>(h.rows));  // [T]
  std::vector<float> z(static_cast<size_t>(h.rows));            // [T] of the target
  for_logits(h, kRowsAtOnce, [&](const Range& r, Tensor& logits) {
    const cpu::HeadScoreParams params{.logits = logits.const_data_ptr<float>(),
                                      .stride = logits.stride(0),
                                      .first_id = r.id,
                                      .num_ids = r.ids,
                                      .scale = scale,
                                      .targets = target + r.row,
                                      .sums = sums.data() + r.row,
                                      .z = z.data() + r.row};
    parallel_for(r.rows, grain(r.ids), [&](int64_t begin, int64_t end) {
      cpu::dispatch([&](auto isa) { cpu::head_score<isa>(params, begin, end); });
    });
  });
  const cpu::HeadFinishParams finish{.sums = sums.data(),
                                     .z = z.data(),
                                     .logprobs = scores.logprobs.data_ptr<float>(),
                                     .lse = scores.lse.data_ptr<float>(),
                                     .entropy = scores.entropy.data_ptr<float>()};
  cpu::dispatch([&](auto isa) { cpu::head_finish<isa>(finish, 0, h.rows); });
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

void lm_head_backward_(Tensor& dx_, Tensor& dw_, const Tensor& dlogprobs, const Tensor& x, const Tensor& w, const Tensor& packed,
                       const Tensor& targets, const TokenScores& scores, double temperature) {
  const Head all(x, packed, w.size(0));
  check_targets(targets, all);
  const float scale = reciprocal(temperature);
  for (const Tensor* v : {&dlogprobs, &scores.lse})
    TORCH_CHECK(v->is_cpu() && v->scalar_type() == at::kFloat && v->is_contiguous() && v->sizes() == all.rows,
                "lm_head_backward_: dlogprobs and lse: expected contiguous float32 [", all.rows, "], got ", v->sizes());
  TORCH_CHECK(dx_.sizes() == x.sizes() && dw_.sizes() == w.sizes(), "lm_head_backward_: dx_ is ", dx_.sizes(), ", dw_ ", dw_.sizes(),
              ", expected the sizes of x ", x.sizes(), " and w ", w.sizes());
  const Tensor kept = rows_with_gradient(dlogprobs);
  const bool whole = kept.numel() == all.rows;
  const auto compact = [&](const Tensor& t) { return whole ? t : t.index_select(0, kept); };
  const Tensor kept_x = compact(x), kept_targets = compact(targets), kept_lse = compact(scores.lse), kept_d = compact(dlogprobs);
  Tensor dx = whole ? dx_ : at::empty_like(kept_x);  // [R, K]

  for_logits(Head(kept_x, packed, w.size(0)), kRowsAtOnce, [&](const Range& r, Tensor& logits) {
    const cpu::HeadGradientParams params{.logits_ = logits.data_ptr<float>(),
                                         .stride = logits.stride(0),
                                         .first_id = r.id,
                                         .num_ids = r.ids,
                                         .scale = scale,
                                         .targets = kept_targets.const_data_ptr<int32_t>() + r.row,
                                         .lse = kept_lse.const_data_ptr<float>() + r.row,
                                         .dlogprobs = kept_d.const_data_ptr<float>() + r.row};
    parallel_for(r.rows, grain(r.ids), [&](int64_t begin, int64_t end) {
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

namespace {

/// What one call keeps of its rows.
struct SampleState {
  std::vector<cpu::HeadSum> sums;    // [T]
  std::vector<cpu::HeadDraw> draws;  // [T]
  std::vector<int64_t> filtered;     // rows that a filter touches, ascending
};

SampleState check_sampling(const RowSampling* rows, const Head& h) {
  SampleState s{.sums = std::vector<cpu::HeadSum>(size_t(h.rows)), .draws = std::vector<cpu::HeadDraw>(size_t(h.rows)), .filtered = {}};
  for (int64_t t = 0; t < h.rows; ++t) {
    const RowSampling& o = rows[t];
    TORCH_CHECK(o.temperature >= 0, "lm_head_sample: temperature of row ", t, " is ", o.temperature, ", expected >= 0");
    TORCH_CHECK(o.top_k >= 0, "lm_head_sample: top_k of row ", t, " is ", o.top_k, ", expected >= 0 (0: off)");
    TORCH_CHECK(o.top_p > 0 && o.top_p <= 1, "lm_head_sample: top_p of row ", t, " is ", o.top_p, ", expected above 0, up to 1");
    TORCH_CHECK(o.min_p >= 0 && o.min_p <= 1, "lm_head_sample: min_p of row ", t, " is ", o.min_p, ", expected 0 to 1");
    const PhiloxKey key = key_of(o.key);
    const bool greedy = o.temperature == 0, filtered = !greedy && !cpu::HeadFilter{o.top_k, o.top_p, o.min_p}.off(h.vocab_size);
    s.draws[size_t(t)] = {.key_lo = key.lo,
                          .key_hi = key.hi,
                          .position = o.position,
                          .greedy = greedy,
                          .skip = filtered,
                          .scale = greedy ? 1.0f : reciprocal(double(o.temperature))};
    if (filtered) s.filtered.push_back(t);
  }
  return s;
}

/// Draws the rows whose whole z is at hand from what their filters leave; z_rows_ [R, V] is overwritten.
void sample_filtered(SampleState& s, const int64_t* row_of, int64_t num_rows, Tensor& z_rows_, const RowSampling* rows) {
  const int64_t vocab_size = z_rows_.size(1);
  parallel_for(num_rows, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const int64_t t = row_of[i];
      float* z = z_rows_.data_ptr<float>() + i * vocab_size;
      cpu::filter_row(z, vocab_size, {rows[t].top_k, rows[t].top_p, rows[t].min_p});
      cpu::HeadDraw& draw = s.draws[size_t(t)];
      draw.skip = false;
      draw.scale = 1;  // z is scaled
      const cpu::HeadSampleParams params{.logits = z,
                                         .stride = vocab_size,
                                         .first_id = 0,
                                         .num_ids = vocab_size,
                                         .sums = &s.sums[size_t(t)],
                                         .draws = &draw};
      cpu::dispatch([&](auto isa) { cpu::head_sample<isa>(params, 0, 1); });
    }
  });
}

}  // namespace

Sampled lm_head_sample(const Tensor& x, const Tensor& packed, int64_t vocab_size, const RowSampling* rows) {
  const Head h(x, packed, vocab_size);
  SampleState s = check_sampling(rows, h);
  const bool filters = !s.filtered.empty();
  const int64_t rows_at_once = filters ? std::clamp<int64_t>(kFilterScratch / vocab_size, 1, kRowsAtOnce) : kRowsAtOnce;
  Tensor z_rows = filters ? at::empty({std::min(rows_at_once, int64_t(s.filtered.size())), vocab_size}, x.options()) : Tensor();
  for_logits(h, rows_at_once, [&](const Range& r, Tensor& logits) {
    const cpu::HeadSampleParams params{.logits = logits.const_data_ptr<float>(),
                                       .stride = logits.stride(0),
                                       .first_id = r.id,
                                       .num_ids = r.ids,
                                       .sums = s.sums.data() + r.row,
                                       .draws = s.draws.data() + r.row};
    parallel_for(r.rows, grain(r.ids), [&](int64_t begin, int64_t end) {
      cpu::dispatch([&](auto isa) { cpu::head_sample<isa>(params, begin, end); });
    });
    const auto first = std::lower_bound(s.filtered.begin(), s.filtered.end(), r.row);
    const auto last = std::lower_bound(first, s.filtered.end(), r.row + r.rows);
    for (auto it = first; it != last; ++it) {
      const float* from = params.logits + (*it - r.row) * params.stride;
      float* to = z_rows.data_ptr<float>() + (it - first) * vocab_size + r.id;
      const float scale = s.draws[size_t(*it)].scale;
      for (int64_t v = 0; v < r.ids; ++v) to[v] = from[v] * scale;
    }
    if (first != last && r.id + r.ids == vocab_size) sample_filtered(s, &*first, last - first, z_rows, rows);
  });
  Sampled sampled{.ids = at::empty({h.rows}, x.options().dtype(at::kInt)), .logprobs = at::empty({h.rows}, x.options())};
  std::vector<float> z(static_cast<size_t>(h.rows));  // [T] of the ids drawn
  for (int64_t t = 0; t < h.rows; ++t) {
    z[size_t(t)] = s.draws[size_t(t)].z;
    sampled.ids.data_ptr<int32_t>()[t] = s.draws[size_t(t)].id;
  }
  const cpu::HeadFinishParams finish{
      .sums = s.sums.data(), .z = z.data(), .logprobs = sampled.logprobs.data_ptr<float>(), .lse = nullptr, .entropy = nullptr};
  cpu::dispatch([&](auto isa) { cpu::head_finish<isa>(finish, 0, h.rows); });
  return sampled;
}

}  // namespace hone::ops
