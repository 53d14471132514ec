// Tensors as matrices: what linear layers check and take apart, on either device. Only for ops_*.cpp and gpu_*.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace hone::ops {

/// One matrix at any strides.
struct Matrix {
  float* data;
  int64_t rows, cols;
  int64_t row_stride, col_stride;

  Matrix slice(int64_t begin, int64_t end) const {
    return {data + begin * row_stride, end - begin, cols, row_stride, col_stride};
  }
  Matrix t() const { return {data, cols, rows, col_stride, row_stride}; }
  bool rows_contiguous() const { return cols <= 1 || col_stride == 1; }
};

/// Several of one shape: heads or experts.
struct Matrices {
  int64_t batch;
  int64_t batch_stride;
  Matrix first;

  Matrix operator[](int64_t b) const {
    Matrix m = first;
    m.data += b * batch_stride;
    return m;
  }
  Matrices t() const { return {batch, batch_stride, first.t()}; }
};

void check_float(const at::Tensor& t, const char* what);
bool is_bf16(const at::Tensor& t);  // defined, on a GPU, of bfloat16

/// [T, B, cols] or [T, cols].
Matrices activations(const at::Tensor& t, const char* what);
/// [T, B, cols] or [T, cols] that is written.
Matrices output(const at::Tensor& t, const char* what);
/// [B, N, K] or [N, K]; on a GPU float32 or bfloat16, which has no data here: gpu_gemm takes it from the tensor.
Matrices weights(const at::Tensor& t, const char* what);

void check_same(int64_t a, int64_t b, const char* letter, const at::Tensor& first, const at::Tensor& second);

}  // namespace hone::ops
