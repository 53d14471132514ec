// The definition of attention over pages (cuda_ext/cpu/attention.h) as scalar loops over pairs and keys. Real
// = float gives the defined bits, double the function for finite differences. planted_error sums a block's
// probabilities by a chain instead of the tree: a test that compares bits has to notice.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "tests/reference/elementary.h"

namespace hone::reference {

/// ops::AttentionLayout as lists.
struct LayoutLists {
  std::vector<int32_t> row_begin{0}, first_position;
  std::vector<std::vector<int32_t>> table;
  std::vector<int32_t> unit_begin{0};
  std::vector<std::array<int32_t, 3>> writes;
};

template <class Real>
struct PagedAttention {
  int64_t T, H, J, Dk, Dv;
  Real scale;
  LayoutLists layout;
  int64_t window = 0;       // 0 = all
  std::vector<Real> sinks;  // [H] or empty
  bool planted_error = false;
  std::vector<Real> q, k, v;           // [T, H, Dk], [T, J, Dk], [T, J, Dv]
  std::vector<Real> k_pages, v_pages;  // [pages, J, Dk, 16], [pages, J, 16, Dv]
  std::vector<Real> out, lse;          // [T, H, Dv], [T, H]
  std::vector<Real> dq, dk, dv;        // as q, k, v
  std::vector<Real> dsinks;            // [H]

  int64_t first_key(int64_t position) const {
    return window == 0 ? 0 : std::max<int64_t>(0, position - window + 1);
  }

  Real& key(int64_t page, int64_t slot, int64_t j, int64_t d) {
    return k_pages[((page * J + j) * Dk + d) * 16 + slot];
  }
  Real& value(int64_t page, int64_t slot, int64_t j, int64_t e) {
    return v_pages[((page * J + j) * 16 + slot) * Dv + e];
  }

  void write() {
    for (const auto& [row, page, slot] : layout.writes)
      for (int64_t j = 0; j < J; ++j) {
        for (int64_t d = 0; d < Dk; ++d) key(page, slot, j, d) = k[(row * J + j) * Dk + d];
        for (int64_t e = 0; e < Dv; ++e) value(page, slot, j, e) = v[(row * J + j) * Dv + e];
      }
  }

  /// f(segment, row, position, head) in the order of the definition.
  template <class F>
  void for_pairs(F f) const {
    for (size_t s = 0; s < layout.first_position.size(); ++s)
      for (int64_t row = layout.row_begin[s]; row < layout.row_begin[s + 1]; ++row)
        for (int64_t h = 0; h < H; ++h) f(s, row, layout.first_position[s] + row - layout.row_begin[s], h);
  }

  Real score(size_t s, int64_t row, int64_t h, int64_t position) {
    Real sum = 0;
    for (int64_t d = 0; d < Dk; ++d)
      sum = std::fma(q[(row * H + h) * Dk + d],
                     key(layout.table[s][position / 16], position % 16, h / (H / J), d), sum);
    return sum * scale;
  }

  Real total(const std::vector<Real>& p) const {
    LaneSum<Real> sum;
    for (size_t j = 0; j < p.size(); ++j) sum.add(int64_t(j), p[j]);
    if (!planted_error) return sum.total();
    Real chain = 0;
    for (const Real x : p) chain = chain + x;
    return chain;
  }

  void forward() {
    out.assign(T * H * Dv, Real(0)), lse.assign(T * H, Real(0));
    for_pairs([&](size_t s, int64_t row, int64_t position, int64_t h) { forward_pair(s, row, position, h); });
  }

