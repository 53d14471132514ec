// The definition of attention over pages of bfloat16 (cuda_ext/cuda/attention_bf16.cuh) as scalar loops: sums of
// tests/reference/attention.h in steps of sixteen products of rounded numbers (bf16.h). Beside each result stands the
// sum of the sizes of what was added, for bounds.
#pragma once

#include "tests/reference/attention.h"
#include "tests/reference/bf16.h"

namespace hone::reference {

struct Bf16Attention {
  PagedAttention<float>& c;  // out, lse, dq, dk, dv and dsinks are written
  std::vector<float> out_size, dq_size, dk_size, dv_size;
  bool planted_error = false;  // leaves p unrounded

  struct Keys {  // of a block that a pair sees
    int64_t first, page, key_head;
    bool sees[16];
  };
  Keys keys_of(size_t s, int64_t position, int64_t h, int64_t first) const {
    Keys k{first, c.layout.table[s][size_t(first / 16)], h / (c.H / c.J), {}};
    for (int64_t i = 0; i < 16; ++i) k.sees[i] = c.first_key(position) <= first + i && first + i <= position;
    return k;
  }
  float score(const Keys& k, int64_t row, int64_t h, int64_t slot) {
    return bf16_chain(
               c.Dk, 0, [&](int64_t d) { return c.q[size_t((row * c.H + h) * c.Dk + d)]; },
               [&](int64_t d) { return c.key(k.page, slot, k.key_head, d); }) *
           c.scale;
  }

  void forward() {
    c.out.assign(size_t(c.T * c.H * c.Dv), 0), c.lse.assign(size_t(c.T * c.H), 0);
    out_size.assign(c.out.size(), 0);
    c.for_pairs(
        [&](size_t s, int64_t row, int64_t position, int64_t h) { forward_pair(s, row, position, h); });
  }
  void forward_pair(size_t s, int64_t row, int64_t position, int64_t h) {
    float m = c.sinks.empty() ? -INFINITY : c.sinks[size_t(h)], l = c.sinks.empty() ? 0 : 1;
    float *o = &c.out[size_t((row * c.H + h) * c.Dv)], *size = &out_size[size_t((row * c.H + h) * c.Dv)];
    for (int64_t first = c.first_key(position) / 16 * 16; first <= position; first += 16) {
      const Keys k = keys_of(s, position, h, first);
      float p[16], highest = -INFINITY;
      LaneSum<float> sum;
      for (int64_t i = 0; i < 16; ++i)
        p[i] = k.sees[i] ? score(k, row, h, i) : -INFINITY, highest = std::max(highest, p[i]);
      const float m_new = std::max(m, highest), shrink = exp(m - m_new);
      for (int64_t i = 0; i < 16; ++i) p[i] = exp(p[i] - m_new), sum.add(i, p[i]);
      l = std::fma(l, shrink, sum.total());
      for (int64_t e = 0; e < c.Dv; ++e) {
        float products[16] = {};
        size[e] = size[e] * shrink;
        for (int64_t i = 0; i < 16; ++i) {
          if (!k.sees[i]) continue;
          const float v = rounded_to_bf16(c.value(k.page, i, k.key_head, e));
          products[i] = (planted_error ? p[i] : rounded_to_bf16(p[i])) * v, size[e] += p[i] * std::abs(v);
        }
        o[e] = bf16_step(o[e] * shrink, products);
      }
      m = m_new;
    }
    for (int64_t e = 0; e < c.Dv; ++e) o[e] = o[e] / l, size[e] = size[e] / l;
    c.lse[size_t(row * c.H + h)] = m + log(l);
  }

  /// p and ds of a pair for the keys of a block, 0 where hidden, and what ds is made of.
  struct Weights {
    float p[16] = {}, ds[16] = {}, size[16] = {};
  };
  Weights weights(const Keys& k, int64_t row, int64_t h, const std::vector<float>& dout) {
    Weights w;
    const float *o = &c.out[size_t((row * c.H + h) * c.Dv)], *d = &dout[size_t((row * c.H + h) * c.Dv)];
    LaneSum<float> delta;
    for (int64_t e = 0; e < c.Dv; ++e) delta.add_product(e, d[e], o[e]);
    for (int64_t i = 0; i < 16; ++i) {
      if (!k.sees[i]) continue;
      float size = std::abs(delta.total());
      const auto value = [&](int64_t e) { return c.value(k.page, i, k.key_head, e); };
      const float dp = bf16_chain(
          c.Dv, 0, [&](int64_t e) { return d[e]; }, value);
      for (int64_t e = 0; e < c.Dv; ++e) size += std::abs(d[e] * value(e));
      w.p[i] = exp(score(k, row, h, i) - c.lse[size_t(row * c.H + h)]);
      w.ds[i] = (w.p[i] * (dp - delta.total())) * c.scale;
      w.size[i] = w.p[i] * size * c.scale;
    }
    return w;
  }

  struct PageGradient {
    std::vector<float> dk, dv, dk_size, dv_size;  // [16, Dk], [16, Dv]
  };
  using PageGradients = std::map<std::array<int64_t, 2>, PageGradient>;  // (page, key head)

  void backward(const std::vector<float>& dout) {
    c.dq.assign(c.q.size(), 0), c.dk.assign(c.k.size(), 0), c.dv.assign(c.v.size(), 0);
    c.dsinks.assign(c.sinks.size(), 0);
    dq_size = c.dq, dk_size = c.dk, dv_size = c.dv;
    c.for_pairs([&](size_t s, int64_t row, int64_t position, int64_t h) { pair(s, row, position, h, dout); });
    for (size_t u = 0; u + 1 < c.layout.unit_begin.size(); ++u) {
      PageGradients pages;
      for (int32_t s = c.layout.unit_begin[u]; s < c.layout.unit_begin[u + 1]; ++s)
        segment(size_t(s), dout, pages);
      for (const auto& [row, page, slot] : c.layout.writes)
        for (int64_t j = 0; j < c.J; ++j)
          if (pages.contains({page, j}) && c.unit_of_row(row) == u) collect(pages[{page, j}], row, slot, j);
    }
  }

