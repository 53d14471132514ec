// Attention over tensors: checks, then tiles of (row, head) pairs for the kernels of cpu/attention.h.
// Forward: every tile is a task of its own. Backward: a task is a unit and key head, whose tiles come in
// order and share the gradients of the pages.
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "cuda_ext/cpu/attention.h"
#include "cuda_ext/cpu/attention_layout.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/gpu_attention.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"

namespace hone::ops {
namespace {

using cpu::AttentionTile;

const int32_t* ints(const Tensor& x, const char* name, int64_t dims) {
  TORCH_CHECK(x.defined() && x.scalar_type() == at::kInt && x.dim() == dims && x.is_contiguous() &&
                  x.device().is_cpu(),
              "attention layout: ", name, ": expected contiguous int32 of ", dims, " dimensions, got ",
              x.defined() ? x.toString() : "undefined", x.defined() ? x.sizes() : at::IntArrayRef{});
  return x.const_data_ptr<int32_t>();
}

using Layout = cpu::AttentionLayoutView;

void check_segments(const Layout& l, int64_t num_pages) {
  for (int64_t s = 0; s < l.segments; ++s) {
    TORCH_CHECK(l.rows(s) >= 0 && l.first_position[s] >= 0, "attention layout: segment ", s, ": got rows [",
                l.row_begin[s], ", ", l.row_begin[s + 1], ") from position ", l.first_position[s],
                ", expected ascending rows and a position >= 0");
    TORCH_CHECK(l.blocks(s) <= l.max_pages, "attention layout: segment ", s, " sees ", l.blocks(s),
                " pages, table has ", l.max_pages);
    for (int64_t b = 0; b < l.blocks(s); ++b)
      TORCH_CHECK(l.pages(s)[b] >= 0 && l.pages(s)[b] < num_pages, "attention layout: table[", s, "][", b,
                  "]: got page ", l.pages(s)[b], ", expected 0 to ", num_pages - 1);
  }
}

Layout read_segments(const AttentionLayout& layout, int64_t T, int64_t num_pages) {
  Layout l{};
  l.row_begin = ints(layout.row_begin, "row_begin", 1);
  l.first_position = ints(layout.first_position, "first_position", 1);
  l.table = ints(layout.table, "table", 2);
  l.segments = layout.first_position.size(0), l.max_pages = layout.table.size(1);
  TORCH_CHECK(layout.row_begin.size(0) == l.segments + 1 && layout.table.size(0) == l.segments,
              "attention layout: row_begin ", layout.row_begin.sizes(), ", first_position ",
              layout.first_position.sizes(), " and table ", layout.table.sizes(), " differ in segments");
  TORCH_CHECK(l.row_begin[0] == 0 && l.row_begin[l.segments] == T, "attention layout: row_begin: got ",
              l.row_begin[0], " to ", l.row_begin[l.segments], ", expected 0 to ", T);
  check_segments(l, num_pages);
  return l;
}

void read_writes(Layout& l, const AttentionLayout& layout, int64_t T, int64_t num_pages) {
  l.writes = ints(layout.writes, "writes", 2);
  l.num_writes = layout.writes.size(0);
  TORCH_CHECK(layout.writes.size(1) == 3, "attention layout: writes: got ", layout.writes.sizes(),
              ", expected [W, 3]");
  for (int64_t w = 0; w < l.num_writes; ++w) {
    const int32_t* at = l.writes + 3 * w;
    TORCH_CHECK(at[0] >= (w == 0 ? 0 : at[-3]) && at[0] < T && at[1] >= 0 && at[1] < num_pages &&
                    at[2] >= 0 && at[2] < kPageSize,
                "attention layout: writes[", w, "]: got row ", at[0], ", page ", at[1], ", slot ", at[2],
                ", expected ascending rows below ", T, ", pages below ", num_pages, " and slots below ",
                kPageSize);
  }
}

void check_heads(const Tensor& x, const char* name, int64_t T, int64_t heads, int64_t size) {
  TORCH_CHECK(x.defined() && x.scalar_type() == at::kFloat &&
                  x.sizes() == at::IntArrayRef({T, heads, size}) && (size <= 1 || x.stride(2) == 1),
              "attention: ", name, ": expected float32 [", T, ", ", heads, ", ", size,
              "] with contiguous rows, got ", x.defined() ? x.toString() : "undefined",
              x.defined() ? x.sizes() : at::IntArrayRef{});
}

/// Shapes of a call, from its pages and q.
struct Shapes {
  int64_t T, H, J, Dk, Dv, pages;
};
Shapes check_pages(const Tensor& k_pages, const Tensor& v_pages) {
  TORCH_CHECK(k_pages.dim() == 4 && v_pages.dim() == 4 && k_pages.size(3) == kPageSize &&
                  v_pages.size(2) == kPageSize && k_pages.size(0) == v_pages.size(0) &&
                  k_pages.size(1) == v_pages.size(1) && k_pages.scalar_type() == v_pages.scalar_type() &&
                  (k_pages.scalar_type() == at::kFloat ||
                   (k_pages.is_cuda() && k_pages.scalar_type() == at::kBFloat16)),
              "attention: got pages ", k_pages.toString(), " ", k_pages.sizes(), " and ", v_pages.toString(),
              " ", v_pages.sizes(),
              ", expected [pages, J, Dk, 16] and [pages, J, 16, Dv] of float32, or on a "
              "GPU of bfloat16");
  TORCH_CHECK(
      k_pages.size(0) == 0 || (k_pages.select(0, 0).is_contiguous() && v_pages.select(0, 0).is_contiguous()),
      "attention: pages have to be contiguous, got strides ", k_pages.strides(), " and ", v_pages.strides());
  return {.T = 0,
          .H = 0,
          .J = k_pages.size(1),
          .Dk = k_pages.size(2),
          .Dv = v_pages.size(3),
          .pages = k_pages.size(0)};
}
Shapes check_query(const Tensor& q, const Tensor& k_pages, const Tensor& v_pages) {
  Shapes z = check_pages(k_pages, v_pages);
  TORCH_CHECK(q.defined() && q.dim() == 3 && z.J > 0 && q.size(1) % z.J == 0, "attention: q: got ", q.sizes(),
              ", expected [T, H, ", z.Dk, "] with H a multiple of ", z.J);
  z.T = q.size(0), z.H = q.size(1);
  check_heads(q, "q", z.T, z.H, z.Dk);
  return z;
}

void check_window(int64_t window) {
  TORCH_CHECK(window >= 0, "attention: window: got ", window, ", expected 0 (off) or more");
}
void check_sinks(const Tensor& sinks, int64_t heads) {
  TORCH_CHECK(
      sinks.scalar_type() == at::kFloat && sinks.is_contiguous() && sinks.sizes() == at::IntArrayRef({heads}),
      "attention: sinks: got ", sinks.toString(), " ", sinks.sizes(), ", expected float32 [", heads, "]");
}
cpu::AttentionSizes sizes_of(const Shapes& z, double scale, int64_t window) {
  return {.group = z.H / z.J, .key_size = z.Dk, .value_size = z.Dv, .scale = float(scale), .window = window};
}

template <class Rows>
Rows head_rows(const Tensor& x) {
  return {x.data_ptr<float>(), x.stride(0), x.stride(1)};
}

/// Of pages; null for bfloat16, which gpu_attention.cpp takes from the tensors.
const float* page_data(const Tensor& pages) {
  return pages.scalar_type() == at::kFloat ? pages.const_data_ptr<float>() : nullptr;
}

int64_t ceil_div(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Tile i of segment s and key head j.
AttentionTile tile_of(const Layout& l, const Shapes& z, int64_t s, int64_t j, int64_t i) {
  const int64_t pairs = l.rows(s) * (z.H / z.J);
  return {.first_row = l.row_begin[s],
          .first_position = l.first_position[s],
          .key_head = j,
          .begin = i * cpu::kTilePairs,
          .end = std::min<int64_t>((i + 1) * cpu::kTilePairs, pairs),
          .pages = l.pages(s)};
}

/// All tiles of a layout: by segment, then key head, then pairs.
struct Tiles {
  const Layout& layout;
  const Shapes& shapes;
  std::vector<int64_t> begin{0};  // [S+1] first tile of a segment
  int64_t most_keys = 0;          // that a segment sees, in whole pages
  int64_t grain = 1;              // tiles that are worth a task

  Tiles(const Layout& l, const Shapes& z) : layout(l), shapes(z) {
    constexpr int64_t kTask = 250000;  // multiplications, about 10 us
    int64_t work = 0;                  // at most
    for (int64_t s = 0; s < l.segments; ++s) {
      const int64_t keys = l.blocks(s) * kPageSize;
      begin.push_back(begin.back() + z.J * ceil_div(l.rows(s) * (z.H / z.J), cpu::kTilePairs));
      most_keys = std::max(most_keys, keys);
      work += l.rows(s) * z.H * keys * (z.Dk + z.Dv);
    }
    grain = std::max<int64_t>(1, kTask * count() / std::max<int64_t>(work, 1));
  }
  int64_t count() const { return begin.back(); }
  AttentionTile at(int64_t i) const {
    const int64_t s = std::upper_bound(begin.begin(), begin.end(), i) - begin.begin() - 1;
    const int64_t of_head = (begin[s + 1] - begin[s]) / shapes.J, tile = i - begin[s];
    return tile_of(layout, shapes, s, tile / of_head, tile % of_head);
  }
};

/// Rows of d_ get the sums over the places they were written to. by_place [places, 16, row].
void collect(const cpu::HeadRowsOut& d_, int64_t key_head, int64_t size, const float* by_place, int64_t row,
             const Layout& l, const cpu::UnitPages& pages, int64_t first_row, int64_t last_row) {
  for (int64_t t = first_row; t < last_row; ++t)
    std::memset(d_.data + t * d_.stride_t + key_head * d_.stride_h, 0, size * sizeof(float));
  const int32_t* end = l.writes + 3 * l.num_writes;
  int64_t w = 0, high = l.num_writes;
  while (w < high) {  // the first write of first_row or later
    const int64_t middle = (w + high) / 2;
    if (l.writes[3 * middle] < first_row)
      w = middle + 1;
    else
      high = middle;
  }
  for (const int32_t* at = l.writes + 3 * w; at < end && at[0] < last_row; at += 3) {
    const int32_t place = pages.place(at[1]);
    if (place < 0) continue;
    float* to = d_.data + at[0] * d_.stride_t + key_head * d_.stride_h;
    const float* from = by_place + (place * kPageSize + at[2]) * row;
    for (int64_t d = 0; d < size; ++d) to[d] += from[d];
  }
}

struct Outputs {
  cpu::HeadRowsOut dk, dv;
};

/// One unit and key head. `p` lacks the unit's gradients of pages, which live here.
template <cpu::Isa isa>
void unit_backward(cpu::AttentionBackwardParams p, const Outputs& out, const Layout& l, const Shapes& z,
                   int64_t unit, int64_t j) {
  const int64_t begin = l.unit_begin[unit], end = l.unit_begin[unit + 1];
  const cpu::UnitPages pages(l, begin, end);
  const int64_t places = int64_t(pages.ids().size()), k_row = cpu::padded(z.Dk), v_row = cpu::padded(z.Dv);
  Tensor dk = at::zeros({places, kPageSize, k_row}), dv = at::zeros({places, kPageSize, v_row});
  Tensor vt = at::empty({places, z.Dv, kPageSize}),
         scratch = at::empty({cpu::attention_backward_scratch(p.sizes)});
  for (int64_t i = 0; i < places; ++i)
    cpu::transpose_values<isa>(vt.data_ptr<float>() + i * z.Dv * kPageSize,
                               p.v_pages + pages.ids()[i] * p.v_page + j * z.Dv * kPageSize, z.Dv);
  p.dk = dk.data_ptr<float>(), p.dv = dv.data_ptr<float>(), p.vt = vt.data_ptr<float>();
  for (int64_t s = begin; s < end; ++s)
    for (int64_t i = 0; i < ceil_div(l.rows(s) * p.sizes.group, cpu::kTilePairs); ++i)
      cpu::attention_backward<isa>(p, tile_of(l, z, s, j, i), pages.places(s), scratch.data_ptr<float>());
  collect(out.dk, j, z.Dk, p.dk, k_row, l, pages, l.row_begin[begin], l.row_begin[end]);
  collect(out.dv, j, z.Dv, p.dv, v_row, l, pages, l.row_begin[begin], l.row_begin[end]);
}

void read_units(Layout& l, const AttentionLayout& layout) {
  l.unit_begin = ints(layout.unit_begin, "unit_begin", 1);
  l.units = layout.unit_begin.size(0) - 1;
  TORCH_CHECK(l.units >= 0 && l.unit_begin[0] == 0 && l.unit_begin[l.units] == l.segments &&
                  std::is_sorted(l.unit_begin, l.unit_begin + l.units + 1),
              "attention layout: unit_begin: got ", layout.unit_begin, ", expected ascending from 0 to ",
              l.segments);
}

}  // namespace

void write_pages_(Tensor& k_pages_, Tensor& v_pages_, const Tensor& k, const Tensor& v,
                  const AttentionLayout& layout) {
  Shapes z = check_pages(k_pages_, v_pages_);
  z.T = k.size(0);
  check_heads(k, "k", z.T, z.J, z.Dk);
  check_heads(v, "v", z.T, z.J, z.Dv);
  Layout l{};
  read_writes(l, layout, z.T, z.pages);
  const auto keys = head_rows<cpu::HeadRows>(k), values = head_rows<cpu::HeadRows>(v);
  if (ran_on_gpu("write_pages_", {{"k", k}, {"v", v}, {"k_pages", k_pages_}, {"v_pages", v_pages_}},
                 [&](auto stream) {
                   gpu_write_pages(k_pages_, v_pages_, k, v, {l, layout.on_gpu}, stream);
                 }))
    return;
  float *k_pages = k_pages_.data_ptr<float>(), *v_pages = v_pages_.data_ptr<float>();
  const int64_t k_page = k_pages_.stride(0), v_page = v_pages_.stride(0);
  parallel_for(l.num_writes, 128, [&](int64_t begin, int64_t end) {
    for (int64_t w = begin; w < end; ++w) {
      const int64_t t = l.writes[3 * w], page = l.writes[3 * w + 1], slot = l.writes[3 * w + 2];
      for (int64_t j = 0; j < z.J; ++j) {
        const float* from = keys.data + t * keys.stride_t + j * keys.stride_h;
        float* to = k_pages + page * k_page + j * z.Dk * kPageSize + slot;
        for (int64_t d = 0; d < z.Dk; ++d) to[d * kPageSize] = from[d];
        std::memcpy(v_pages + page * v_page + (j * kPageSize + slot) * z.Dv,
                    values.data + t * values.stride_t + j * values.stride_h, z.Dv * sizeof(float));
      }
    }
  });
}

void paged_attention_(Tensor& out_, Tensor& lse_, const Tensor& q, const Tensor& k_pages,
                      const Tensor& v_pages, const AttentionLayout& layout, double scale, int64_t window,
                      const Tensor& sinks) {
  const Shapes z = check_query(q, k_pages, v_pages);
  check_heads(out_, "out", z.T, z.H, z.Dv);
  check_window(window);
  if (sinks.defined()) check_sinks(sinks, z.H);
  TORCH_CHECK(
      !lse_.defined() || (lse_.scalar_type() == at::kFloat && lse_.sizes() == at::IntArrayRef({z.T, z.H})),
      "attention: lse: expected float32 [", z.T, ", ", z.H, "], got ", lse_.sizes());
  const Layout l = read_segments(layout, z.T, z.pages);
  const cpu::AttentionParams p{.sizes = sizes_of(z, scale, window),
                               .q = head_rows<cpu::HeadRows>(q),
                               .out = head_rows<cpu::HeadRowsOut>(out_),
                               .lse = lse_.defined() ? head_rows<cpu::HeadRowsOut>(lse_) : cpu::HeadRowsOut{},
                               .k_pages = page_data(k_pages),
                               .v_pages = page_data(v_pages),
                               .k_page = k_pages.stride(0),
                               .v_page = v_pages.stride(0),
                               .sinks = sinks.defined() ? sinks.const_data_ptr<float>() : nullptr};
  if (ran_on_gpu("paged_attention_",
                 {{"q", q},
                  {"out", out_},
                  {"lse", lse_},
                  {"k_pages", k_pages},
                  {"v_pages", v_pages},
                  {"sinks", sinks}},
                 [&](auto stream) {
                   gpu_attention(p, q, {k_pages, v_pages}, {l, layout.on_gpu}, stream);
                 }))
    return;
  const Tiles tiles(l, z);
  parallel_for(tiles.count(), tiles.grain, [&](int64_t begin, int64_t end) {
    Tensor scratch = at::empty({cpu::attention_scratch(p.sizes, tiles.most_keys)});
    for (int64_t i = begin; i < end; ++i) {
      const AttentionTile tile = tiles.at(i);
      cpu::dispatch([&](auto isa) { cpu::attention<isa>(p, tile, scratch.data_ptr<float>()); });
    }
  });
}

void paged_attention_backward_(Tensor& dq_, Tensor& dk_, Tensor& dv_, const Tensor& dout, const Tensor& q,
                               const Tensor& k_pages, const Tensor& v_pages, const Tensor& out,
                               const Tensor& lse, const AttentionLayout& layout, double scale,
                               int64_t window) {
  const Shapes z = check_query(q, k_pages, v_pages);
  check_window(window);
  check_heads(dq_, "dq", z.T, z.H, z.Dk);
  check_heads(dk_, "dk", z.T, z.J, z.Dk);
  check_heads(dv_, "dv", z.T, z.J, z.Dv);
  check_heads(dout, "dout", z.T, z.H, z.Dv);
  check_heads(out, "out", z.T, z.H, z.Dv);
  check_heads(lse.unsqueeze(2), "lse", z.T, z.H, 1);
  Layout l = read_segments(layout, z.T, z.pages);
  read_units(l, layout);
  read_writes(l, layout, z.T, z.pages);
  const cpu::AttentionBackwardParams p{.sizes = sizes_of(z, scale, window),
                                       .q = head_rows<cpu::HeadRows>(q),
                                       .dout = head_rows<cpu::HeadRows>(dout),
                                       .out = head_rows<cpu::HeadRows>(out),
                                       .lse = head_rows<cpu::HeadRows>(lse),
                                       .dq = head_rows<cpu::HeadRowsOut>(dq_),
                                       .k_pages = page_data(k_pages),
                                       .v_pages = page_data(v_pages),
                                       .k_page = k_pages.stride(0),
                                       .v_page = v_pages.stride(0),
                                       .dk = nullptr,
                                       .dv = nullptr,
                                       .vt = nullptr};
  if (ran_on_gpu("paged_attention_backward_",
                 {{"q", q},
                  {"dq", dq_},
                  {"dk", dk_},
                  {"dv", dv_},
                  {"dout", dout},
                  {"k_pages", k_pages},
                  {"v_pages", v_pages},
                  {"out", out},
                  {"lse", lse}},
                 [&](auto stream) {
                   gpu_attention_backward(p, head_rows<cpu::HeadRowsOut>(dk_),
                                          head_rows<cpu::HeadRowsOut>(dv_), q, {k_pages, v_pages},
                                          {l, layout.on_gpu}, stream);
                 }))
    return;
  const Outputs outputs{head_rows<cpu::HeadRowsOut>(dk_), head_rows<cpu::HeadRowsOut>(dv_)};
  parallel_for(l.units * z.J, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      cpu::dispatch([&](auto isa) { unit_backward<isa>(p, outputs, l, z, i / z.J, i % z.J); });
  });
}

void attention_sinks_backward_(Tensor& dsinks_, const Tensor& dout, const Tensor& out, const Tensor& lse,
                               const Tensor& sinks) {
  const int64_t T = out.size(0), H = out.size(1), Dv = out.size(2);
  check_heads(out, "out", T, H, Dv);
  check_heads(dout, "dout", T, H, Dv);
  check_heads(lse.unsqueeze(2), "lse", T, H, 1);
  check_sinks(sinks, H);
  check_sinks(dsinks_, H);
  const cpu::AttentionSinkParams p{.rows = T,
                                   .value_size = Dv,
                                   .dout = head_rows<cpu::HeadRows>(dout),
                                   .out = head_rows<cpu::HeadRows>(out),
                                   .lse = head_rows<cpu::HeadRows>(lse),
                                   .sinks = sinks.const_data_ptr<float>(),
                                   .dsinks = dsinks_.data_ptr<float>()};
  if (ran_on_gpu("attention_sinks_backward_",
                 {{"dout", dout}, {"out", out}, {"lse", lse}, {"sinks", sinks}, {"dsinks", dsinks_}},
                 [&](auto stream) { gpu_sinks_backward(p, H, out, stream); }))
    return;
  parallel_for(H, 1, [&](int64_t begin, int64_t end) {
    for (int64_t h = begin; h < end; ++h)
      cpu::dispatch([&](auto isa) { cpu::attention_sink_backward<isa>(p, h); });
  });
}

}  // namespace hone::ops
