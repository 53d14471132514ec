// What the tests of attention kernels share: inputs of a case with rows apart, its layout and its plan as arrays that
// kernels reach.
#pragma once

#include <string>
#include <vector>

#include "cuda_ext/cuda/attention.h"
#include "tests/cuda_ext/attention_layouts.h"
#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {

/// A case without results, its layout as arrays, and rows with `gap` numbers between them.
struct AttentionInputs {
  AttentionCase c;
  int64_t gap = 0;
  Array<int32_t> row_begin, first_position, table, writes;
  Floats k_pages, v_pages, sinks;
  Matrix q, k, v, dout;
  cpu::AttentionLayoutView layout{};

  AttentionInputs(const HeadSizes& z, const std::vector<UnitLengths>& units, uint32_t seed,
                  int64_t window = 0, bool with_sinks = false, int64_t gap = 0)
      : gap(gap) {
    CaseLayout lists(seed);
    for (const UnitLengths& unit : units) lists.add_unit(unit);
    const int64_t T = lists.lists.row_begin.back();
    c = {.T = T, .H = z.H, .J = z.J, .Dk = z.Dk, .Dv = z.Dv, .scale = 1.0f / std::sqrt(float(z.Dk))};
    c.layout = lists.lists, c.window = window;
    if (with_sinks) sinks = normal_floats(z.H, seed + 4, 2.0f), c.sinks = plain(sinks);
    q = normal_matrix(T, z.H, z.Dk, seed + 1, gap, 0, 2.0f), k = normal_matrix(T, z.J, z.Dk, seed + 2, gap);
    v = normal_matrix(T, z.J, z.Dv, seed + 3, gap), dout = normal_matrix(T, z.H, z.Dv, seed + 5, gap);
    c.q = plain(packed(q)), c.k = plain(packed(k)), c.v = plain(packed(v));
    c.k_pages.assign(size_t(lists.num_pages() * z.J * z.Dk * 16), NAN);
    c.v_pages.assign(size_t(lists.num_pages() * z.J * z.Dv * 16), NAN);
    c.write();
    k_pages = array_of(c.k_pages), v_pages = array_of(c.v_pages);
    flatten();
  }
  AttentionInputs(AttentionInputs&&) = default;  // views point into the arrays

  static std::vector<float> plain(const Floats& x) { return {x.begin(), x.end()}; }
  static Floats packed(const Matrix& m) {
    Floats x;
    for (int64_t i = 0; i < m.T * m.H; ++i) x.insert(x.end(), m.row(i), m.row(i) + m.K);
    return x;
  }
  void flatten() {
    size_t width = 1;
    for (const auto& row : c.layout.table) width = std::max(width, row.size());
    for (const auto& row : c.layout.table) {
      table.insert(table.end(), row.begin(), row.end());
      table.resize(table.size() + width - row.size(), -1);
    }
    for (const auto& write : c.layout.writes) writes.insert(writes.end(), write.begin(), write.end());
    row_begin = array_of(c.layout.row_begin), first_position = array_of(c.layout.first_position);
    layout = {.row_begin = row_begin.data(),
              .first_position = first_position.data(),
              .table = table.data(),
              .unit_begin = c.layout.unit_begin.data(),
              .writes = writes.data(),
              .segments = int64_t(c.layout.first_position.size()),
              .max_pages = int64_t(width),
              .units = int64_t(c.layout.unit_begin.size()) - 1,
              .num_writes = int64_t(c.layout.writes.size())};
  }
  cpu::AttentionSizes sizes() const {
    return {.group = c.H / c.J, .key_size = c.Dk, .value_size = c.Dv, .scale = c.scale, .window = c.window};
  }
  /// With these pages; Number is float or cuda::Bf16.
  template <class Number>
  cuda::AttentionKeysOf<Number> keys(const Array<Number>& k, const Array<Number>& v) const {
    return {.k_pages = k.data(),
            .v_pages = v.data(),
            .k_page = c.J * c.Dk * 16,
            .v_page = c.J * c.Dv * 16,
            .key_heads = c.J,
            .row_begin = layout.row_begin,
            .first_position = layout.first_position,
            .table = layout.table,
            .max_pages = layout.max_pages};
  }
  std::string label() const {
    return "H " + std::to_string(c.H) + ", Dk " + std::to_string(c.Dk) + ", Dv " + std::to_string(c.Dv) +
           ", window " + std::to_string(c.window);
  }
  Matrix rows(int64_t heads, int64_t size) const { return empty_matrix(c.T, heads, size, gap); }
};
inline cpu::HeadRows heads(const Matrix& m) { return {m.rows().data, m.rows().stride_t, m.rows().stride_h}; }
inline cpu::HeadRowsOut heads(Matrix& m) { return {m.rows().data, m.rows().stride_t, m.rows().stride_h}; }
/// A plan whose arrays kernels reach.
struct PlanArrays {
  Array<cuda::AttentionTile> tiles;
  int tile_pairs;
  Array<int32_t> pages, sighting_begin, slot_begin, slots;
  Array<cuda::PageSighting> sightings;

  explicit PlanArrays(const cuda::AttentionPlan& p)
      : tiles(array_of(p.tiles)),
        tile_pairs(p.tile_pairs),
        pages(array_of(p.pages)),
        sighting_begin(array_of(p.sighting_begin)),
        slot_begin(array_of(p.slot_begin)),
        slots(array_of(p.slots)),
        sightings(array_of(p.sightings)) {}
};
inline cuda::AttentionTiles tiles_of(const PlanArrays& plan) {
  return {plan.tiles.data(), int64_t(plan.tiles.size()), plan.tile_pairs};
}
inline ::testing::AssertionResult same_rows(const Matrix& got, const std::vector<float>& wanted) {
  return same_bits(AttentionInputs::packed(got), array_of(wanted));
}

}  // namespace hone
