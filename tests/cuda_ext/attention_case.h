// Cases for attention tests: units of a prompt and its completions laid out on shuffled pages, and the
// operators run on them. Slots that nothing was written to hold NaN, so that a key that should be hidden
// shows.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "cuda_ext/ops.h"
#include "tests/cuda_ext/attention_layouts.h"
#include "tests/cuda_ext/paths.h"

namespace hone {

/// window 0: none; with_sinks: a sink a head.
inline AttentionCase make_attention_case(const HeadSizes& z, const std::vector<UnitLengths>& units,
                                         uint32_t seed, int64_t window = 0, bool with_sinks = false) {
  CaseLayout layout(seed);
  for (const UnitLengths& unit : units) layout.add_unit(unit);
  const int64_t T = layout.lists.row_begin.back();
  AttentionCase c{.T = T,
                  .H = z.H,
                  .J = z.J,
                  .Dk = z.Dk,
                  .Dv = z.Dv,
                  .scale = 1.0f / std::sqrt(float(z.Dk)),
                  .layout = layout.lists,
                  .window = window};
  if (with_sinks) c.sinks = values<float>(normal_tensor({z.H}, seed + 4, 2.0f));
  c.q = values<float>(normal_tensor({T, z.H, z.Dk}, seed + 1, 2.0f));
  c.k = values<float>(normal_tensor({T, z.J, z.Dk}, seed + 2, 2.0f));
  c.v = values<float>(normal_tensor({T, z.J, z.Dv}, seed + 3));
  c.k_pages.assign(size_t(layout.num_pages() * z.J * z.Dk * 16), NAN);
  c.v_pages.assign(size_t(layout.num_pages() * z.J * z.Dv * 16), NAN);
  c.write();
  return c;
}

inline at::Tensor int_tensor(const std::vector<int32_t>& x) { return at::tensor(x, at::kInt); }
inline at::Tensor float_tensor(const std::vector<float>& x, at::IntArrayRef sizes) {
  return at::tensor(x, at::kFloat).view(sizes);
}

inline ops::AttentionLayout to_layout(const reference::LayoutLists& lists) {
  size_t width = 1;
  for (const auto& row : lists.table) width = std::max(width, row.size());
  std::vector<int32_t> table, writes;
  for (const auto& row : lists.table) {
    table.insert(table.end(), row.begin(), row.end());
    table.resize(table.size() + width - row.size(), -1);
  }
  for (const auto& write : lists.writes) writes.insert(writes.end(), write.begin(), write.end());
  return {.row_begin = int_tensor(lists.row_begin),
          .first_position = int_tensor(lists.first_position),
          .table = int_tensor(table).view({int64_t(lists.table.size()), int64_t(width)}),
          .unit_begin = int_tensor(lists.unit_begin),
          .writes = int_tensor(writes).view({-1, 3})};
}

/// Undefined without sinks.
inline at::Tensor sinks_of(const AttentionCase& c) {
  return c.sinks.empty() ? at::Tensor() : float_tensor(c.sinks, {c.H});
}

struct AttentionTensors {
  at::Tensor q, k_pages, v_pages;  // strided rows, pages
  at::Tensor out, lse;             // strided rows
  at::Tensor dq, dk, dv;
  at::Tensor dsinks;  // undefined without sinks
};

inline AttentionTensors page_tensors(const AttentionCase& c) {
  AttentionTensors t;
  t.q = with_strided_rows(float_tensor(c.q, {c.T, c.H, c.Dk}));
  t.k_pages = float_tensor(c.k_pages, {-1, c.J, c.Dk, 16});
  t.v_pages = float_tensor(c.v_pages, {-1, c.J, 16, c.Dv});
  return t;
}

/// Forward by the operator under test.
inline AttentionTensors run_attention(const AttentionCase& c) {
  AttentionTensors t = page_tensors(c);
  t.out = with_strided_rows(at::full({c.T, c.H, c.Dv}, 5.0f)), t.lse = at::full({c.T, c.H}, 5.0f);
  ops::paged_attention_(t.out, t.lse, t.q, t.k_pages, t.v_pages, to_layout(c.layout), c.scale, c.window,
                        sinks_of(c));
  return t;
}

/// Backward by the operator under test.
inline void run_attention_backward(AttentionTensors& t, const AttentionCase& c, const at::Tensor& dout) {
  t.dq = with_strided_rows(at::full({c.T, c.H, c.Dk}, 5.0f));
  t.dk = with_strided_rows(at::full({c.T, c.J, c.Dk}, 5.0f));
  t.dv = with_strided_rows(at::full({c.T, c.J, c.Dv}, 5.0f));
  ops::paged_attention_backward_(t.dq, t.dk, t.dv, dout, t.q, t.k_pages, t.v_pages, t.out, t.lse,
                                 to_layout(c.layout), c.scale, c.window);
  if (c.sinks.empty()) return;
  t.dsinks = at::full({c.H}, 0.0f);
  ops::attention_sinks_backward_(t.dsinks, dout, t.out, t.lse, sinks_of(c));
}

}  // namespace hone
