// Linear layers over tensors: checks, then each operator as products of cpu/gemm.h with its own strides.
//   y = x w^T    rows of x, packed panels of w          dx = dy w      rows of dy, w as it lies
//   dw = dy^T x  columns of dy, rows of x               db = 1^T dy    fma(1, dy, s) is s + dy
// On a GPU nothing is packed: a "packed" weight is a view of the weight, or its rounding to bfloat16; gpu_linear.cpp has
// the rest.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <vector>

#include "cuda_ext/cpu/gemm.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/gpu_linear.h"
#include "cuda_ext/matrices.h"
#include "cuda_ext/ops.h"

namespace hone::ops {
namespace {

using cpu::GemmParams;
using cpu::kPanel;
using cpu::PackParams;

void check_flat(const Tensor& first, const Tensor& second) {
  TORCH_CHECK(first.dim() == 2 && second.dim() == 2, "grouped linear: got ", first.sizes(), " and ",
              second.sizes(), ", expected two dimensions: rows sorted by expert");
}

/// packed holds B weights [N, K].
void check_packed(const Tensor& packed, int64_t batch, int64_t n, int64_t k) {
  if (!is_bf16(packed)) check_float(packed, "packed weight");
  if (packed.is_cuda()) {
    TORCH_CHECK(packed.sizes() == at::IntArrayRef({batch, n, k}), "packed weight: got ", packed.sizes(),
                ", expected a view of the weight or its rounding to bfloat16, [", batch, ", ", n, ", ", k,
                "] on a GPU");
    return;
  }
  const int64_t panels = (n + kPanel - 1) / kPanel;
  TORCH_CHECK(packed.is_contiguous() && packed.sizes() == at::IntArrayRef({batch, panels, k, kPanel}),
              "packed weight: got ", packed.sizes(), ", expected contiguous [B, ceil(N/32), K, 32] of B ",
              batch, ", N ", n, ", K ", k);
}

/// offsets [E+1] into rows.
const int64_t* check_offsets(const Tensor& offsets, int64_t experts, int64_t rows) {
  TORCH_CHECK(offsets.defined() && offsets.scalar_type() == at::kLong && offsets.dim() == 1 &&
                  offsets.size(0) == experts + 1 && offsets.is_contiguous(),
              "offsets: got ", offsets.toString(), " ", offsets.sizes(), ", expected int64 [", experts + 1,
              "]");
  const int64_t* at = offsets.const_data_ptr<int64_t>();
  if (offsets.is_cuda()) return at;  // the host does not wait for them
  TORCH_CHECK(at[0] == 0 && at[experts] == rows && std::is_sorted(at, at + experts + 1), "offsets: got ",
              offsets, ", expected ascending from 0 to ", rows);
  return at;
}

void check_expert_bias(const Tensor& bias, int64_t experts, int64_t n) {
  check_float(bias, "bias");
  TORCH_CHECK(bias.is_contiguous() && bias.sizes() == at::IntArrayRef({experts, n}), "bias: got ",
              bias.sizes(), ", expected contiguous [E, N] of E ", experts, ", N ", n);
}

GemmParams forward(const Matrix& y, const Matrix& x, const Tensor& packed, int64_t b) {
  return {.a = x.data,
          .a_row = x.row_stride,
          .a_k = x.col_stride,
          .b = packed.const_data_ptr<float>() + b * packed.stride(0),
          .b_panel = x.cols * kPanel,
          .c = y.data,
          .c_row = y.row_stride,
          .m = y.rows,
          .n = y.cols,
          .k = x.cols};
}

/// c (+)= a b, all of them at any strides but c, whose rows are contiguous.
GemmParams product(const Matrix& c, const Matrix& a, const Matrix& b, bool accumulate) {
  return {.a = a.data,
          .a_row = a.row_stride,
          .a_k = a.col_stride,
          .b = b.data,
          .b_k = b.row_stride,
          .b_col = b.col_stride,
          .c = c.data,
          .c_row = c.row_stride,
          .m = c.rows,
          .n = c.cols,
          .k = a.cols,
          .accumulate = accumulate};
}

/// dw += dy^T x. A dw whose columns are contiguous is written as its transpose x^T dy: factors commute.
GemmParams backward_weight(const Matrix& dw, const Matrix& dy, const Matrix& x) {
  return dw.rows_contiguous() ? product(dw, dy.t(), x, true) : product(dw.t(), x.t(), dy, true);
}

/// Calls f with dw_ or, where neither rows nor columns are contiguous, with a copy that is written back.
template <class F>
void with_writable(Tensor& dw_, F&& f) {
  const Matrix m = weights(dw_, "dw").first;
  if (m.rows_contiguous() || m.t().rows_contiguous()) return f(dw_);
  const Tensor copy = dw_.contiguous();
  f(copy);
  dw_.copy_(copy);
}

/// Sizes that dw, dy and x share; dw's batch is checked by the caller.
void check_backward_weight(const Tensor& dw, const Tensor& dy, const Tensor& x) {
  check_same(dy.size(0), x.size(0), "T", dy, x);
  check_same(dw.size(-2), dy.size(-1), "N", dw, dy);
  check_same(dw.size(-1), x.size(-1), "K", dw, x);
}

void check_backward_input(const Tensor& dx, const Tensor& dy, const Tensor& w) {
  check_same(dx.size(0), dy.size(0), "T", dx, dy);
  check_same(w.size(-2), dy.size(-1), "N", w, dy);
  check_same(w.size(-1), dx.size(-1), "K", w, dx);
}

}  // namespace

Tensor pack_weight(const Tensor& w, at::ScalarType products) {
  check_float(w, "weight");
  const Matrices m = weights(w, "weight");
  if (on_gpu("pack_weight", {{"weight", w}})) {
    const Tensor batch = w.dim() == 3 ? w : w.unsqueeze(0);
    return products == at::kFloat ? batch : batch.to(products).contiguous();
  }
  TORCH_CHECK(products == at::kFloat, "pack_weight: products of ", products, " on a CPU, expected float32");
  Tensor packed =
      at::empty({m.batch, (m.first.rows + kPanel - 1) / kPanel, m.first.cols, kPanel}, w.options());
  pack_weight_(packed, w);
  return packed;
}

void pack_weight_(Tensor& packed_, const Tensor& w) {
  const Matrices m = weights(w, "weight");
  check_packed(packed_, m.batch, m.first.rows, m.first.cols);
  if (on_gpu("pack_weight_", {{"weight", w}, {"packed", packed_}})) {
    if (is_bf16(packed_)) return void(packed_.copy_(w.dim() == 3 ? w : w.unsqueeze(0)));
    TORCH_CHECK(packed_.const_data_ptr() == w.const_data_ptr(),
                "pack_weight_: packed is not a view of weight");
    return;
  }
  std::vector<PackParams> packs;
  for (int64_t b = 0; b < m.batch; ++b)
    packs.push_back({.b = m[b].data,
                     .b_k = m.first.col_stride,
                     .b_col = m.first.row_stride,
                     .k = m.first.cols,
                     .n = m.first.rows,
                     .packed = packed_.data_ptr<float>() + b * packed_.stride(0),
                     .packed_panel = m.first.cols * kPanel});
  cpu::pack_all(packs);
}

void linear_(Tensor& y_, const Tensor& x, const Tensor& packed, const Tensor& bias) {
  const Matrices y = output(y_, "y"), in = activations(x, "x");
  check_same(y.first.rows, in.first.rows, "T", y_, x);
  check_same(y.batch, in.batch, "B", y_, x);
  check_packed(packed, y.batch, y.first.cols, in.first.cols);
  if (bias.defined()) {
    check_float(bias, "bias");
    TORCH_CHECK(y.batch == 1 && bias.dim() == 1 && bias.size(0) == y.first.cols && bias.is_contiguous(),
                "bias: got ", bias.sizes(), ", expected contiguous [", y.first.cols, "] and B 1, B is ",
                y.batch);
  }
  if (ran_on_gpu("linear_", {{"x", x}, {"y", y_}, {"packed", packed}, {"bias", bias}},
                 [&](auto stream) { gpu_linear(y, in, packed, bias, {}, stream); }))
    return;
  std::vector<GemmParams> products;
  for (int64_t b = 0; b < y.batch; ++b) products.push_back(forward(y[b], in[b], packed, b));
  if (bias.defined()) products.front().bias = bias.const_data_ptr<float>();
  cpu::gemm_all(products);
}

void linear_backward_input_(Tensor& dx_, const Tensor& dy, const Tensor& w, bool accumulate) {
  const Matrices dx = output(dx_, "dx"), d = activations(dy, "dy"), m = weights(w, "weight");
  check_backward_input(dx_, dy, w);
  check_same(dx.batch, d.batch, "B", dx_, dy);
  check_same(dx.batch, m.batch, "B", dx_, w);
  if (ran_on_gpu("linear_backward_input_", {{"dy", dy}, {"dx", dx_}, {"weight", w}},
                 [&](auto stream) { gpu_linear_backward_input(dx, d, w, accumulate, {}, stream); }))
    return;
  std::vector<GemmParams> products;
  for (int64_t b = 0; b < dx.batch; ++b) products.push_back(product(dx[b], d[b], m[b], accumulate));
  cpu::gemm_all(products);
}

void linear_backward_weight_(Tensor& dw_, const Tensor& dy, const Tensor& x, const GradientSteps& steps) {
  with_writable(dw_, [&](const Tensor& out) {
    const Matrices dw = weights(out, "dw"), d = activations(dy, "dy"), in = activations(x, "x");
    check_backward_weight(dw_, dy, x);
    check_same(dw.batch, d.batch, "B", dw_, dy);
    check_same(dw.batch, in.batch, "B", dw_, x);
    if (ran_on_gpu("linear_backward_weight_", {{"dy", dy}, {"dw", dw_}, {"x", x}},
                   [&](auto stream) { gpu_linear_backward_weight(dw, d, in, steps, {}, stream); }))
      return;
    std::vector<GemmParams> products;
    for (int64_t b = 0; b < dw.batch; ++b) products.push_back(backward_weight(dw[b], d[b], in[b]));
    cpu::gemm_all(products);
  });
}

void linear_backward_bias_(Tensor& db_, const Tensor& dy) {
  check_float(db_, "db");
  const Matrices d = activations(dy, "dy");
  TORCH_CHECK(db_.dim() == 1 && db_.is_contiguous() && dy.dim() == 2 && db_.size(0) == d.first.cols,
              "db: got ", db_.sizes(), ", expected contiguous [N] of dy [T, N], dy is ", dy.sizes());
  if (ran_on_gpu("linear_backward_bias_", {{"dy", dy}, {"db", db_}},
                 [&](auto stream) { gpu_linear_backward_bias(db_, dy, {}, stream); }))
    return;
  float one = 1.0f;
  const Matrix ones{&one, 1, d.first.rows, 0, 0}, db{db_.data_ptr<float>(), 1, d.first.cols, d.first.cols, 1};
  const GemmParams sum = product(db, ones, d.first, true);
  cpu::gemm_all({&sum, 1});
}

void grouped_linear_(Tensor& y_, const Tensor& x, const Tensor& packed, const Tensor& offsets,
                     const Tensor& bias) {
  check_flat(y_, x);
  const Matrix y = output(y_, "y").first, in = activations(x, "x").first;
  check_same(y.rows, in.rows, "R", y_, x);
  const int64_t experts = packed.size(0);
  check_packed(packed, experts, y.cols, in.cols);
  const int64_t* row = check_offsets(offsets, experts, y.rows);
  if (bias.defined()) check_expert_bias(bias, experts, y.cols);
  if (ran_on_gpu("grouped_linear_",
                 {{"x", x}, {"y", y_}, {"packed", packed}, {"offsets", offsets}, {"bias", bias}},
                 [&](auto stream) {
                   gpu_linear({1, 0, y}, {1, 0, in}, packed, bias, {experts, row}, stream);
                 }))
    return;
  std::vector<GemmParams> products;
  for (int64_t e = 0; e < experts; ++e)
    products.push_back(forward(y.slice(row[e], row[e + 1]), in.slice(row[e], row[e + 1]), packed, e));
  if (bias.defined())
    for (int64_t e = 0; e < experts; ++e)
      products[size_t(e)].bias = bias.const_data_ptr<float>() + e * y.cols;
  cpu::gemm_all(products);
}

void grouped_linear_backward_bias_(Tensor& db_, const Tensor& dy, const Tensor& offsets) {
  check_float(db_, "db");
  const Matrix d = activations(dy, "dy").first;
  const int64_t experts = db_.size(0);
  check_expert_bias(db_, experts, d.cols);
  const int64_t* row = check_offsets(offsets, experts, d.rows);
  if (ran_on_gpu("grouped_linear_backward_bias_", {{"dy", dy}, {"db", db_}, {"offsets", offsets}},
                 [&](auto stream) {
                   gpu_linear_backward_bias(db_, dy, {experts, row}, stream);
                 }))
    return;
  float one = 1.0f;
  std::vector<GemmParams> sums;
  for (int64_t e = 0; e < experts; ++e) {
    const int64_t rows = row[e + 1] - row[e];
    sums.push_back(product({db_.data_ptr<float>() + e * d.cols, 1, d.cols, d.cols, 1}, {&one, 1, rows, 0, 0},
                           d.slice(row[e], row[e + 1]), true));
  }
  cpu::gemm_all(sums);
}

void grouped_linear_backward_input_(Tensor& dx_, const Tensor& dy, const Tensor& w, const Tensor& offsets,
                                    bool accumulate) {
  check_flat(dx_, dy);
  const Matrix dx = output(dx_, "dx").first, d = activations(dy, "dy").first;
  const Matrices m = weights(w, "weight");
  check_backward_input(dx_, dy, w);
  const int64_t* row = check_offsets(offsets, m.batch, dx.rows);
  if (ran_on_gpu("grouped_linear_backward_input_",
                 {{"dy", dy}, {"dx", dx_}, {"weight", w}, {"offsets", offsets}}, [&](auto stream) {
                   gpu_linear_backward_input({1, 0, dx}, {1, 0, d}, w, accumulate, {m.batch, row}, stream);
                 }))
    return;
  std::vector<GemmParams> products;
  for (int64_t e = 0; e < m.batch; ++e)
    products.push_back(product(dx.slice(row[e], row[e + 1]), d.slice(row[e], row[e + 1]), m[e], accumulate));
  cpu::gemm_all(products);
}

void grouped_linear_backward_weight_(Tensor& dw_, const Tensor& dy, const Tensor& x, const Tensor& offsets,
                                     const GradientSteps& steps) {
  check_flat(dy, x);
  with_writable(dw_, [&](const Tensor& out) {
    const Matrices dw = weights(out, "dw");
    const Matrix d = activations(dy, "dy").first, in = activations(x, "x").first;
    check_backward_weight(dw_, dy, x);
    const int64_t* row = check_offsets(offsets, dw.batch, d.rows);
    if (ran_on_gpu("grouped_linear_backward_weight_",
                   {{"dy", dy}, {"dw", dw_}, {"x", x}, {"offsets", offsets}}, [&](auto stream) {
                     gpu_linear_backward_weight(dw, {1, 0, d}, {1, 0, in}, steps, {dw.batch, row}, stream);
                   }))
      return;
    std::vector<GemmParams> products;
    for (int64_t e = 0; e < dw.batch; ++e)
      products.push_back(backward_weight(dw[e], d.slice(row[e], row[e + 1]), in.slice(row[e], row[e + 1])));
    cpu::gemm_all(products);
  });
}

}  // namespace hone::ops
