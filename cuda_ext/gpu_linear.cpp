#include "cuda_ext/gpu_linear.h"

#include <ATen/ops/ones.h>

#include "cuda_ext/cuda/gemm.h"
#include "cuda_ext/cuda/weight_gradient.h"
#include "cuda_ext/gpu_gemm.h"

namespace hone::ops {
namespace {

/// The products of a batch. Without a batch of their own, a and b are the same for all.
cuda::GemmParams product(const Matrices& c, const Matrices& a, const Matrices& b, bool accumulate) {
  return {.a = a.first.data,
          .a_row = a.first.row_stride,
          .a_k = a.first.col_stride,
          .a_batch = a.batch_stride,
          .b = b.first.data,
          .b_k = b.first.row_stride,
          .b_col = b.first.col_stride,
          .b_batch = b.batch_stride,
          .c = c.first.data,
          .c_row = c.first.row_stride,
          .c_batch = c.batch_stride,
          .m = c.first.rows,
          .n = c.first.cols,
          .k = a.first.cols,
          .batch = c.batch,
          .accumulate = accumulate};
}
/// Rows or links of every expert: a grouped one for each of the products.
cuda::GemmParams of_experts(cuda::GemmParams p, const ExpertRows& rows, cuda::Grouped grouped) {
  if (rows.offsets) p.batch = rows.experts, p.grouped = grouped, p.offsets = rows.offsets;
  return p;
}

/// c += a^T b by steps of rows.
void by_steps(const Matrices& c, const Matrices& a, const Matrices& b, const GradientSteps& steps,
              const ExpertRows& rows, cuda::Stream stream) {
  TORCH_CHECK(a.first.rows_contiguous() && b.first.rows_contiguous() &&
                  (rows.offsets != nullptr) == steps.ranges.defined() &&
                  (rows.offsets || steps.unit.numel() == a.first.rows),
              "linear_backward_weight_: gradient steps of ", steps.unit.numel(), " rows, got ", a.first.rows,
              ", expected the same, contiguous, and expert_steps for experts");
  cuda::weight_gradient({.a = a.first.data,
                         .a_row = a.first.row_stride,
                         .a_batch = a.batch_stride,
                         .b = b.first.data,
                         .b_row = b.first.row_stride,
                         .b_batch = b.batch_stride,
                         .c = c.first.data,
                         .c_row = c.first.row_stride,
                         .c_batch = c.batch_stride,
                         .m = c.first.rows,
                         .n = c.first.cols,
                         .batch = c.batch,
                         .links = steps.links.const_data_ptr<int32_t>(),
                         .num_links = steps.links.numel(),
                         .ranges = rows.offsets ? steps.ranges.const_data_ptr<int64_t>() : nullptr},
                        stream);
}

}  // namespace

void gpu_linear(const Matrices& y, const Matrices& x, const at::Tensor& packed, const at::Tensor& bias,
                const ExpertRows& rows, cuda::Stream stream) {
  cuda::GemmParams p =
      of_experts(product(y, x, weights(packed, "packed weight").t(), false), rows, cuda::Grouped::rows);
  if (bias.defined()) p.bias = bias.const_data_ptr<float>(), p.bias_batch = rows.offsets ? y.first.cols : 0;
  gpu_gemm(p, packed, stream);
}

void gpu_linear_backward_input(const Matrices& dx, const Matrices& dy, const at::Tensor& w, bool accumulate,
                               const ExpertRows& rows, cuda::Stream stream) {
  gpu_gemm(of_experts(product(dx, dy, weights(w, "weight"), accumulate), rows, cuda::Grouped::rows), w,
           stream);
}

void gpu_linear_backward_weight(const Matrices& dw, const Matrices& dy, const Matrices& x,
                                const GradientSteps& steps, const ExpertRows& rows, cuda::Stream stream) {
  const bool turned = !dw.first.rows_contiguous();  // dw^T = x^T dy: factors commute
  const Matrices &a = turned ? x : dy, &b = turned ? dy : x, c = turned ? dw.t() : dw;
  if (steps.defined()) return by_steps(c, a, b, steps, rows, stream);
  cuda::gemm(of_experts(product(c, a.t(), b, true), rows, cuda::Grouped::depth), stream);
}

void gpu_linear_backward_bias(const at::Tensor& db, const at::Tensor& dy, const ExpertRows& rows,
                              cuda::Stream stream) {
  const at::Tensor one = at::ones({1}, dy.options());
  const Matrices d = activations(dy, "dy");
  const int64_t N = d.first.cols;
  const Matrices ones{1, 0, {one.data_ptr<float>(), 1, d.first.rows, 0, 0}};
  const Matrices sums{rows.offsets ? rows.experts : 1, N, {db.data_ptr<float>(), 1, N, N, 1}};
  cuda::gemm(of_experts(product(sums, ones, d, true), rows, cuda::Grouped::depth), stream);
}

}  // namespace hone::ops
