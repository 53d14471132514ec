// The language-model head over a range of logits, its draws, filters, and the rows that have gradients.
#include "bench/cuda/cases.h"
#include "core/philox.h"
#include "cuda_ext/cuda/lm_head.h"

namespace hone::gpu {
namespace {

using cpu::dispatch;

Json shape(int64_t T, int64_t ids) { return {{"T", T}, {"ids", ids}}; }

struct Head {
  Floats logits, z, lse, dlogprobs;
  Ints targets;
  GpuArray<cpu::HeadSum> sums;
  GpuArray<cpu::HeadDraw> draws;
  GpuArray<cuda::HeadPart> parts;
  Head(int64_t T, int64_t ids)
      : logits(uniform(T * ids, 1, 8)),
        z(filled(T, 0)),
        lse(filled(T, 10)),
        dlogprobs(uniform(T, 2)),
        targets(random_ints(T, ids, 3)),
        sums(std::vector<cpu::HeadSum>(size_t(T))),
        draws(some_draws(T)),
        parts(std::vector<cuda::HeadPart>(size_t(cuda::head_parts(T, ids)))) {}

 private:
  static std::vector<cpu::HeadDraw> some_draws(int64_t T) {
    std::vector<cpu::HeadDraw> draws;
    for (int64_t t = 0; t < T; ++t) {
      const PhiloxKey key = key_of(mix(99, uint64_t(t)));
      draws.push_back({.key_lo = key.lo, .key_hi = key.hi, .position = uint32_t(t)});
    }
    return draws;
  }
};

std::unique_ptr<KernelCase> score(int64_t T, int64_t ids, int64_t compared) {
  const auto params = [=](Head& d, Side s) {
    return cpu::HeadScoreParams{.logits = d.logits.at(s),
                                .stride = ids,
                                .first_id = 0,
                                .num_ids = ids,
                                .scale = 1,
                                .targets = d.targets.at(s),
                                .sums = d.sums.at(s),
                                .z = d.z.at(s)};
  };
  return make_case(
      {.kernel = "head_score", .shape = shape(T, ids), .bytes = 4 * double(T) * double(ids)}, Head(T, ids),
      [=](Head& d) { cuda::head_score(params(d, Side::gpu), T, d.parts.at(Side::gpu), nullptr); },
      [=](Head& d) {
        dispatch([&](auto i) { cpu::head_score<i>(params(d, Side::cpu), 0, compared); });
        d.sums.expect_same(compared, "head_score sums");
        d.z.expect_same(compared, "head_score z");
      });
}

std::unique_ptr<KernelCase> gradient(int64_t T, int64_t ids, int64_t compared) {
  const auto params = [=](Head& d, Side s) {
    return cpu::HeadGradientParams{.logits_ = d.logits.at(s),
                                   .stride = ids,
                                   .first_id = 0,
                                   .num_ids = ids,
                                   .scale = 1,
                                   .targets = d.targets.at(s),
                                   .lse = d.lse.at(s),
                                   .dlogprobs = d.dlogprobs.at(s)};
  };
  return make_case(
      {.kernel = "head_gradient", .shape = shape(T, ids), .bytes = 8 * double(T) * double(ids)}, Head(T, ids),
      [=](Head& d) { cuda::head_gradient(params(d, Side::gpu), T, nullptr); },
      [=](Head& d) {
        dispatch([&](auto i) { cpu::head_gradient<i>(params(d, Side::cpu), 0, compared); });
        d.logits.expect_same(compared * ids, "head_gradient");
      });
}

std::unique_ptr<KernelCase> sample(int64_t T, int64_t ids, int64_t compared) {
  const auto params = [=](Head& d, Side s) {
    return cpu::HeadSampleParams{.logits = d.logits.at(s),
                                 .stride = ids,
                                 .first_id = 0,
                                 .num_ids = ids,
                                 .sums = d.sums.at(s),
                                 .draws = d.draws.at(s)};
  };
  return make_case(
      {.kernel = "head_sample", .shape = shape(T, ids), .bytes = 4 * double(T) * double(ids)}, Head(T, ids),
      [=](Head& d) { cuda::head_sample(params(d, Side::gpu), T, d.parts.at(Side::gpu), nullptr); },
      [=](Head& d) {
        dispatch([&](auto i) { cpu::head_sample<i>(params(d, Side::cpu), 0, compared); });
        std::vector<cpu::HeadDraw> drawn(static_cast<size_t>(compared));
        read(drawn.data(), d.draws.at(Side::gpu), drawn.size() * sizeof(cpu::HeadDraw));
        for (size_t r = 0; r < drawn.size(); ++r)
          check(drawn[r].id == d.draws.at(Side::cpu)[r].id, "head_sample: row ", r, " drew ", drawn[r].id,
                " on the GPU, ", d.draws.at(Side::cpu)[r].id, " on the CPU");
      });
}

std::unique_ptr<KernelCase> filter(int64_t rows, int64_t V, int64_t compared) {
  struct Data {
    Floats z;
    GpuArray<cpu::HeadFilter> filters;
  };
  const std::vector<cpu::HeadFilter> filters(size_t(rows), {.top_k = 50, .top_p = 0.95f, .min_p = 0});
  return make_case(
      {.kernel = "head_filter", .shape = {{"T", rows}, {"V", V}}, .bytes = 8 * double(rows) * double(V)},
      Data{uniform(rows * V, 1, 8), GpuArray<cpu::HeadFilter>(filters)},
      [=](Data& d) {
        cuda::head_filter(
            {.z = d.z.at(Side::gpu), .filters = d.filters.at(Side::gpu), .rows = rows, .vocab_size = V},
            nullptr);
      },
      [=](Data& d) {
        for (int64_t r = 0; r < compared; ++r) cpu::filter_row(d.z.at(Side::cpu) + r * V, V, filters[0]);
        d.z.expect_same(compared * V, "head_filter z");
      });
}

/// Every other row has a gradient.
struct Kept {
  Floats dlogprobs, lse, x, kept_x, kept_lse, kept_dlogprobs;
  Ints targets, order, position, kept_targets;
  GpuArray<int64_t> offsets;
  Kept(int64_t T, int64_t K)
      : dlogprobs(every_other(T)),
        lse(uniform(T, 1)),
        x(uniform(T * K, 2)),
        kept_x(filled(T * K, 0)),
        kept_lse(filled(T, 0)),
        kept_dlogprobs(filled(T, 0)),
        targets(random_ints(T, 1000, 3)),
        order(wanted_order(T)),
        position(wanted_position(T)),
        kept_targets(random_ints(T, 1, 4)),
        offsets(std::vector<int64_t>{0, (T + 1) / 2}) {}

