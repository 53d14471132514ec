// The head's kernels in CUDA have the bits of the CPU's: scores, gradients and draws over several ranges of ids,
// filters, and the rows that take part in gradients. Rows hold ties, blocks of -infinity, and NaN.
#include "cuda_ext/cuda/lm_head.h"

#include <algorithm>
#include <set>

#include "core/philox.h"
#include "tests/cuda_ext/cuda/kernel_case.h"

namespace hone {
namespace {

/// Rows of logits, a range at a time: what a pass over the vocabulary sees.
struct Logits {
  int64_t rows, ids, stride;
  Floats data;

  const float* at(int64_t r, int64_t v) const { return data.data() + r * stride + v; }
};

Logits make_logits(int64_t rows, int64_t ids, uint32_t seed, int64_t gap = 0) {
  Logits l{rows, ids, ids + gap, normal_floats(rows * (ids + gap), seed, 3.0f)};
  for (size_t i = 0; i < l.data.size(); i += 7) l.data[i] = std::round(l.data[i] * 2) / 2;  // ties
  if (rows > 1) std::fill_n(l.data.begin() + l.stride, std::min<int64_t>(ids, 700), -INFINITY);
  if (rows > 2) std::fill_n(l.data.begin() + 2 * l.stride, ids, NAN);
  if (rows > 3) std::fill_n(l.data.begin() + 3 * l.stride, ids, -INFINITY);
  if (rows > 4) std::fill_n(l.data.begin() + 4 * l.stride, ids, 1.5f);
  return l;
}

/// Ranges of a vocabulary that begin at multiples of 512.
std::vector<std::pair<int64_t, int64_t>> ranges(int64_t ids) {
  std::vector<std::pair<int64_t, int64_t>> all;
  for (int64_t first = 0; first < ids; first += 1024)
    all.emplace_back(first, std::min<int64_t>(1024, ids - first));
  return all;
}

Floats flat(const Array<cpu::HeadSum>& sums) {
  Floats x;
  for (const cpu::HeadSum& s : sums) x.insert(x.end(), {s.max, s.sum, s.weighted});
  return x;
}

struct Size {
  int64_t rows, ids;
};
const std::vector<Size> kSizes{{0, 8}, {1, 1}, {3, 37}, {5, 512}, {7, 513}, {6, 2600}};

TEST(CudaHead, ScoresHaveTheBitsOfTheCpu) {
  for (const auto& [rows, ids] : kSizes)
    for (const int64_t gap : {0, 3}) {
      const Logits l = make_logits(rows, ids, 1, gap);
      const Array<int32_t> targets = random_ints(rows, int32_t(ids), 2);
      struct Scores {
        Array<cpu::HeadSum> sums;
        Floats z, logprobs, lse, entropy;
      };
      const auto run = [&](auto score, auto finish) {
        const size_t n = size_t(rows);
        Scores s{Array<cpu::HeadSum>(n), Floats(n), Floats(n), Floats(n), Floats(n)};
        for (const auto& [first, count] : ranges(ids))
          score(cpu::HeadScoreParams{.logits = l.at(0, first),
                                     .stride = l.stride,
                                     .first_id = first,
                                     .num_ids = count,
                                     .scale = 0.7f,
                                     .targets = targets.data(),
                                     .sums = s.sums.data(),
                                     .z = s.z.data()});
        finish(cpu::HeadFinishParams{.sums = s.sums.data(),
                                     .z = s.z.data(),
                                     .logprobs = s.logprobs.data(),
                                     .lse = s.lse.data(),
                                     .entropy = s.entropy.data()});
        return s;
      };
      const Scores wanted =
          run([&](const auto& p) { cpu::dispatch([&](auto i) { cpu::head_score<i>(p, 0, rows); }); },
              [&](const auto& p) { cpu::dispatch([&](auto i) { cpu::head_finish<i>(p, 0, rows); }); });
      in_every_order([&, rows = rows] {
        Array<cuda::HeadPart> parts(size_t(cuda::head_parts(rows, 1024)));
        const Scores got = run([&](const auto& p) { cuda::head_score(p, rows, parts.data(), nullptr); },
                               [&](const auto& p) { cuda::head_finish(p, rows, nullptr); });
        EXPECT_TRUE(same_bits(flat(got.sums), flat(wanted.sums))) << rows << " x " << l.ids;
        EXPECT_TRUE(same_bits(got.logprobs, wanted.logprobs)) << rows << " x " << l.ids;
        EXPECT_TRUE(same_bits(got.lse, wanted.lse)) << rows << " x " << l.ids;
        EXPECT_TRUE(same_bits(got.entropy, wanted.entropy)) << rows << " x " << l.ids;
      });
    }
}

TEST(CudaHead, GradientsHaveTheBitsOfTheCpu) {
  for (const auto& [rows, ids] : kSizes)
    for (const int64_t gap : {0, 3, 4}) {
      const Array<int32_t> targets = random_ints(rows, int32_t(ids), 2);
      const Floats lse = normal_floats(rows, 3), dlogprobs = normal_floats(rows, 4);
      const auto run = [&, rows = rows, ids = ids](auto gradient) {
        Logits l = make_logits(rows, ids, 1, gap);
        for (const auto& [first, count] : ranges(ids))
          gradient(cpu::HeadGradientParams{.logits_ = l.data.data() + first,
                                           .stride = l.stride,
                                           .first_id = first,
                                           .num_ids = count,
                                           .scale = 0.7f,
                                           .targets = targets.data(),
                                           .lse = lse.data(),
                                           .dlogprobs = dlogprobs.data()});
        return l.data;
      };
      const Floats wanted =
          run([&](const auto& p) { cpu::dispatch([&](auto i) { cpu::head_gradient<i>(p, 0, rows); }); });
      in_every_order([&, rows = rows] {
        EXPECT_TRUE(same_bits(run([&](const auto& p) { cuda::head_gradient(p, rows, nullptr); }), wanted));
      });
    }
}

/// Plain, greedy, cold, hot, and one that is drawn elsewhere.
Array<cpu::HeadDraw> draws_of(int64_t rows) {
  Array<cpu::HeadDraw> draws;
  for (int64_t r = 0; r < rows; ++r) {
    const PhiloxKey key = key_of(mix(99, uint64_t(r)));
    cpu::HeadDraw d{.key_lo = key.lo, .key_hi = key.hi, .position = uint32_t(7 + r)};
    d.greedy = r % 5 == 1, d.skip = r % 7 == 6, d.scale = r % 5 == 2 ? 1.7f : r % 5 == 3 ? 0.4f : 1.0f;
    draws.push_back(d);
  }
  return draws;
}

struct Drawn {
  Array<cpu::HeadSum> sums;
  Array<cpu::HeadDraw> draws;
  template <class Sample>
  Drawn(const Logits& l, Sample sample) : sums(size_t(l.rows)), draws(draws_of(l.rows)) {
    for (const auto& [first, count] : ranges(l.ids))
      sample(cpu::HeadSampleParams{.logits = l.at(0, first),
                                   .stride = l.stride,
                                   .first_id = first,
                                   .num_ids = count,
                                   .sums = sums.data(),
                                   .draws = draws.data()});
  }
};

TEST(CudaHead, DrawsHaveTheBitsOfTheCpu) {
  for (const auto& [rows, ids] : std::vector<Size>{{0, 8}, {1, 1}, {9, 37}, {12, 513}, {30, 2600}})
    for (const int64_t gap : {0, 3}) {
      const Logits l = make_logits(rows, ids, 1, gap);
      const Drawn wanted(
          l, [&](const auto& p) { cpu::dispatch([&](auto i) { cpu::head_sample<i>(p, 0, l.rows); }); });
      in_every_order([&] {
        Array<cuda::HeadPart> parts(size_t(cuda::head_parts(l.rows, 1024)));
        const Drawn got(l, [&](const auto& p) { cuda::head_sample(p, l.rows, parts.data(), nullptr); });
        EXPECT_TRUE(same_bits(flat(got.sums), flat(wanted.sums))) << l.rows << " x " << l.ids;
        for (size_t r = 0; r < got.draws.size(); ++r) {
          EXPECT_EQ(got.draws[r].id, wanted.draws[r].id) << "row " << r << " of " << l.rows << " x " << l.ids;
          EXPECT_TRUE(same_bits({got.draws[r].z}, {wanted.draws[r].z})) << "row " << r;
        }
        // Written to other rows, and those that are drawn elsewhere left alone.
        Array<int32_t> to, ids_drawn(size_t(l.rows), -7);
        for (int64_t r = l.rows; r-- > 0;) to.push_back(int32_t(r));
        Floats logprobs(size_t(l.rows), 5.0f);
        cuda::head_sampled({.sums = got.sums.data(),
                            .draws = got.draws.data(),
                            .rows = to.data(),
                            .count = l.rows,
                            .ids = ids_drawn.data(),
                            .logprobs = logprobs.data()},
                           nullptr);
        for (size_t r = 0; r < got.draws.size(); ++r) {
          float lse = 0, logprob = 0;
          const cpu::HeadFinishParams finish{.sums = &wanted.sums[r],
                                             .z = &wanted.draws[r].z,
                                             .logprobs = &logprob,
                                             .lse = &lse,
                                             .entropy = nullptr};
          cpu::dispatch([&](auto i) { cpu::head_finish<i>(finish, 0, 1); });
          const bool skip = wanted.draws[r].skip;
          EXPECT_EQ(ids_drawn[size_t(to[r])], skip ? -7 : wanted.draws[r].id);
          EXPECT_TRUE(same_bits({logprobs[size_t(to[r])]}, {skip ? 5.0f : logprob}));
        }
      });
    }
}

TEST(CudaHead, KeepsScaledRowsForFilters) {
  for (const int64_t gap : {0, 1}) {
    const Logits l = make_logits(9, 1100, 1, gap);
    const Array<cpu::HeadDraw> draws = draws_of(9);
    const Array<int32_t> rows{0, 3, 7, 8};
    in_every_order([&] {
      Floats z(4 * 1100, NAN), wanted;
      for (const auto& [first, count] : ranges(l.ids))
        cuda::head_keep({.logits = l.at(0, first),
                         .stride = l.stride,
                         .first_id = first,
                         .num_ids = count,
                         .draws = draws.data(),
                         .rows = rows.data(),
                         .count = 4,
                         .z = z.data(),
                         .vocab_size = 1100},
                        nullptr);
      for (const int32_t r : rows)
        for (int64_t v = 0; v < 1100; ++v) wanted.push_back(*l.at(r, v) * draws[size_t(r)].scale);
      EXPECT_TRUE(same_bits(z, wanted));
    });
  }
}

TEST(CudaHead, FiltersLeaveWhatTheCpuLeaves) {
  const Array<cpu::HeadFilter> kinds{{.top_k = 5},
                                           {.top_k = 1},
                                           {.top_p = 0.8f},
                                           {.top_p = 0.999999f},
                                           {.top_p = 1e-6f},
                                           {.min_p = 0.2f},
                                           {.min_p = 1},
                                           {.top_k = 40, .top_p = 0.95f, .min_p = 0.01f},
                                           {.top_k = 3, .top_p = 0.5f},
                                           {.top_k = 1'000'000, .top_p = 0.3f}};
  for (const int64_t ids : {1, 37, 513, 5000}) {
    const int64_t rows = 2 * int64_t(kinds.size());
    Array<cpu::HeadFilter> filters = kinds;
    filters.insert(filters.end(), kinds.rbegin(), kinds.rend());
    Logits wanted = make_logits(rows, ids, 1);
    if (ids > 100) {
      wanted.data[size_t(7 * ids + 40)] = -0.0f, wanted.data[size_t(7 * ids + 41)] = 0.0f;
      wanted.data[size_t(8 * ids + 3)] = INFINITY;  // stays as it is
      wanted.data[size_t(9 * ids + 3)] = NAN;
      for (int64_t v = 0; v < ids; ++v)
        wanted.data[size_t(10 * ids + v)] = 40.0f - float(v / 3);  // far apart
    }
    const Floats before = wanted.data;
    for (int64_t r = 0; r < rows; ++r) cpu::filter_row(wanted.data.data() + r * ids, ids, filters[size_t(r)]);
    EXPECT_EQ(ids > 1, !same_bits(before, wanted.data));
    in_every_order([&] {
      Floats z = before;
      cuda::head_filter({.z = z.data(), .filters = filters.data(), .rows = rows, .vocab_size = ids}, nullptr);
      EXPECT_TRUE(same_bits(z, wanted.data)) << ids;
    });
  }
}

TEST(CudaHead, RowsWithGradientsAreFoundGatheredAndScattered) {
  for (const int64_t T : {0, 1, 40, 1500})
    for (const int64_t K : {5, 8}) {
      Floats dlogprobs = normal_floats(T, 1);
      for (size_t t = 0; t < dlogprobs.size(); ++t)
        if (t % 3 == 0 || (t > 100 && t < 900)) dlogprobs[t] = t % 2 ? 0.0f : -0.0f;
      std::vector<int32_t> kept;
      for (int64_t t = 0; t < T; ++t)
        if (dlogprobs[size_t(t)] != 0) kept.push_back(int32_t(t));
      const Matrix x = normal_matrix(T, 1, K, 2, 4);
      const Array<int32_t> targets = random_ints(T, 100, 3);
      const Floats lse = normal_floats(T, 4);
      in_every_order([&] {
        Array<int32_t> order(size_t(T), -7), position(size_t(T), -7), kept_targets(size_t(T), -7);
        const int64_t chunk = 256;
        Array<int64_t> offsets(size_t((T + chunk - 1) / chunk * 2), -7);
        cuda::head_rows({.dlogprobs = dlogprobs.data(),
                         .rows = T,
                         .chunk_rows = chunk,
                         .order = order.data(),
                         .position = position.data(),
                         .offsets = offsets.data()},
                        nullptr);
        EXPECT_TRUE(std::equal(kept.begin(), kept.end(), order.begin()));
        for (size_t c = 0; 2 * c < offsets.size(); ++c) {
          EXPECT_EQ(offsets[2 * c], 0);
          EXPECT_EQ(offsets[2 * c + 1],
                    std::clamp<int64_t>(int64_t(kept.size()) - int64_t(c) * chunk, 0, chunk));
        }
        Matrix kept_x = empty_matrix(T, 1, K), dx = empty_matrix(T, 1, K, 4);
        Floats kept_lse(size_t(T), NAN), kept_d(size_t(T), NAN);
        cuda::head_gather({.position = position.data(),
                           .rows = T,
                           .width = K,
                           .x = x.row(0),
                           .x_stride = x.stride_t(),
                           .targets = targets.data(),
                           .lse = lse.data(),
                           .dlogprobs = dlogprobs.data(),
                           .kept_x = kept_x.row(0),
                           .kept_targets = kept_targets.data(),
                           .kept_lse = kept_lse.data(),
                           .kept_dlogprobs = kept_d.data()},
                          nullptr);
        for (size_t i = 0; i < kept.size(); ++i) {
          const size_t t = size_t(kept[i]);
          EXPECT_TRUE(std::equal(x.row(kept[i]), x.row(kept[i]) + K, kept_x.row(int64_t(i))));
          EXPECT_EQ(kept_targets[i], targets[t]);
          EXPECT_TRUE(same_bits({kept_lse[i], kept_d[i]}, {lse[t], dlogprobs[t]}));
        }
        cuda::head_scatter({.position = position.data(),
                            .rows = T,
                            .width = K,
                            .kept_dx = kept_x.row(0),
                            .dx = dx.row(0),
                            .dx_stride = dx.stride_t()},
                           nullptr);
        Matrix wanted = empty_matrix(T, 1, K, 4);
        const std::set<int32_t> with(kept.begin(), kept.end());
        for (int32_t t = 0; t < T; ++t)
          for (int64_t k = 0; k < K; ++k) wanted.row(t)[k] = with.contains(t) ? x.row(t)[k] : 0.0f;
        EXPECT_TRUE(same_bits(dx.data, wanted.data));
      });
    }
}

}  // namespace
}  // namespace hone