  /// dq and the sinks' part of a pair.
  void pair(size_t s, int64_t row, int64_t position, int64_t h, const std::vector<float>& dout) {
    const size_t at = size_t(row * c.H + h);
    for (int64_t first = c.first_key(position) / 16 * 16; first <= position; first += 16) {
      const Keys k = keys_of(s, position, h, first);
      const Weights w = weights(k, row, h, dout);
      for (int64_t d = 0; d < c.Dk; ++d) {
        float products[16] = {};
        for (int64_t i = 0; i < 16; ++i) {
          if (!k.sees[i]) continue;
          const float key = rounded_to_bf16(c.key(k.page, i, k.key_head, d));
          products[i] = rounded_to_bf16(w.ds[i]) * key;
          dq_size[at * size_t(c.Dk) + size_t(d)] += w.size[i] * std::abs(key);
        }
        float& to = c.dq[at * size_t(c.Dk) + size_t(d)];
        to = bf16_step(to, products);
      }
    }
    if (c.sinks.empty()) return;
    LaneSum<float> delta;
    for (int64_t e = 0; e < c.Dv; ++e)
      delta.add_product(e, dout[at * size_t(c.Dv) + size_t(e)], c.out[at * size_t(c.Dv) + size_t(e)]);
    c.dsinks[size_t(h)] = std::fma(-exp(c.sinks[size_t(h)] - c.lse[at]), delta.total(), c.dsinks[size_t(h)]);
  }

  /// The pairs of a segment that see each of its pages, sixteen at a time.
  void segment(size_t s, const std::vector<float>& dout, PageGradients& pages) {
    const int64_t begin = c.layout.row_begin[s], end = c.layout.row_begin[s + 1],
                  position = c.layout.first_position[s];
    const int64_t group = c.H / c.J, keys = position + end - begin;
    for (int64_t first = 0; end > begin && first < keys; first += 16)
      for (int64_t j = 0; j < c.J; ++j) {
        PageGradient& g = pages[{c.layout.table[s][size_t(first / 16)], j}];
        g.dk.resize(size_t(16 * c.Dk)), g.dv.resize(size_t(16 * c.Dv)), g.dk_size.resize(g.dk.size()),
            g.dv_size.resize(g.dv.size());
        std::vector<std::pair<int64_t, int64_t>> seeing;  // (row, head)
        for (int64_t row = begin; row < end; ++row)
          for (int64_t h = j * group; h < (j + 1) * group; ++h) {
            const int64_t at = position + row - begin;
            if (at >= first && c.first_key(at) <= first + 15) seeing.emplace_back(row, h);
          }
        for (size_t i = 0; i < seeing.size(); i += 16) {
          std::vector<PairWeights> step;
          for (size_t n = i; n < seeing.size() && n < i + 16; ++n) {
            const auto [row, h] = seeing[n];
            const Keys k = keys_of(s, position + row - begin, h, first);
            step.push_back({row * c.H + h, weights(k, row, h, dout)});
          }
          add(g, step, dout);
        }
      }
  }
  struct PairWeights {
    int64_t pair;  // row H + head
    Weights weights;
  };
  /// Up to sixteen pairs: a step of each sum.
  void add(PageGradient& g, const std::vector<PairWeights>& step, const std::vector<float>& dout) {
    const auto add_step = [&](float& sum, float& size, auto weight, auto weight_size,
                              const std::vector<float>& rows, int64_t width, int64_t column) {
      float products[16] = {};
      for (size_t i = 0; i < step.size(); ++i) {
        const float x = rounded_to_bf16(rows[size_t(step[i].pair * width + column)]);
        products[i] = rounded_to_bf16(weight(step[i].weights)) * x;
        size += weight_size(step[i].weights) * std::abs(x);
      }
      sum = bf16_step(sum, products);
    };
    for (int64_t slot = 0; slot < 16; ++slot) {
      const auto ds = [=](const Weights& w) { return w.ds[slot]; };
      const auto ds_size = [=](const Weights& w) { return w.size[slot]; };
      const auto p = [=](const Weights& w) { return w.p[slot]; };
      for (int64_t d = 0; d < c.Dk; ++d)
        add_step(g.dk[size_t(slot * c.Dk + d)], g.dk_size[size_t(slot * c.Dk + d)], ds, ds_size, c.q, c.Dk,
                 d);
      for (int64_t e = 0; e < c.Dv; ++e)
        add_step(g.dv[size_t(slot * c.Dv + e)], g.dv_size[size_t(slot * c.Dv + e)], p, p, dout, c.Dv, e);
    }
  }
  void collect(const PageGradient& g, int64_t row, int64_t slot, int64_t j) {
    for (int64_t d = 0; d < c.Dk; ++d) {
      c.dk[size_t((row * c.J + j) * c.Dk + d)] += g.dk[size_t(slot * c.Dk + d)];
      dk_size[size_t((row * c.J + j) * c.Dk + d)] += g.dk_size[size_t(slot * c.Dk + d)];
    }
    for (int64_t e = 0; e < c.Dv; ++e) {
      c.dv[size_t((row * c.J + j) * c.Dv + e)] += g.dv[size_t(slot * c.Dv + e)];
      dv_size[size_t((row * c.J + j) * c.Dv + e)] += g.dv_size[size_t(slot * c.Dv + e)];
    }
  }
};

}  // namespace hone::reference
