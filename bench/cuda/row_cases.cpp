// Row operators: all bound by memory.
#include "bench/cuda/cases.h"
#include "cuda_ext/cuda/rows.h"
#include "cuda_ext/cuda/token_order.h"

namespace hone::gpu {
namespace {

using cpu::dispatch;
using cpu::RowsOf;

RowsOf<float> rows(Floats& x, Side side, int64_t size) { return {x.at(side), size, size}; }
RowsOf<const float> rows_in(Floats& x, Side side, int64_t size) { return {x.at(side), size, size}; }

CaseInfo info(const char* kernel, int64_t T, int64_t K, double numbers_a_row) {
  return {.kernel = kernel, .shape = {{"T", T}, {"K", K}}, .bytes = 4 * double(T) * numbers_a_row};
}

std::unique_ptr<KernelCase> rms_norm(int64_t T, int64_t K, int64_t compared) {
  struct Data {
    Floats x, weight, y, rstd;
  };
  const auto params = [=](Data& d, Side s) {
    return cpu::RmsNormParams{.y = rows(d.y, s, K),
                              .rstd = rows(d.rstd, s, 1),
                              .x = rows_in(d.x, s, K),
                              .weight = d.weight.at(s),
                              .heads = 1,
                              .size = K,
                              .eps = 1e-6f};
  };
  return make_case(
      info("rms_norm", T, K, 2 * double(K) + 1),
      Data{uniform(T * K, 1), uniform(K, 2), filled(T * K, 0), filled(T, 0)},
      [=](Data& d) { cuda::rms_norm(params(d, Side::gpu), T, nullptr); },
      [=](Data& d) {
        dispatch([&](auto i) { cpu::rms_norm<i>(params(d, Side::cpu), 0, compared); });
        d.y.expect_same(compared * K, "rms_norm y");
        d.rstd.expect_same(compared, "rms_norm rstd");
      });
}

struct NormBackward {
  Floats dy, x, weight, rstd, dx, dweight;
  NormBackward(int64_t T, int64_t K)
      : dy(uniform(T * K, 1)),
        x(uniform(T * K, 2)),
        weight(uniform(K, 3)),
        rstd(uniform(T, 4)),
        dx(filled(T * K, 0)),
        dweight(filled(K, 0)) {}
  cpu::RmsNormBackwardParams params(Side s, int64_t T, int64_t K) {
    return {.dx = rows(dx, s, K),
            .dweight = dweight.at(s),
            .dy = rows_in(dy, s, K),
            .x = rows_in(x, s, K),
            .weight = weight.at(s),
            .rstd = rows_in(rstd, s, 1),
            .heads = 1,
            .size = K,
            .rows = T,
            .accumulate = false};
  }
};

std::unique_ptr<KernelCase> rms_norm_backward_input(int64_t T, int64_t K, int64_t compared) {
  return make_case(
      info("rms_norm_backward_input", T, K, 3 * double(K) + 1), NormBackward(T, K),
      [=](NormBackward& d) { cuda::rms_norm_backward_input(d.params(Side::gpu, T, K), nullptr); },
      [=](NormBackward& d) {
        dispatch([&](auto i) { cpu::rms_norm_backward_input<i>(d.params(Side::cpu, T, K), 0, compared); });
        d.dx.expect_same(compared * K, "rms_norm_backward_input dx");
      });
}

std::unique_ptr<KernelCase> rms_norm_backward_weight(int64_t T, int64_t K) {
  return make_case(
      info("rms_norm_backward_weight", T, K, 2 * double(K) + 1), NormBackward(T, K),
      [=](NormBackward& d) { cuda::rms_norm_backward_weight(d.params(Side::gpu, T, K), nullptr); },
      [=](NormBackward& d) {
        dispatch([&](auto i) { cpu::rms_norm_backward_weight<i>(d.params(Side::cpu, T, K), 0, K); });
        d.dweight.expect_same(K, "rms_norm_backward_weight dweight");
      });
}

std::unique_ptr<KernelCase> rope(int64_t T, int64_t H, int64_t D, int64_t compared) {
  struct Data {
    Floats x, cos, sin;
    Ints positions;
  };
  const auto params = [=](Data& d, Side s) {
    return cpu::RopeParams{.x = {d.x.at(s), H * D, D},
                           .positions = d.positions.at(s),
                           .cos = d.cos.at(s),
                           .sin = d.sin.at(s),
                           .heads = H,
                           .size = D,
                           .interleaved = false,
                           .inverse = false};
  };
  CaseInfo i = info("rope", T, D, 2 * double(H * D) + 1);
  i.shape["H"] = H;
  return make_case(
      i,
      Data{uniform(T * H * D, 1), uniform(1024 * D / 2, 2), uniform(1024 * D / 2, 3),
           random_ints(T, 1024, 4)},
      [=](Data& d) { cuda::rope(params(d, Side::gpu), T, nullptr); },
      [=](Data& d) {
        dispatch([&](auto isa) { cpu::rope<isa>(params(d, Side::cpu), 0, compared); });
        d.x.expect_same(compared * H * D, "rope x");
      });
}

std::unique_ptr<KernelCase> add(int64_t T, int64_t K, int64_t compared) {
  struct Data {
    Floats y, x;
  };
  return make_case(
      info("add", T, K, 3 * double(K)), Data{uniform(T * K, 1), uniform(T * K, 2)},
      [=](Data& d) {
        cuda::add({.y = rows(d.y, Side::gpu, K), .x = rows_in(d.x, Side::gpu, K), .rows = T, .size = K},
                  nullptr);
      },
      [=](Data& d) {
        dispatch([&](auto i) { cpu::add_row<i>(d.y.at(Side::cpu), d.x.at(Side::cpu), compared * K); });
        d.y.expect_same(compared * K, "add y");
      });
}

std::unique_ptr<KernelCase> swiglu(int64_t T, int64_t F, int64_t compared) {
  struct Data {
    Floats gate_up, out;
  };
  return make_case(
      info("swiglu", T, F, 3 * double(F)), Data{uniform(T * 2 * F, 1, 4), filled(T * F, 0)},
      [=](Data& d) {
        cuda::swiglu({.out = rows(d.out, Side::gpu, F),
                      .gate_up = rows_in(d.gate_up, Side::gpu, 2 * F),
                      .rows = T,
                      .size = F},
                     nullptr);
      },
      [=](Data& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            cpu::swiglu<i>(d.out.at(Side::cpu) + t * F, d.gate_up.at(Side::cpu) + t * 2 * F, F);
          });
        d.out.expect_same(compared * F, "swiglu out");
      });
}