  void forward_pair(size_t s, int64_t row, int64_t position, int64_t h) {
    Real m = sinks.empty() ? Real(-INFINITY) : sinks[h], l = sinks.empty() ? 0 : 1,
         *o = &out[(row * H + h) * Dv];
    for (int64_t first = first_key(position) / 16 * 16; first <= position; first += 16) {
      const int64_t keys = std::min<int64_t>(16, position - first + 1);
      const int64_t hidden = std::max<int64_t>(0, first_key(position) - first);
      std::vector<Real> p(size_t(hidden), Real(-INFINITY));
      for (int64_t i = hidden; i < keys; ++i) p.push_back(score(s, row, h, first + i));
      const Real m_new = std::max(m, *std::max_element(p.begin(), p.end()));
      const Real c = exp(m - m_new);
      for (Real& x : p) x = exp(x - m_new);
      l = std::fma(l, c, total(p));
      for (int64_t e = 0; e < Dv; ++e) {
        o[e] = o[e] * c;
        for (int64_t i = hidden; i < keys; ++i)
          o[e] = std::fma(p[i], value(layout.table[s][first / 16], i, h / (H / J), e), o[e]);
      }
      m = m_new;
    }
    for (int64_t e = 0; e < Dv; ++e) o[e] = o[e] / l;
    lse[row * H + h] = m + log(l);
  }

  /// Needs forward()'s out and lse. Gradients of pages are kept by unit, page and slot.
  void backward(const std::vector<Real>& dout) {
    dq.assign(q.size(), Real(0)), dk.assign(k.size(), Real(0)), dv.assign(v.size(), Real(0));
    dsinks.assign(sinks.size(), Real(0));
    for (size_t u = 0; u + 1 < layout.unit_begin.size(); ++u) {
      std::map<std::array<int64_t, 3>, std::vector<Real>> dkey, dvalue;  // (page, slot, key head)
      for_pairs([&](size_t s, int64_t row, int64_t position, int64_t h) {
        if (int64_t(s) >= layout.unit_begin[u] && int64_t(s) < layout.unit_begin[u + 1])
          backward_pair(s, row, position, h, dout, dkey, dvalue);
      });
      for (const auto& [row, page, slot] : layout.writes)
        for (int64_t j = 0; j < J; ++j) {
          const std::array<int64_t, 3> place{page, slot, j};
          if (!dkey.contains(place) || unit_of_row(row) != u) continue;
          for (int64_t d = 0; d < Dk; ++d) dk[(row * J + j) * Dk + d] += dkey[place][d];
          for (int64_t e = 0; e < Dv; ++e) dv[(row * J + j) * Dv + e] += dvalue[place][e];
        }
    }
  }

  size_t unit_of_row(int64_t row) const {
    size_t u = 0;
    while (row >= layout.row_begin[layout.unit_begin[u + 1]]) ++u;
    return u;
  }

  template <class Gradients>
  void backward_pair(size_t s, int64_t row, int64_t position, int64_t h, const std::vector<Real>& dout,
                     Gradients& dkey, Gradients& dvalue) {
    const Real *o = &out[(row * H + h) * Dv], *d_o = &dout[(row * H + h) * Dv],
               *query = &q[(row * H + h) * Dk];
    LaneSum<Real> delta;
    for (int64_t e = 0; e < Dv; ++e) delta.add_product(e, d_o[e], o[e]);
    if (!sinks.empty()) dsinks[h] = std::fma(-exp(sinks[h] - lse[row * H + h]), delta.total(), dsinks[h]);
    for (int64_t i = first_key(position); i <= position; ++i) {
      const int64_t page = layout.table[s][i / 16], slot = i % 16, j = h / (H / J);
      const Real p = exp(score(s, row, h, i) - lse[row * H + h]);
      Real dp = 0;
      for (int64_t e = 0; e < Dv; ++e) dp = std::fma(d_o[e], value(page, slot, j, e), dp);
      const Real ds = (p * (dp - delta.total())) * scale;
      std::vector<Real>&key_gradient = dkey[{page, slot, j}], &value_gradient = dvalue[{page, slot, j}];
      key_gradient.resize(Dk), value_gradient.resize(Dv);
      for (int64_t d = 0; d < Dk; ++d) {
        Real& to = dq[(row * H + h) * Dk + d];
        to = std::fma(ds, key(page, slot, j, d), to);
        key_gradient[d] = std::fma(ds, query[d], key_gradient[d]);
      }
      for (int64_t e = 0; e < Dv; ++e) value_gradient[e] = std::fma(p, d_o[e], value_gradient[e]);
    }
  }
};

}  // namespace hone::reference
