// Operators on rows, behind plain parameters. Their definitions, all in float32:
//   RMSNorm      a[i] = fma chain of x[k]^2 over k = i, i+16, ... from 0, i < 16
//                rstd = 1 / sqrt(tree(a) / K + eps), y = (x * rstd) * weight
//     backward   g = weight * dy, b[i] = fma chain of g[k] x[k] as above, t = (rstd * rstd) * (tree(b) / K)
//                dx = rstd * fma(x, -t, g), then + dx_ if accumulating
//                dweight = fma chain over rows ascending of dy (x * rstd), from dweight_
//   SwiGLU       s = sigmoid(gate), out = (gate * s) * up
//     backward   dup = dout * (gate * s), dgate = (dout * up) * (s * fma(gate, 1 - s, 1))
//   clamped      g = min(gate, limit), u = max(-limit, min(up, limit)), s = sigmoid(alpha * g),
//   SwiGLU       out = (g * s) * (u + 1); gate and up in even and odd columns
//     backward   dup = dout * (g * s), dgate = (dout * (u + 1)) * (s * fma(alpha * g, 1 - s, 1)); 0 of what
//                was clamped
//   clamp        max(-limit, min(x, limit)); backward: dx, or 0 where |x| > limit
//   sigmoid gate s = sigmoid(gate), out = s * y
//     backward   dy = s * dout, dgate = (16-lane sum of fma(dout, y, partial)) * (s * (1 - s))
//   rope         a' = fma(a, c, -(b * s)), b' = fma(b, c, a * s); inverse: with -s
// tree is simd.h's sum of sixteen lanes. Strides count floats; the last dimension is contiguous.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/isa.h"

namespace hone::cpu {

/// Row (t, h) of a tensor [T, H, K] starts at data + t * stride_t + h * stride_h.
template <class Float>
struct RowsOf {
  Float* data = nullptr;
  int64_t stride_t = 0, stride_h = 0;
};

struct RmsNormParams {
  RowsOf<float> y;        // [T, H, K]
  RowsOf<float> rstd;     // [T, H]
  RowsOf<const float> x;  // [T, H, K]
  const float* weight;    // [K]
  int64_t heads, size;    // H, K
  float eps;
};
/// Rows [begin, end) of the T * H rows, row t * H + h.
template <Isa I>
void rms_norm(const RmsNormParams& p, int64_t begin, int64_t end);

struct RmsNormBackwardParams {
  RowsOf<float> dx;  // [T, H, K]
  float* dweight;    // [K]
  RowsOf<const float> dy, x;
  const float* weight;        // [K]
  RowsOf<const float> rstd;   // [T, H]
  int64_t heads, size, rows;  // H, K, T * H
  bool accumulate;
};
/// dx of rows [begin, end); dy may be the same memory.
template <Isa I>
void rms_norm_backward_input(const RmsNormBackwardParams& p, int64_t begin, int64_t end);
/// dweight of columns [begin, end), all rows.
template <Isa I>
void rms_norm_backward_weight(const RmsNormBackwardParams& p, int64_t begin, int64_t end);

/// y_ += x, n numbers.
template <Isa I>
void add_row(float* y_, const float* x, int64_t n);

struct RopeParams {
  RowsOf<float> x;           // [T, H, D]
  const int32_t* positions;  // [T]
  const float* cos;          // [max_positions, D/2]
  const float* sin;          // [max_positions, D/2]
  int64_t heads, size;       // H, D
  bool interleaved, inverse;
};
/// Tokens [begin, end).
template <Isa I>
void rope(const RopeParams& p, int64_t begin, int64_t end);

/// One row: gate_up [2n], out [n].
template <Isa I>
void swiglu(float* out_, const float* gate_up, int64_t n);
/// One row: dgate_up_ [2n] may be gate_up.
template <Isa I>
void swiglu_backward(float* dgate_up_, const float* dout, const float* gate_up, int64_t n);

struct ClampedSwiGlu {
  float alpha, limit;
};
/// One row: gate_up [n, 2], out [n].
template <Isa I>
void clamped_swiglu(float* out_, const float* gate_up, int64_t n, ClampedSwiGlu c);
/// One row: dgate_up_ [n, 2] may be gate_up.
template <Isa I>
void clamped_swiglu_backward(float* dgate_up_, const float* dout, const float* gate_up, int64_t n,
                             ClampedSwiGlu c);

/// One row [n]: out_ may be x.
template <Isa I>
void clamp_row(float* out_, const float* x, int64_t n, float limit);
template <Isa I>
void clamp_row_backward(float* dx_, const float* x, int64_t n, float limit);

/// One row y [n] times sigmoid(gate).
template <Isa I>
void sigmoid_gate(float* out_, const float* y, float gate, int64_t n);
/// dy_ [n]; returns dgate.
template <Isa I>
float sigmoid_gate_backward(float* dy_, const float* dout, const float* y, float gate, int64_t n);

}  // namespace hone::cpu