std::unique_ptr<KernelCase> swiglu_backward(int64_t T, int64_t F, int64_t compared) {
  struct Data {
    Floats dgate_up, dout, gate_up;
  };
  return make_case(
      info("swiglu_backward", T, F, 5 * double(F)),
      Data{filled(T * 2 * F, 0), uniform(T * F, 1), uniform(T * 2 * F, 2, 4)},
      [=](Data& d) {
        cuda::swiglu_backward({.dgate_up = rows(d.dgate_up, Side::gpu, 2 * F),
                               .dout = rows_in(d.dout, Side::gpu, F),
                               .gate_up = rows_in(d.gate_up, Side::gpu, 2 * F),
                               .rows = T,
                               .size = F},
                              nullptr);
      },
      [=](Data& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            cpu::swiglu_backward<i>(d.dgate_up.at(Side::cpu) + t * 2 * F, d.dout.at(Side::cpu) + t * F,
                                    d.gate_up.at(Side::cpu) + t * 2 * F, F);
          });
        d.dgate_up.expect_same(compared * 2 * F, "swiglu_backward dgate_up");
      });
}

std::unique_ptr<KernelCase> embedding(int64_t T, int64_t V, int64_t K, int64_t compared) {
  struct Data {
    Floats weight, out;
    Ints ids;
  };
  CaseInfo i = info("embedding", T, K, 2 * double(K) + 1);
  i.shape["V"] = V;
  return make_case(
      i, Data{uniform(V * K, 1), filled(T * K, 0), random_ints(T, V, 2)},
      [=](Data& d) {
        cuda::embedding({.out = rows(d.out, Side::gpu, K),
                         .weight = rows_in(d.weight, Side::gpu, K),
                         .ids = d.ids.at(Side::gpu),
                         .rows = T,
                         .size = K},
                        nullptr);
      },
      [=](Data& d) {
        for (int64_t t = 0; t < compared; ++t)
          std::copy_n(d.weight.at(Side::cpu) + d.ids.at(Side::cpu)[t] * K, K, d.out.at(Side::cpu) + t * K);
        d.out.expect_same(compared * K, "embedding out");
      });
}

