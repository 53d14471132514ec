#include "cuda_ext/gpu_lm_head.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "cuda_ext/cuda/gemm.h"
#include "cuda_ext/cuda/lm_head.h"
#include "cuda_ext/cuda/weight_gradient.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/gpu_gemm.h"

namespace hone::ops {
namespace {

/// Memory for n Ts beside x.
template <class T>
class Scratch {
 public:
  Scratch(const at::Tensor& x, int64_t n)
      : bytes_(at::empty({n * int64_t(sizeof(T))}, x.options().dtype(at::kByte))) {}
  T* data() const { return static_cast<T*>(bytes_.data_ptr()); }

 private:
  at::Tensor bytes_;
};

int64_t most_parts(const Head& h, int64_t rows) { return cuda::head_parts(rows, ids_at_once(h, rows)); }

/// Sums that have seen nothing, on the device.
cpu::HeadSum* fresh_sums(Uploads& up, int64_t rows) {
  return const_cast<cpu::HeadSum*>(up(std::vector<cpu::HeadSum>(size_t(rows))));
}

/// Rows that take part, in their order: which they are, and where each stands.
struct TakenRows {
  int64_t most, at_once;  // at most so many, in chunks
  at::Tensor position;    // [T] int32, -1: left out
  at::Tensor offsets;     // [chunks, 2] int64 rows of each chunk, from 0
  int64_t chunks() const { return (most + at_once - 1) / at_once; }
};
/// Those with a gradient; or all, at their links: chunks are whole steps.
TakenRows taken_rows(const GpuHeadGradient& g, const Head& h, cuda::Stream stream) {
  static_assert(kGpuHeadRows % 16 == 0);
  TakenRows t{.most = g.steps.defined() ? g.steps.links.numel() : h.rows,
              .at_once = 0,
              .position = {},
              .offsets = {}};
  t.at_once = std::min(t.most, kGpuHeadRows);
  const auto longs = h.x.options().dtype(at::kLong);
  if (g.steps.defined()) {
    TORCH_CHECK(g.steps.position.numel() == h.rows, "lm_head_backward_: gradient steps of ",
                g.steps.position.numel(), " rows, got ", h.rows);
    std::vector<int64_t> offsets;
    for (int64_t c = 0; c < t.chunks(); ++c)
      offsets.insert(offsets.end(), {0, std::min(t.at_once, t.most - c * t.at_once)});
    t.position = g.steps.position;
    t.offsets = upload_bytes(offsets.data(), offsets.size() * sizeof(int64_t), h.x).view(at::kLong);
    return t;
  }
  const at::Tensor order = at::empty({h.rows}, h.x.options().dtype(at::kInt));
  t.position = at::empty_like(order), t.offsets = at::empty({t.chunks(), 2}, longs);
  cuda::head_rows({.dlogprobs = g.dlogprobs.const_data_ptr<float>(),
                   .rows = h.rows,
                   .chunk_rows = t.at_once,
                   .order = order.data_ptr<int32_t>(),
                   .position = t.position.data_ptr<int32_t>(),
                   .offsets = t.offsets.data_ptr<int64_t>()},
                  stream);
  return t;
}

/// One chunk of the rows that take part: rows of its products are group [offsets[0], offsets[1]).
struct Chunk {
  const int64_t* offsets;
  int64_t rows;  // at most
  const float* x;
  float* dx;
};

/// logits, their gradient, and from there dx and dw, for one range of ids.
void range_backward(const GpuHeadGradient& g, const Chunk& c, const cpu::HeadGradientParams& logits,
                    cuda::Stream stream) {
  const int64_t K = g.w.size(1), n = logits.num_ids;
  const at::Tensor w = g.w.narrow(0, logits.first_id, n);
  cuda::GemmParams forward{.a = c.x, .a_row = K, .b_col = w.stride(0)};
  forward.c = logits.logits_, forward.c_row = logits.stride, forward.m = c.rows, forward.n = n, forward.k = K;
  forward.grouped = cuda::Grouped::rows, forward.offsets = c.offsets;
  gpu_gemm(forward, w, stream);
  cuda::head_gradient(logits, c.rows, stream);
  cuda::GemmParams input{.a = logits.logits_, .a_row = logits.stride, .b_k = w.stride(0), .b_col = 1};
  input.c = c.dx, input.c_row = K, input.m = c.rows, input.n = K, input.k = n;
  input.accumulate = logits.first_id > 0, input.grouped = cuda::Grouped::rows, input.offsets = c.offsets;
  gpu_gemm(input, w, stream);
  float* dw = g.dw.data_ptr<float>() + logits.first_id * g.dw.stride(0);
  if (g.steps.defined())
    return cuda::weight_gradient({.a = logits.logits_,
                                  .a_row = logits.stride,
                                  .b = c.x,
                                  .b_row = K,
                                  .c = dw,
                                  .c_row = g.dw.stride(0),
                                  .m = n,
                                  .n = K,
                                  .num_links = c.rows},
                                 stream);
  cuda::GemmParams weight{
      .a = logits.logits_, .a_row = 1, .a_k = logits.stride, .b = c.x, .b_k = K, .b_col = 1};
  weight.c = dw, weight.c_row = g.dw.stride(0);
  weight.m = n, weight.n = K, weight.k = c.rows, weight.accumulate = true;
  weight.grouped = cuda::Grouped::depth, weight.offsets = c.offsets;
  cuda::gemm(weight, stream);
}

}  // namespace

void gpu_head_scores(TokenScores& scores_, const Head& h, const int32_t* targets, float scale,
                     cuda::Stream stream) {
  if (h.rows == 0) return;
  Uploads up(h.x);
  const int32_t* target = up(targets, size_t(h.rows));
  cpu::HeadSum* sums = fresh_sums(up, h.rows);
  const at::Tensor z = at::empty({h.rows}, h.x.options());  // of the target
  const Scratch<cuda::HeadPart> parts(h.x, most_parts(h, std::min(h.rows, kGpuHeadRows)));
  for_logits(h, kGpuHeadRows, [&](const HeadRange& r, at::Tensor& logits) {
    cuda::head_score({.logits = logits.const_data_ptr<float>(),
                      .stride = logits.stride(0),
                      .first_id = r.id,
                      .num_ids = r.ids,
                      .scale = scale,
                      .targets = target + r.row,
                      .sums = sums + r.row,
                      .z = z.data_ptr<float>() + r.row},
                     r.rows, parts.data(), stream);
  });
  cuda::head_finish({.sums = sums,
                     .z = z.const_data_ptr<float>(),
                     .logprobs = scores_.logprobs.data_ptr<float>(),
                     .lse = scores_.lse.data_ptr<float>(),
                     .entropy = scores_.entropy.data_ptr<float>()},
                    h.rows, stream);
}

void gpu_head_backward(const GpuHeadGradient& g, const Head& h, cuda::Stream stream) {
  if (h.rows == 0) return;
  TORCH_CHECK(g.w.stride(1) == 1 && g.dw.stride(1) == 1 && g.dx.stride(1) == 1 && h.x.stride(1) == 1,
              "lm_head_backward_: expected contiguous rows of x, w, dx and dw");
  const int64_t T = h.rows, K = h.x.size(1);
  Uploads up(h.x);
  const TakenRows taken = taken_rows(g, h, stream);
  const int64_t most = taken.most, rows = taken.at_once;
  const auto floats = h.x.options();  // zeros: links without a row have no gradient
  const at::Tensor targets = at::zeros({most}, floats.dtype(at::kInt)), x = at::zeros({most, K}, floats),
                   dx = at::empty_like(x), lse = at::zeros({most}, floats),
                   dlogprobs = at::zeros({most}, floats);
  cuda::head_gather({.position = taken.position.const_data_ptr<int32_t>(),
                     .rows = T,
                     .width = K,
                     .x = h.x.const_data_ptr<float>(),
                     .x_stride = h.x.stride(0),
                     .targets = up.operator()<int32_t>(g.targets),
                     .lse = g.lse.const_data_ptr<float>(),
                     .dlogprobs = g.dlogprobs.const_data_ptr<float>(),
                     .kept_x = x.data_ptr<float>(),
                     .kept_targets = targets.data_ptr<int32_t>(),
                     .kept_lse = lse.data_ptr<float>(),
                     .kept_dlogprobs = dlogprobs.data_ptr<float>()},
                    stream);
  const int64_t ids = ids_at_once(h, rows);
  const at::Tensor logits = at::empty({rows, ids}, h.x.options());
  for (int64_t c = 0; c < taken.chunks(); ++c) {
    const int64_t first = c * rows;
    const Chunk chunk{.offsets = taken.offsets.const_data_ptr<int64_t>() + 2 * c,
                      .rows = std::min(rows, most - first),
                      .x = x.const_data_ptr<float>() + first * K,
                      .dx = dx.data_ptr<float>() + first * K};
    for (int64_t id = 0; id < h.vocab_size; id += ids)
      range_backward(g, chunk,
                     {.logits_ = logits.data_ptr<float>(),
                      .stride = ids,
                      .first_id = id,
                      .num_ids = std::min(ids, h.vocab_size - id),
                      .scale = g.scale,
                      .targets = targets.const_data_ptr<int32_t>() + first,
                      .lse = lse.const_data_ptr<float>() + first,
                      .dlogprobs = dlogprobs.const_data_ptr<float>() + first},
                     stream);
  }
  cuda::head_scatter({.position = taken.position.const_data_ptr<int32_t>(),
                      .rows = T,
                      .width = K,
                      .kept_dx = dx.const_data_ptr<float>(),
                      .dx = g.dx.data_ptr<float>(),
                      .dx_stride = g.dx.stride(0)},
                     stream);
}

namespace {

/// Filtered rows [first, last) of d.filtered, which lie in one range of rows: their z and their draws.
struct FilteredRows {
  int64_t count;
  const int32_t* of_range;  // rows of the range's logits
  const int32_t* rows;      // of all
  const cpu::HeadFilter* filters;
  cpu::HeadDraw* draws;  // of z, which is scaled
  cpu::HeadSum* sums;
};
FilteredRows filtered_rows(Uploads& up, const GpuDraws& d, const HeadRange& r) {
  const auto first = std::lower_bound(d.filtered.begin(), d.filtered.end(), r.row),
             last = std::lower_bound(first, d.filtered.end(), r.row + r.rows);
  FilteredRows f{.count = last - first};
  if (f.count == 0) return f;
  std::vector<int32_t> of_range, rows;
  std::vector<cpu::HeadDraw> draws;
  for (auto it = first; it != last; ++it) {
    of_range.push_back(int32_t(*it - r.row)), rows.push_back(int32_t(*it));
    draws.push_back(d.draws[size_t(*it)]);
    draws.back().skip = false, draws.back().scale = 1;
  }
  f.of_range = up(of_range), f.rows = up(rows);
  f.filters = up(d.filters.data() + (first - d.filtered.begin()), size_t(f.count));
  f.draws = const_cast<cpu::HeadDraw*>(up(draws)), f.sums = fresh_sums(up, f.count);
  return f;
}

/// Draws rows from what their filters leave of z [R, V].
void sample_filtered(Sampled& sampled_, const Head& h, const FilteredRows& f, float* z, cuda::Stream stream) {
  cuda::head_filter({.z = z, .filters = f.filters, .rows = f.count, .vocab_size = h.vocab_size}, stream);
  const Scratch<cuda::HeadPart> parts(h.x, cuda::head_parts(f.count, h.vocab_size));
  cuda::head_sample({.logits = z,
                     .stride = h.vocab_size,
                     .first_id = 0,
                     .num_ids = h.vocab_size,
                     .sums = f.sums,
                     .draws = f.draws},
                    f.count, parts.data(), stream);
  cuda::head_sampled({.sums = f.sums,
                      .draws = f.draws,
                      .rows = f.rows,
                      .count = f.count,
                      .ids = sampled_.ids.data_ptr<int32_t>(),
                      .logprobs = sampled_.logprobs.data_ptr<float>()},
                     stream);
}

}  // namespace

void gpu_head_sample(Sampled& sampled_, const Head& h, const GpuDraws& d, cuda::Stream stream) {
  if (h.rows == 0) return;
  Uploads up(h.x);
  cpu::HeadSum* sums = fresh_sums(up, h.rows);
  cpu::HeadDraw* draws = const_cast<cpu::HeadDraw*>(up(d.draws));
  const int64_t rows_at_once = std::min(
      h.rows, d.filtered.empty() ? kGpuHeadRows
                                 : std::clamp<int64_t>(8 * kFilterScratch / h.vocab_size, 1, kGpuHeadRows));
  const Scratch<cuda::HeadPart> parts(h.x, most_parts(h, rows_at_once));
  FilteredRows filtered{};
  at::Tensor z;  // [R, V] of the range's filtered rows
  for_logits(h, rows_at_once, [&](const HeadRange& r, at::Tensor& logits) {
    const cpu::HeadSampleParams p{.logits = logits.const_data_ptr<float>(),
                                  .stride = logits.stride(0),
                                  .first_id = r.id,
                                  .num_ids = r.ids,
                                  .sums = sums + r.row,
                                  .draws = draws + r.row};
    cuda::head_sample(p, r.rows, parts.data(), stream);
    if (d.filtered.empty()) return;
    if (r.id == 0) {
      filtered = filtered_rows(up, d, r);
      z = at::empty({filtered.count, h.vocab_size}, h.x.options());
    }
    if (filtered.count == 0) return;
    cuda::head_keep({.logits = p.logits,
                     .stride = p.stride,
                     .first_id = r.id,
                     .num_ids = r.ids,
                     .draws = p.draws,
                     .rows = filtered.of_range,
                     .count = filtered.count,
                     .z = z.data_ptr<float>(),
                     .vocab_size = h.vocab_size},
                    stream);
    if (r.id + r.ids == h.vocab_size) sample_filtered(sampled_, h, filtered, z.data_ptr<float>(), stream);
  });
  cuda::head_sampled({.sums = sums,
                      .draws = draws,
                      .rows = nullptr,
                      .count = h.rows,
                      .ids = sampled_.ids.data_ptr<int32_t>(),
                      .logprobs = sampled_.logprobs.data_ptr<float>()},
                     stream);
}

}  // namespace hone::ops
