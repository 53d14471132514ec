// AdamW and the gradient's norm: checks, factors, and the parallel loop over one flat array.
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <vector>

#include "cuda_ext/cpu/optimizer.h"
#include "cuda_ext/cuda/optimizer.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"

namespace hone::ops {
namespace {

constexpr int64_t kGrain = 1 << 14;  // elements a thread takes at least

void check_flat(const Tensor& x, int64_t n, const char* name) {
  TORCH_CHECK(
      x.defined() && x.scalar_type() == at::kFloat && x.is_contiguous() && x.numel() == n, name,
      ": expected ", n, " contiguous float32, got ",
      x.defined() ? c10::str(x.scalar_type(), " ", x.sizes(), " strides ", x.strides()) : "undefined");
}

/// base^exponent by squaring: nothing but multiplications, so the bits are those of IEEE 754 everywhere.
double power(double base, int64_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2) result *= base;
  return result;
}

}  // namespace

void adamw_(Tensor& weights_, Tensor& moment1_, Tensor& moment2_, const Tensor& gradient,
            const AdamWOptions& o) {
  const int64_t n = weights_.numel();
  check_flat(weights_, n, "adamw_: weights_");
  check_flat(moment1_, n, "adamw_: moment1_");
  check_flat(moment2_, n, "adamw_: moment2_");
  check_flat(gradient, n, "adamw_: gradient");
  TORCH_CHECK(o.step >= 1, "adamw_: step is ", o.step, ", expected >= 1");
  TORCH_CHECK(o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1, "adamw_: beta1 is ", o.beta1,
              ", beta2 is ", o.beta2, ", expected 0 <= beta < 1");
  TORCH_CHECK(o.epsilon >= 0, "adamw_: epsilon is ", o.epsilon, ", expected >= 0");
  const cpu::AdamWParams params{.beta1 = float(o.beta1),
                                .one_minus_beta1 = float(1 - o.beta1),
                                .beta2 = float(o.beta2),
                                .one_minus_beta2 = float(1 - o.beta2),
                                .decay = float(1 - o.learning_rate * o.weight_decay),
                                .step_size = float(o.learning_rate / (1 - power(o.beta1, o.step))),
                                .root_correction2 = float(std::sqrt(1 - power(o.beta2, o.step))),
                                .epsilon = float(o.epsilon),
                                .gradient_scale = float(o.gradient_scale),
                                .weights = weights_.data_ptr<float>(),
                                .moment1 = moment1_.data_ptr<float>(),
                                .moment2 = moment2_.data_ptr<float>(),
                                .gradient = gradient.const_data_ptr<float>()};
  if (ran_on_gpu(
          "adamw_",
          {{"weights", weights_}, {"moment1", moment1_}, {"moment2", moment2_}, {"gradient", gradient}},
          [&](auto stream) { cuda::adamw(params, n, stream); }))
    return;
  parallel_for(n, kGrain, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::adamw<isa>(params, begin, end); });
  });
}

double sum_of_squares(const Tensor& gradient) {
  check_flat(gradient, gradient.numel(), "sum_of_squares: gradient");
  const int64_t n = gradient.numel(), blocks = (n + cpu::kSquaresBlock - 1) / cpu::kSquaresBlock;
  Tensor on_device;  // [] the sum
  if (ran_on_gpu("sum_of_squares", {{"gradient", gradient}}, [&](auto stream) {
        Tensor sums = at::empty({blocks}, gradient.options());
        on_device = at::zeros({1}, gradient.options().dtype(at::kDouble));
        cuda::sum_of_squares(
            {.x = gradient.const_data_ptr<float>(), .n = n, .sums = sums.template data_ptr<float>()}, stream);
        cuda::add_sums({.sums = sums.template data_ptr<float>(),
                        .n = blocks,
                        .total = on_device.template data_ptr<double>()},
                       stream);
      }))
    return *on_device.cpu().const_data_ptr<double>();
  std::vector<float> sums(size_t(blocks), 0.0f);  // [blocks]
  const cpu::SquaresParams params{.x = gradient.const_data_ptr<float>(), .n = n, .sums = sums.data()};
  parallel_for(blocks, kGrain / cpu::kSquaresBlock, [&](int64_t begin, int64_t end) {
    cpu::dispatch([&](auto isa) { cpu::sum_of_squares<isa>(params, begin, end); });
  });
  double total = 0;
  for (const float sum : sums) total += double(sum);
  return total;
}

}  // namespace hone::ops