 private:
  static Floats every_other(int64_t T) {
    std::vector<float> d(size_t(T), 0.0f);
    for (size_t t = 0; t < d.size(); t += 2) d[t] = 0.5f;
    return Floats(std::move(d));
  }
  static Ints wanted_order(int64_t T) {
    std::vector<int32_t> order(size_t(T), 0);
    for (int32_t t = 0; t < T; t += 2) order[size_t(t / 2)] = t;
    return Ints(std::move(order));
  }
  static Ints wanted_position(int64_t T) {
    std::vector<int32_t> position(size_t(T), -1);
    for (int32_t t = 0; t < T; t += 2) position[size_t(t)] = t / 2;
    return Ints(std::move(position));
  }
};

std::unique_ptr<KernelCase> rows_with_gradients(int64_t T) {
  Kept kept(T, 1);
  const std::vector<int32_t> nothing(size_t(T), -7);  // on the GPU; the host has what is wanted
  write(kept.order.at(Side::gpu), nothing.data(), kept.order.bytes());
  write(kept.position.at(Side::gpu), nothing.data(), kept.position.bytes());
  return make_case(
      {.kernel = "head_rows", .shape = {{"T", T}}, .bytes = 4 * 2.5 * double(T)}, std::move(kept),
      [=](Kept& d) {
        cuda::head_rows({.dlogprobs = d.dlogprobs.at(Side::gpu),
                         .rows = T,
                         .chunk_rows = T,
                         .order = d.order.at(Side::gpu),
                         .position = d.position.at(Side::gpu),
                         .offsets = d.offsets.at(Side::gpu)},
                        nullptr);
      },
      [=](Kept& d) {
        d.order.expect_same((T + 1) / 2, "head_rows order");
        d.position.expect_same(T, "head_rows position");
        d.offsets.expect_same(2, "head_rows offsets");
      });
}

std::unique_ptr<KernelCase> gather(int64_t T, int64_t K) {
  return make_case(
      {.kernel = "head_gather", .shape = {{"T", T}, {"K", K}}, .bytes = 4 * double(T) * double(K)},
      Kept(T, K),
      [=](Kept& d) {
        cuda::head_gather({.position = d.position.at(Side::gpu),
                           .rows = T,
                           .width = K,
                           .x = d.x.at(Side::gpu),
                           .x_stride = K,
                           .targets = d.targets.at(Side::gpu),
                           .lse = d.lse.at(Side::gpu),
                           .dlogprobs = d.dlogprobs.at(Side::gpu),
                           .kept_x = d.kept_x.at(Side::gpu),
                           .kept_targets = d.kept_targets.at(Side::gpu),
                           .kept_lse = d.kept_lse.at(Side::gpu),
                           .kept_dlogprobs = d.kept_dlogprobs.at(Side::gpu)},
                          nullptr);
      },
      [=](Kept& d) {
        for (int64_t t = 0; t < T; t += 2)
          std::copy_n(d.x.at(Side::cpu) + t * K, K, d.kept_x.at(Side::cpu) + t / 2 * K);
        d.kept_x.expect_same((T + 1) / 2 * K, "head_gather kept_x");
      });
}

std::unique_ptr<KernelCase> scatter(int64_t T, int64_t K) {
  return make_case(
      {.kernel = "head_scatter", .shape = {{"T", T}, {"K", K}}, .bytes = 4 * 1.5 * double(T) * double(K)},
      Kept(T, K),
      [=](Kept& d) {
        cuda::head_scatter({.position = d.position.at(Side::gpu),
                            .rows = T,
                            .width = K,
                            .kept_dx = d.x.at(Side::gpu),
                            .dx = d.kept_x.at(Side::gpu),
                            .dx_stride = K},
                           nullptr);
      },
      [=](Kept& d) {
        for (int64_t t = 0; t < T; t += 2)
          std::copy_n(d.x.at(Side::cpu) + t / 2 * K, K, d.kept_x.at(Side::cpu) + t * K);
        d.kept_x.expect_same(T * K, "head_scatter dx");
      });
}

}  // namespace

void add_head_cases(Cases& cases, const Sizes& s) {
  const int64_t T = s.decoding, compared = std::min<int64_t>(T, 8);
  cases.push_back({"head_score", [=] { return score(T, s.range, compared); }});
  cases.push_back({"head_gradient", [=] { return gradient(T, s.range, compared); }});
  cases.push_back({"head_sample", [=] { return sample(T, s.range, compared); }});
  cases.push_back({"head_filter", [=] { return filter(T, s.vocab, std::min<int64_t>(T, 2)); }});
  cases.push_back({"head_rows", [=] { return rows_with_gradients(s.tokens); }});
  cases.push_back({"head_gather", [=] { return gather(s.tokens, s.hidden); }});
  cases.push_back({"head_scatter", [=] { return scatter(s.tokens, s.hidden); }});
}

}  // namespace hone::gpu
