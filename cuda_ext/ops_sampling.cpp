// Sampling from the language-model head: one pass over the logits draws a row and scores what was drawn; rows
// with filters keep their logits for the moment between.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <vector>

#include "core/philox.h"
#include "cuda_ext/cpu/lm_head.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/gpu_lm_head.h"
#include "cuda_ext/head_logits.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"

namespace hone::ops {
namespace {

/// What one call keeps of its rows.
struct SampleState {
  std::vector<cpu::HeadSum> sums;    // [T]
  std::vector<cpu::HeadDraw> draws;  // [T]
  std::vector<int64_t> filtered;     // rows that a filter touches, ascending
};

SampleState check_sampling(const RowSampling* rows, const Head& h) {
  SampleState s{.sums = std::vector<cpu::HeadSum>(size_t(h.rows)),
                .draws = std::vector<cpu::HeadDraw>(size_t(h.rows)),
                .filtered = {}};
  for (int64_t t = 0; t < h.rows; ++t) {
    const RowSampling& o = rows[t];
    TORCH_CHECK(o.temperature >= 0, "lm_head_sample: temperature of row ", t, " is ", o.temperature,
                ", expected >= 0");
    TORCH_CHECK(o.top_k >= 0, "lm_head_sample: top_k of row ", t, " is ", o.top_k,
                ", expected >= 0 (0: off)");
    TORCH_CHECK(o.top_p > 0 && o.top_p <= 1, "lm_head_sample: top_p of row ", t, " is ", o.top_p,
                ", expected above 0, up to 1");
    TORCH_CHECK(o.min_p >= 0 && o.min_p <= 1, "lm_head_sample: min_p of row ", t, " is ", o.min_p,
                ", expected 0 to 1");
    const PhiloxKey key = key_of(o.key);
    const bool greedy = o.temperature == 0,
               filtered = !greedy && !cpu::HeadFilter{o.top_k, o.top_p, o.min_p}.off(h.vocab_size);
    s.draws[size_t(t)] = {.key_lo = key.lo,
                          .key_hi = key.hi,
                          .position = o.position,
                          .greedy = greedy,
                          .skip = filtered,
                          .scale = greedy ? 1.0f : inverse_temperature(double(o.temperature))};
    if (filtered) s.filtered.push_back(t);
  }
  return s;
}

/// Draws the rows whose whole z is at hand from what their filters leave; z_rows_ [R, V] is overwritten.
void sample_filtered(SampleState& s, const int64_t* row_of, int64_t num_rows, Tensor& z_rows_,
                     const RowSampling* rows) {
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
  Sampled sampled{.ids = at::empty({h.rows}, x.options().dtype(at::kInt)),
                  .logprobs = at::empty({h.rows}, x.options())};
  if (ran_on_gpu("lm_head_sample", {{"x", x}, {"packed", packed}}, [&](auto stream) {
        std::vector<cpu::HeadFilter> of_filtered;
        for (const int64_t t : s.filtered)
          of_filtered.push_back({rows[t].top_k, rows[t].top_p, rows[t].min_p});
        gpu_head_sample(sampled, h, {s.draws, s.filtered, of_filtered}, stream);
      }))
    return sampled;
  const int64_t rows_at_once =
      filters ? std::clamp<int64_t>(kFilterScratch / vocab_size, 1, kHeadRows) : kHeadRows;
  Tensor z_rows =
      filters ? at::empty({std::min(rows_at_once, int64_t(s.filtered.size())), vocab_size}, x.options())
              : Tensor();
  for_logits(h, rows_at_once, [&](const HeadRange& r, Tensor& logits) {
    const cpu::HeadSampleParams params{.logits = logits.const_data_ptr<float>(),
                                       .stride = logits.stride(0),
                                       .first_id = r.id,
                                       .num_ids = r.ids,
                                       .sums = s.sums.data() + r.row,
                                       .draws = s.draws.data() + r.row};
    parallel_for(r.rows, head_grain(r.ids), [&](int64_t begin, int64_t end) {
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
  std::vector<float> z(static_cast<size_t>(h.rows));  // [T] of the ids drawn
  for (int64_t t = 0; t < h.rows; ++t) {
    z[size_t(t)] = s.draws[size_t(t)].z;
    sampled.ids.data_ptr<int32_t>()[t] = s.draws[size_t(t)].id;
  }
  const cpu::HeadFinishParams finish{.sums = s.sums.data(),
                                     .z = z.data(),
                                     .logprobs = sampled.logprobs.data_ptr<float>(),
                                     .lse = nullptr,
                                     .entropy = nullptr};
  parallel_for(h.rows, 256, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::head_finish<isa>(finish, begin, end); });
  });
  return sampled;
}

}  // namespace hone::ops
