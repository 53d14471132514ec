// Linear layers over tensors: checks, then each operator as products of cpu/gemm.h with its own strides.
//   y = x w^T    rows of x, packed panels of w          dx = dy w      rows of dy, w as it lies
//   dw = dy^T x  columns of dy, rows of x               db = 1^T dy    fma(1, dy, s) is s + dy
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include <algorithm>
#include <vector>

#include "cuda_ext/cpu/gemm.h"
#include "cuda_ext/ops.h"

namespace hone::ops {
namespace {

using cpu::GemmParams;
using cpu::kPanel;
using cpu::PackParams;

void check_tensor(const Tensor& t, const char* what) {
  TORCH_CHECK(t.defined(), what, ": undefined");
  TORCH_CHECK(t.device().is_cpu(), what, ": got device ", t.device(), ", expected cpu");
  TORCH_CHECK(t.scalar_type() == at::kFloat, what, ": got ", t.scalar_type(), ", expected float32");
}

void check_output(const Tensor& t, const char* what) {
  check_tensor(t, what);
  TORCH_CHECK(t.size(-1) <= 1 || t.stride(-1) == 1, what, ": got strides ", t.strides(), ", expected contiguous rows");
}

/// [B, rows, cols] of a plain or batched matrix, as data and strides. `batch_first`: w; otherwise tokens come first: x, y.
struct Matrices {
  float* data;
  int64_t batch, rows, cols;
  int64_t batch_stride, row_stride, col_stride;
};

Matrices matrices(const Tensor& t, const char* what, bool batch_first) {
  check_tensor(t, what);
  TORCH_CHECK(t.dim() == 2 || t.dim() == 3, what, ": got shape ", t.sizes(), ", expected 2 or 3 dimensions");
  float* data = t.data_ptr<float>();
  if (t.dim() == 2) return {data, 1, t.size(0), t.size(1), 0, t.stride(0), t.stride(1)};
  const int b = batch_first ? 0 : 1, r = batch_first ? 1 : 0;
  return {data, t.size(b), t.size(r), t.size(2), t.stride(b), t.stride(r), t.stride(2)};
}

Matrices tokens(const Tensor& t, const char* what) { return matrices(t, what, false); }
Matrices weights(const Tensor& t, const char* what) { return matrices(t, what, true); }

/// Every size that the operands share, by name.
void check_same(int64_t a, int64_t b, const char* letter, const Tensor& first, const Tensor& second) {
  TORCH_CHECK(a == b, "linear: ", letter, " differs between ", first.sizes(), " and ", second.sizes());
}

/// packed [B, panels, K, 32] holds [N, K] weights for these sizes.
void check_packed(const Tensor& packed, int64_t batch, int64_t n, int64_t k) {
  check_tensor(packed, "packed weight");
  TORCH_CHECK(packed.is_contiguous() && packed.sizes() == at::IntArrayRef({batch, (n + kPanel - 1) / kPanel, k, kPanel}),
              "packed weight: got ", packed.sizes(), ", expected contiguous [B, ceil(N/32), K, 32] of B ", batch, ", N ", n, ", K ",
              k);
}

/// offsets [E+1] into rows, as a pointer to int64.
const int64_t* check_offsets(const Tensor& offsets, int64_t experts, int64_t rows) {
  TORCH_CHECK(offsets.scalar_type() == at::kLong && offsets.dim() == 1 && offsets.size(0) == experts + 1 && offsets.is_contiguous(),
              "offsets: got ", offsets.scalar_type(), " ", offsets.sizes(), ", expected int64 [", experts + 1, "]");
  const int64_t* at = offsets.const_data_ptr<int64_t>();
  TORCH_CHECK(at[0] == 0 && at[experts] == rows && std::is_sorted(at, at + experts + 1), "offsets: got ", offsets,
              ", expected ascending from 0 to ", rows);
  return at;
}

PackParams pack_params(const Matrices& w, int64_t b, float* packed) {
  const int64_t panels = (w.cols == 0 ? 0 : (w.rows + kPanel - 1) / kPanel), panel = w.cols * kPanel;
  return {.b = w.data + b * w.batch_stride, .b_k = w.col_stride, .b_col = w.row_stride, .k = w.cols, .n = w.rows,
          .packed = packed + b * panels * panel, .packed_panel = panel};
}

GemmParams forward_product(float* y, int64_t y_row, const float* x, int64_t x_row, int64_t x_k, const Tensor& packed, int64_t b,
                           int64_t t, int64_t n) {
  const int64_t panel = packed.size(2) * kPanel;
  return {.a = x, .a_row = x_row, .a_k = x_k,
          .b = packed.const_data_ptr<float>() + b * packed.stride(0), .b_panel = panel,
          .c = y, .c_row = y_row, .m = t, .n = n, .k = packed.size(2)};
}

GemmParams input_product(float* dx, int64_t dx_row, const float* dy, const Matrices& dy_, const Matrices& w, int64_t b, int64_t t,
                         bool accumulate) {
  return {.a = dy, .a_row = dy_.row_stride, .a_k = dy_.col_stride,
          .b = w.data + b * w.batch_stride, .b_k = w.row_stride, .b_col = w.col_stride,
          .c = dx, .c_row = dx_row, .m = t, .n = w.cols, .k = w.rows, .accumulate = accumulate};
}

/// dw += dy^T x over t rows. A dw whose columns are contiguous is written as its transpose x^T dy: products commute.
GemmParams weight_product(const Matrices& dw, int64_t b, const float* dy, const Matrices& dy_, const float* x, const Matrices& x_,
                          int64_t t) {
  float* c = dw.data + b * dw.batch_stride;
  if (dw.col_stride == 1 || dw.cols <= 1)
    return {.a = dy, .a_row = dy_.col_stride, .a_k = dy_.row_stride, .b = x, .b_k = x_.row_stride, .b_col = x_.col_stride,
            .c = c, .c_row = dw.row_stride, .m = dw.rows, .n = dw.cols, .k = t, .accumulate = true};
  return {.a = x, .a_row = x_.col_stride, .a_k = x_.row_stride, .b = dy, .b_k = dy_.row_stride, .b_col = dy_.col_stride,
          .c = c, .c_row = dw.col_stride, .m = dw.cols, .n = dw.rows, .k = t, .accumulate = true};
}

/// Calls f with dw_ or, where neither its rows nor its columns are contiguous, with a copy that is written back.
template <class F>
void with_writable(Tensor& dw_, F&& f) {
  check_tensor(dw_, "dw");
  const auto contiguous = [&](int64_t d) { return dw_.size(d) <= 1 || dw_.stride(d) == 1; };
  if (dw_.dim() < 2 || contiguous(-1) || contiguous(-2)) return f(dw_);
  Tensor copy = dw_.contiguous();
  f(copy);
  dw_.copy_(copy);
}

}  // namespace

Tensor pack_weight(const Tensor& w) {
  const Matrices m = weights(w, "weight");
  Tensor packed = at::empty({m.batch, (m.rows + kPanel - 1) / kPanel, m.cols, kPanel}, w.options());
  pack_weight_(packed, w);
  return packed;
}

void pack_weight_(Tensor& packed_, const Tensor& w) {
  const Matrices m = weights(w, "weight");
  check_packed(packed_, m.batch, m.rows, m.cols);
  std::vector<PackParams> packs;
  for (int64_t b = 0; b < m.batch; ++b) packs.push_back(pack_params(m, b, packed_.data_ptr<float>()));
  cpu::pack_all(packs);
}

void linear_(Tensor& y_, const Tensor& x, const Tensor& packed, const Tensor& bias) {
  check_output(y_, "y");
  const Matrices y = tokens(y_, "y"), in = tokens(x, "x");
  check_same(y.rows, in.rows, "T", y_, x);
  check_same(y.batch, in.batch, "B", y_, x);
  check_packed(packed, y.batch, y.cols, in.cols);
  if (bias.defined()) {
    check_tensor(bias, "bias");
    TORCH_CHECK(y.batch == 1 && bias.dim() == 1 && bias.size(0) == y.cols && bias.is_contiguous(), "bias: got ", bias.sizes(),
                ", expected contiguous [", y.cols, "] and B 1, B is ", y.batch);
  }
  std::vector<GemmParams> products;
  for (int64_t b = 0; b < y.batch; ++b) {
    products.push_back(forward_product(y.data + b * y.batch_stride, y.row_stride, in.data + b * in.batch_stride, in.row_stride,
                                       in.col_stride, packed, b, y.rows, y.cols));
    if (bias.defined()) products.back().bias = bias.const_data_ptr<float>();
  }
  cpu::gemm_all(products);
}

void linear_backward_input_(Tensor& dx_, const Tensor& dy, const Tensor& w, bool accumulate) {
  check_output(dx_, "dx");
  const Matrices dx = tokens(dx_, "dx"), d = tokens(dy, "dy"), m = weights(w, "weight");
  check_same(dx.rows, d.rows, "T", dx_, dy);
  check_same(dx.cols, m.cols, "K", dx_, w);
  check_same(d.cols, m.rows, "N", dy, w);
  check_same(dx.batch, d.batch, "B", dx_, dy);
  check_same(dx.batch, m.batch, "B", dx_, w);
  std::vector<GemmParams> products;
  for (int64_t b = 0; b < dx.batch; ++b)
    products.push_back(input_product(dx.data + b * dx.batch_stride, dx.row_stride, d.data + b * d.batch_stride, d, m, b, dx.rows,
                                     accumulate));
  cpu::gemm_all(products);
}

void linear_backward_weight_(Tensor& dw_, const Tensor& dy, const Tensor& x) {
  with_writable(dw_, [&](const Tensor& out) {
    const Matrices dw = weights(out, "dw"), d = tokens(dy, "dy"), in = tokens(x, "x");
    check_same(d.rows, in.rows, "T", dy, x);
    check_same(dw.rows, d.cols, "N", dw_, dy);
    check_same(dw.cols, in.cols, "K", dw_, x);
    check_same(dw.batch, d.batch, "B", dw_, dy);
    check_same(dw.batch, in.batch, "B", dw_, x);
    std::vector<GemmParams> products;
    for (int64_t b = 0; b < dw.batch; ++b)
      products.push_back(
          weight_product(dw, b, d.data + b * d.batch_stride, d, in.data + b * in.batch_stride, in, d.rows));
    cpu::gemm_all(products);
  });
}

void linear_backward_bias_(Tensor& db_, const Tensor& dy) {
  check_output(db_, "db");
  const Matrices d = tokens(dy, "dy");
  TORCH_CHECK(db_.dim() == 1 && dy.dim() == 2 && db_.size(0) == d.cols, "db: got ", db_.sizes(), ", expected [N] of dy ",
              dy.sizes());
  static constexpr float kOne = 1.0f;
  const GemmParams product{.a = &kOne, .a_row = 0, .a_k = 0, .b = d.data, .b_k = d.row_stride, .b_col = d.col_stride,
                           .c = db_.data_ptr<float>(), .c_row = d.cols, .m = 1, .n = d.cols, .k = d.rows, .accumulate = true};
  cpu::gemm_all({&product, 1});
}

void grouped_linear_(Tensor& y_, const Tensor& x, const Tensor& packed, const Tensor& offsets) {
  check_output(y_, "y");
  TORCH_CHECK(y_.dim() == 2 && x.dim() == 2, "grouped linear: got y ", y_.sizes(), ", x ", x.sizes(), ", expected [R, N], [R, K]");
  const Matrices y = tokens(y_, "y"), in = tokens(x, "x");
  check_same(y.rows, in.rows, "R", y_, x);
  const int64_t experts = offsets.size(0) - 1;
  check_packed(packed, experts, y.cols, in.cols);
  const int64_t* row = check_offsets(offsets, experts, y.rows);
  std::vector<GemmParams> products;
  for (int64_t e = 0; e < experts; ++e)
    products.push_back(forward_product(y.data + row[e] * y.row_stride, y.row_stride, in.data + row[e] * in.row_stride,
                                       in.row_stride, in.col_stride, packed, e, row[e + 1] - row[e], y.cols));
  cpu::gemm_all(products);
}

void grouped_linear_backward_input_(Tensor& dx_, const Tensor& dy, const Tensor& w, const Tensor& offsets, bool accumulate) {
  check_output(dx_, "dx");
  TORCH_CHECK(dx_.dim() == 2 && dy.dim() == 2, "grouped linear: got dx ", dx_.sizes(), ", dy ", dy.sizes(),
              ", expected [R, K], [R, N]");
  const Matrices dx = tokens(dx_, "dx"), d = tokens(dy, "dy"), m = weights(w, "weight");
  check_same(dx.rows, d.rows, "R", dx_, dy);
  check_same(dx.cols, m.cols, "K", dx_, w);
  check_same(d.cols, m.rows, "N", dy, w);
  const int64_t* row = check_offsets(offsets, m.batch, dx.rows);
  std::vector<GemmParams> products;
  for (int64_t e = 0; e < m.batch; ++e)
    products.push_back(input_product(dx.data + row[e] * dx.row_stride, dx.row_stride, d.data + row[e] * d.row_stride, d, m, e,
                                     row[e + 1] - row[e], accumulate));
  cpu::gemm_all(products);
}

void grouped_linear_backward_weight_(Tensor& dw_, const Tensor& dy, const Tensor& x, const Tensor& offsets) {
  TORCH_CHECK(dy.dim() == 2 && x.dim() == 2, "grouped linear: got dy ", dy.sizes(), ", x ", x.sizes(),
              ", expected [R, N], [R, K]");
  with_writable(dw_, [&](const Tensor& out) {
    const Matrices dw = weights(out, "dw"), d = tokens(dy, "dy"), in = tokens(x, "x");
    check_same(d.rows, in.rows, "R", dy, x);
    check_same(dw.rows, d.cols, "N", dw_, dy);
    check_same(dw.cols, in.cols, "K", dw_, x);
    const int64_t* row = check_offsets(offsets, dw.batch, d.rows);
    std::vector<GemmParams> products;
    for (int64_t e = 0; e < dw.batch; ++e)
      products.push_back(weight_product(dw, e, d.data + row[e] * d.row_stride, d, in.data + row[e] * in.row_stride, in,
                                        row[e + 1] - row[e]));
    cpu::gemm_all(products);
  });
}

}  // namespace hone::ops