std::unique_ptr<KernelCase> embedding_backward(int64_t T, int64_t V, int64_t K) {
  struct Data {
    Floats dweight, dy;
    Ints ids, begin, tokens, all;
  };
  Ints all = random_ints(T, V, 2);
  cuda::TokensById order = cuda::sort_tokens({all.at(Side::cpu), size_t(T)});
  const auto U = int64_t(order.ids.size());
  CaseInfo i = info("embedding_backward", T, K, double(K) * (1 + 2 * double(U) / double(T)) + 1);
  i.shape["V"] = V;
  return make_case(
      i,
      Data{filled(V * K, 0), uniform(T * K, 1), Ints(std::move(order.ids)), Ints(std::move(order.begin)),
           Ints(std::move(order.tokens)), std::move(all)},
      [=](Data& d) {
        cuda::embedding_backward({.dweight = rows(d.dweight, Side::gpu, K),
                                  .dy = rows_in(d.dy, Side::gpu, K),
                                  .ids = d.ids.at(Side::gpu),
                                  .begin = d.begin.at(Side::gpu),
                                  .tokens = d.tokens.at(Side::gpu),
                                  .num_ids = U,
                                  .size = K},
                                 nullptr);
      },
      [=](Data& d) {
        for (int64_t t = 0; t < T; ++t)
          dispatch([&](auto isa) {
            cpu::add_row<isa>(d.dweight.at(Side::cpu) + d.all.at(Side::cpu)[t] * K,
                              d.dy.at(Side::cpu) + t * K, K);
          });
        d.dweight.expect_same(V * K, "embedding_backward dweight");
      });
}

}  // namespace

void add_row_cases(Cases& cases, const Sizes& s) {
  for (const int64_t T : {s.tokens, s.decoding}) {
    const int64_t compared = std::min(T, s.compared);
    cases.push_back({"rms_norm", [=] { return rms_norm(T, s.hidden, compared); }});
    cases.push_back({"rope", [=] { return rope(T, s.heads, s.head_size, compared); }});
    cases.push_back({"add", [=] { return add(T, s.hidden, compared); }});
    cases.push_back({"swiglu", [=] { return swiglu(T, s.inner, compared); }});
    cases.push_back({"embedding", [=] { return embedding(T, s.range, s.hidden, compared); }});
  }
  const int64_t T = s.tokens, compared = std::min(T, s.compared);
  cases.push_back(
      {"rms_norm_backward_input", [=] { return rms_norm_backward_input(T, s.hidden, compared); }});
  cases.push_back({"rms_norm_backward_weight", [=] { return rms_norm_backward_weight(T, s.hidden); }});
  cases.push_back({"swiglu_backward", [=] { return swiglu_backward(T, s.inner, compared); }});
  cases.push_back({"embedding_backward", [=] { return embedding_backward(T, s.range, s.hidden); }});
}

}  // namespace hone::gpu
