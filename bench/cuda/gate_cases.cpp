// The remaining gates: clamped SwiGLU, clamping, the gate of a shared expert; all bound by memory.
#include "bench/cuda/cases.h"
#include "cuda_ext/cuda/rows.h"

namespace hone::gpu {
namespace {

using cpu::dispatch;

constexpr cpu::ClampedSwiGlu kClamped{1.702f, 2.5f};

CaseInfo info(const char* kernel, int64_t T, int64_t K, double numbers_a_row) {
  return {.kernel = kernel, .shape = {{"T", T}, {"K", K}}, .bytes = 4 * double(T) * numbers_a_row};
}

struct Gate {
  Floats out, dout, in;
};

std::unique_ptr<KernelCase> clamped_swiglu(int64_t T, int64_t F, int64_t compared) {
  return make_case(
      info("clamped_swiglu", T, F, 3 * double(F)),
      Gate{filled(T * F, 0), filled(0, 0), uniform(T * 2 * F, 1, 4)},
      [=](Gate& d) {
        cuda::clamped_swiglu({.out = {d.out.at(Side::gpu), F, F},
                              .gate_up = {d.in.at(Side::gpu), 2 * F, 0},
                              .rows = T,
                              .size = F},
                             kClamped, nullptr);
      },
      [=](Gate& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            cpu::clamped_swiglu<i>(d.out.at(Side::cpu) + t * F, d.in.at(Side::cpu) + t * 2 * F, F, kClamped);
          });
        d.out.expect_same(compared * F, "clamped_swiglu out");
      });
}

std::unique_ptr<KernelCase> clamped_swiglu_backward(int64_t T, int64_t F, int64_t compared) {
  return make_case(
      info("clamped_swiglu_backward", T, F, 5 * double(F)),
      Gate{filled(T * 2 * F, 0), uniform(T * F, 1), uniform(T * 2 * F, 2, 4)},
      [=](Gate& d) {
        cuda::clamped_swiglu_backward({.dgate_up = {d.out.at(Side::gpu), 2 * F, 0},
                                       .dout = {d.dout.at(Side::gpu), F, F},
                                       .gate_up = {d.in.at(Side::gpu), 2 * F, 0},
                                       .rows = T,
                                       .size = F},
                                      kClamped, nullptr);
      },
      [=](Gate& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            cpu::clamped_swiglu_backward<i>(d.out.at(Side::cpu) + t * 2 * F, d.dout.at(Side::cpu) + t * F,
                                            d.in.at(Side::cpu) + t * 2 * F, F, kClamped);
          });
        d.out.expect_same(compared * 2 * F, "clamped_swiglu_backward dgate_up");
      });
}

std::unique_ptr<KernelCase> clamp(int64_t T, int64_t K, int64_t compared, bool backward) {
  const cuda::ClampParams shape{.out = {}, .x = {}, .rows = T, .size = K, .limit = 0.5f};
  return make_case(
      info(backward ? "clamp_backward" : "clamp", T, K, (backward ? 3 : 2) * double(K)),
      Gate{uniform(T * K, 1), filled(0, 0), uniform(T * K, 2)},
      [=](Gate& d) {
        cuda::ClampParams p = shape;
        p.out = {d.out.at(Side::gpu), K, K}, p.x = {d.in.at(Side::gpu), K, K};
        backward ? cuda::clamp_backward(p, nullptr) : cuda::clamp(p, nullptr);
      },
      [=](Gate& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            float* out = d.out.at(Side::cpu) + t * K;
            const float* x = d.in.at(Side::cpu) + t * K;
            backward ? cpu::clamp_row_backward<i>(out, x, K, 0.5f) : cpu::clamp_row<i>(out, x, K, 0.5f);
          });
        d.out.expect_same(compared * K, "clamp out");
      });
}

struct SharedGate {
  Floats out, dgate, dout, y, gate;
  SharedGate(int64_t T, int64_t K)
      : out(filled(T * K, 0)),
        dgate(filled(T, 0)),
        dout(uniform(T * K, 1)),
        y(uniform(T * K, 2)),
        gate(uniform(T, 3, 2)) {}
};

std::unique_ptr<KernelCase> sigmoid_gate(int64_t T, int64_t K, int64_t compared) {
  return make_case(
      info("sigmoid_gate", T, K, 2 * double(K) + 1), SharedGate(T, K),
      [=](SharedGate& d) {
        cuda::sigmoid_gate({.out = {d.out.at(Side::gpu), K, K},
                            .y = {d.y.at(Side::gpu), K, K},
                            .gate = d.gate.at(Side::gpu),
                            .gate_stride = 1,
                            .rows = T,
                            .size = K},
                           nullptr);
      },
      [=](SharedGate& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            cpu::sigmoid_gate<i>(d.out.at(Side::cpu) + t * K, d.y.at(Side::cpu) + t * K,
                                 d.gate.at(Side::cpu)[t], K);
          });
        d.out.expect_same(compared * K, "sigmoid_gate out");
      });
}

std::unique_ptr<KernelCase> sigmoid_gate_backward(int64_t T, int64_t K, int64_t compared) {
  return make_case(
      info("sigmoid_gate_backward", T, K, 3 * double(K) + 2), SharedGate(T, K),
      [=](SharedGate& d) {
        cuda::sigmoid_gate_backward({.dy = {d.out.at(Side::gpu), K, K},
                                     .dgate = d.dgate.at(Side::gpu),
                                     .dout = {d.dout.at(Side::gpu), K, K},
                                     .y = {d.y.at(Side::gpu), K, K},
                                     .gate = d.gate.at(Side::gpu),
                                     .gate_stride = 1,
                                     .dgate_stride = 1,
                                     .rows = T,
                                     .size = K},
                                    nullptr);
      },
      [=](SharedGate& d) {
        for (int64_t t = 0; t < compared; ++t)
          dispatch([&](auto i) {
            d.dgate.at(Side::cpu)[t] =
                cpu::sigmoid_gate_backward<i>(d.out.at(Side::cpu) + t * K, d.dout.at(Side::cpu) + t * K,
                                              d.y.at(Side::cpu) + t * K, d.gate.at(Side::cpu)[t], K);
          });
        d.out.expect_same(compared * K, "sigmoid_gate_backward dy");
        d.dgate.expect_same(compared, "sigmoid_gate_backward dgate");
      });
}

}  // namespace

void add_gate_cases(Cases& cases, const Sizes& s) {
  const int64_t T = s.tokens, K = s.hidden, compared = std::min(T, s.compared);
  cases.push_back({"clamped_swiglu", [=] { return clamped_swiglu(T, s.inner, compared); }});
  cases.push_back({"clamped_swiglu_backward", [=] { return clamped_swiglu_backward(T, s.inner, compared); }});
  for (const bool backward : {false, true})
    cases.push_back({backward ? "clamp_backward" : "clamp", [=] { return clamp(T, K, compared, backward); }});
  cases.push_back({"sigmoid_gate", [=] { return sigmoid_gate(T, K, compared); }});
  cases.push_back({"sigmoid_gate_backward", [=] { return sigmoid_gate_backward(T, K, compared); }});
}

}  // namespace hone::gpu
