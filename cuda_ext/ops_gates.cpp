// Gates and clamps on rows: checks, then the kernels of cpu/rows.h.
#include "cuda_ext/cpu/rows.h"
#include "cuda_ext/cuda/rows.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"
#include "cuda_ext/row_checks.h"

namespace hone::ops {
namespace {

/// gate_up [T, 2I] for `half` [T, I].
void check_pair(const Tensor& gate_up, const Tensor& half, const char* name, const char* half_name) {
  check_rows(gate_up, name, 2);
  check_rows(half, half_name, 2);
  TORCH_CHECK(gate_up.size(0) == half.size(0) && gate_up.size(1) == 2 * half.size(1), half_name, ": got ",
              half.sizes(), " for gate_up ", gate_up.sizes());
}

/// f(isa, out row, in row) for all rows.
template <class F>
void for_each_row(const Tensor& out, const Tensor& in, int64_t cost, F f) {
  float* to = out.data_ptr<float>();
  const float* from = in.const_data_ptr<float>();
  parallel_for(out.size(0), grain(cost), [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) {
      for (int64_t t = begin; t < end; ++t) f(isa, to + t * out.stride(0), from + t * in.stride(0), t);
    });
  });
}

template <class Float>
cpu::RowsOf<Float> rows_of(const Tensor& x) {
  return {x.data_ptr<float>(), x.stride(0), 0};
}

void check_gate(const Tensor& gate, const char* name, int64_t rows) {
  check_rows(gate, name, 2);
  TORCH_CHECK(gate.size(0) == rows && gate.size(1) == 1, name, ": got ", gate.sizes(), ", expected [", rows,
              ", 1]");
}

}  // namespace

void swiglu_(Tensor& out_, const Tensor& gate_up) {
  check_pair(gate_up, out_, "swiglu_: gate_up", "swiglu_: out");
  const int64_t n = out_.size(1);
  if (ran_on_gpu("swiglu_", {{"gate_up", gate_up}, {"out", out_}}, [&](auto stream) {
        cuda::swiglu({rows_of<float>(out_), rows_of<const float>(gate_up), out_.size(0), n}, stream);
      }))
    return;
  for_each_row(out_, gate_up, 8 * n,
               [&](auto isa, float* out, const float* in, int64_t) { cpu::swiglu<isa>(out, in, n); });
}

void swiglu_backward_(Tensor& dgate_up_, const Tensor& dout, const Tensor& gate_up) {
  check_pair(gate_up, dout, "swiglu_backward_: gate_up", "swiglu_backward_: dout");
  check_like(dgate_up_, "swiglu_backward_: dgate_up", gate_up);
  const int64_t n = dout.size(1);
  if (ran_on_gpu("swiglu_backward_", {{"gate_up", gate_up}, {"dout", dout}, {"dgate_up", dgate_up_}},
                 [&](auto stream) {
                   cuda::swiglu_backward({rows_of<float>(dgate_up_), rows_of<const float>(dout),
                                          rows_of<const float>(gate_up), dout.size(0), n},
                                         stream);
                 }))
    return;
  const float* from = dout.const_data_ptr<float>();
  for_each_row(dgate_up_, gate_up, 8 * n, [&](auto isa, float* d, const float* in, int64_t t) {
    cpu::swiglu_backward<isa>(d, from + t * dout.stride(0), in, n);
  });
}

void clamped_swiglu_(Tensor& out_, const Tensor& gate_up, double alpha, double limit) {
  check_pair(gate_up, out_, "clamped_swiglu_: gate_up", "clamped_swiglu_: out");
  const int64_t n = out_.size(1);
  const cpu::ClampedSwiGlu c{float(alpha), float(limit)};
  if (ran_on_gpu("clamped_swiglu_", {{"gate_up", gate_up}, {"out", out_}}, [&](auto stream) {
        cuda::clamped_swiglu({rows_of<float>(out_), rows_of<const float>(gate_up), out_.size(0), n}, c,
                             stream);
      }))
    return;
  for_each_row(out_, gate_up, 8 * n, [&](auto isa, float* out, const float* in, int64_t) {
    cpu::clamped_swiglu<isa>(out, in, n, c);
  });
}

