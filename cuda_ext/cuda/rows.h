// The row operators on a GPU: parameters of cpu/rows.h, its definitions and its bits. All pointers are on the
// device; strides count floats. Letters: T tokens, H heads, K, n numbers of a row, V vocabulary.
#pragma once

#include <cstdint>

#include "cuda_ext/cpu/rows.h"
#include "cuda_ext/cuda/stream.h"

namespace hone::cuda {

using cpu::RowsOf;

/// Rows [0, rows) of the T * H.
void rms_norm(const cpu::RmsNormParams& p, int64_t rows, Stream stream);
/// dx may be dy's memory.
void rms_norm_backward_input(const cpu::RmsNormBackwardParams& p, Stream stream);
void rms_norm_backward_weight(const cpu::RmsNormBackwardParams& p, Stream stream);

void rope(const cpu::RopeParams& p, int64_t tokens, Stream stream);

/// y += x.
struct AddParams {
  RowsOf<float> y;        // [T, n]
  RowsOf<const float> x;  // [T, n]
  int64_t rows, size;     // T, n
};
void add(const AddParams& p, Stream stream);

struct SwiGluParams {
  RowsOf<float> out;            // [T, n]
  RowsOf<const float> gate_up;  // [T, 2n]; clamped: [T, n, 2]
  int64_t rows, size;           // T, n
};
void swiglu(const SwiGluParams& p, Stream stream);
void clamped_swiglu(const SwiGluParams& p, cpu::ClampedSwiGlu c, Stream stream);

/// dgate_up may be gate_up's memory.
struct SwiGluBackwardParams {
  RowsOf<float> dgate_up;             // [T, 2n]; clamped: [T, n, 2]
  RowsOf<const float> dout, gate_up;  // [T, n], as dgate_up
  int64_t rows, size;                 // T, n
};
void swiglu_backward(const SwiGluBackwardParams& p, Stream stream);
void clamped_swiglu_backward(const SwiGluBackwardParams& p, cpu::ClampedSwiGlu c, Stream stream);

/// out = x clamped; out may be x. Backward: out is dx, set to 0 where x lies outside.
struct ClampParams {
  RowsOf<float> out;      // [T, n]
  RowsOf<const float> x;  // [T, n]
  int64_t rows, size;     // T, n
  float limit;
};
void clamp(const ClampParams& p, Stream stream);
void clamp_backward(const ClampParams& p, Stream stream);

/// One gate a row.
struct SigmoidGateParams {
  RowsOf<float> out;      // [T, n]
  RowsOf<const float> y;  // [T, n]
  const float* gate;      // [T], gate_stride apart
  int64_t gate_stride;
  int64_t rows, size;  // T, n
};
void sigmoid_gate(const SigmoidGateParams& p, Stream stream);

struct SigmoidGateBackwardParams {
  RowsOf<float> dy;             // [T, n]; may be dout's or y's memory
  float* dgate;                 // [T], dgate_stride apart
  RowsOf<const float> dout, y;  // [T, n]
  const float* gate;            // [T], gate_stride apart
  int64_t gate_stride, dgate_stride;
  int64_t rows, size;  // T, n
};
void sigmoid_gate_backward(const SigmoidGateBackwardParams& p, Stream stream);

struct EmbeddingParams {
  RowsOf<float> out;           // [T, K]
  RowsOf<const float> weight;  // [V, K]
  const int32_t* ids;          // [T]
  int64_t rows, size;          // T, K
};
void embedding(const EmbeddingParams& p, Stream stream);

/// Tokens sorted by id (token_order.h): those of different id number u are tokens[begin[u]] to
/// tokens[begin[u + 1] - 1], ascending.
struct EmbeddingBackwardParams {
  RowsOf<float> dweight;                // [V, K], added to
  RowsOf<const float> dy;               // [T, K]
  const int32_t *ids, *begin, *tokens;  // [U], [U + 1], [T]
  int64_t num_ids, size;                // U, K
};
void embedding_backward(const EmbeddingBackwardParams& p, Stream stream);

}  // namespace hone::cuda