void clamped_swiglu_backward_(Tensor& dgate_up_, const Tensor& dout, const Tensor& gate_up, double alpha,
                              double limit) {
  check_pair(gate_up, dout, "clamped_swiglu_backward_: gate_up", "clamped_swiglu_backward_: dout");
  check_like(dgate_up_, "clamped_swiglu_backward_: dgate_up", gate_up);
  const int64_t n = dout.size(1);
  const float* from = dout.const_data_ptr<float>();
  const cpu::ClampedSwiGlu c{float(alpha), float(limit)};
  if (ran_on_gpu("clamped_swiglu_backward_", {{"gate_up", gate_up}, {"dout", dout}, {"dgate_up", dgate_up_}},
                 [&](auto stream) {
                   cuda::clamped_swiglu_backward({rows_of<float>(dgate_up_), rows_of<const float>(dout),
                                                  rows_of<const float>(gate_up), dout.size(0), n},
                                                 c, stream);
                 }))
    return;
  for_each_row(dgate_up_, gate_up, 8 * n, [&](auto isa, float* d, const float* in, int64_t t) {
    cpu::clamped_swiglu_backward<isa>(d, from + t * dout.stride(0), in, n, c);
  });
}

void clamp_(Tensor& out_, const Tensor& x, double limit) {
  check_rows(x, "clamp_: x", 2);
  check_like(out_, "clamp_: out", x);
  const int64_t n = x.size(1);
  if (ran_on_gpu("clamp_", {{"x", x}, {"out", out_}}, [&](auto stream) {
        cuda::clamp({rows_of<float>(out_), rows_of<const float>(x), x.size(0), n, float(limit)}, stream);
      }))
    return;
  for_each_row(out_, x, n, [&](auto isa, float* out, const float* in, int64_t) {
    cpu::clamp_row<isa>(out, in, n, float(limit));
  });
}

void clamp_backward_(Tensor& dx_, const Tensor& x, double limit) {
  check_rows(x, "clamp_backward_: x", 2);
  check_like(dx_, "clamp_backward_: dx", x);
  const int64_t n = x.size(1);
  if (ran_on_gpu("clamp_backward_", {{"x", x}, {"dx", dx_}}, [&](auto stream) {
        cuda::clamp_backward({rows_of<float>(dx_), rows_of<const float>(x), x.size(0), n, float(limit)},
                             stream);
      }))
    return;
  for_each_row(dx_, x, n, [&](auto isa, float* d, const float* in, int64_t) {
    cpu::clamp_row_backward<isa>(d, in, n, float(limit));
  });
}

void sigmoid_gate_(Tensor& out_, const Tensor& y, const Tensor& gate) {
  check_rows(y, "sigmoid_gate_: y", 2);
  check_like(out_, "sigmoid_gate_: out", y);
  check_gate(gate, "sigmoid_gate_: gate", y.size(0));
  const int64_t n = y.size(1);
  const float* g = gate.const_data_ptr<float>();
  if (ran_on_gpu("sigmoid_gate_", {{"y", y}, {"out", out_}, {"gate", gate}}, [&](auto stream) {
        cuda::sigmoid_gate({.out = rows_of<float>(out_),
                            .y = rows_of<const float>(y),
                            .gate = g,
                            .gate_stride = gate.stride(0),
                            .rows = y.size(0),
                            .size = n},
                           stream);
      }))
    return;
  for_each_row(out_, y, n, [&](auto isa, float* out, const float* in, int64_t t) {
    cpu::sigmoid_gate<isa>(out, in, g[t * gate.stride(0)], n);
  });
}

void sigmoid_gate_backward_(Tensor& dy_, Tensor& dgate_, const Tensor& dout, const Tensor& y,
                            const Tensor& gate) {
  check_rows(y, "sigmoid_gate_backward_: y", 2);
  check_like(dy_, "sigmoid_gate_backward_: dy", y);
  check_like(dout, "sigmoid_gate_backward_: dout", y);
  check_gate(gate, "sigmoid_gate_backward_: gate", y.size(0));
  check_gate(dgate_, "sigmoid_gate_backward_: dgate", y.size(0));
  const int64_t n = y.size(1);
  const float *g = gate.const_data_ptr<float>(), *d = dout.const_data_ptr<float>();
  float* dgate = dgate_.data_ptr<float>();
  if (ran_on_gpu("sigmoid_gate_backward_",
                 {{"y", y}, {"dy", dy_}, {"dgate", dgate_}, {"dout", dout}, {"gate", gate}},
                 [&](auto stream) {
                   cuda::sigmoid_gate_backward({.dy = rows_of<float>(dy_),
                                                .dgate = dgate,
                                                .dout = rows_of<const float>(dout),
                                                .y = rows_of<const float>(y),
                                                .gate = g,
                                                .gate_stride = gate.stride(0),
                                                .dgate_stride = dgate_.stride(0),
                                                .rows = y.size(0),
                                                .size = n},
                                               stream);
                 }))
    return;
  for_each_row(dy_, y, n, [&](auto isa, float* dy, const float* in, int64_t t) {
    dgate[t * dgate_.stride(0)] =
        cpu::sigmoid_gate_backward<isa>(dy, d + t * dout.stride(0), in, g[t * gate.stride(0)], n);
  });
}

}  // namespace hone::ops
