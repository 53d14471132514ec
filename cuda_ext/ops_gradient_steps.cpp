// Which rows share a step in gradients of weights on tensor cores (cuda/weight_gradient.h).
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <vector>

#include "cuda_ext/cuda/weight_gradient.h"
#include "cuda_ext/gpu.h"
#include "cuda_ext/ops.h"

namespace hone::ops {
namespace {

constexpr int64_t kStep = 16;

Tensor uploaded(const std::vector<int32_t>& x, at::Device device) {
  const Tensor like = at::empty({0}, at::device(device).dtype(at::kInt));
  return upload_bytes(x.data(), x.size() * sizeof(int32_t), like).view(at::kInt);
}

}  // namespace

GradientSteps gradient_steps(const Tensor& unit_begin, at::Device device) {
  TORCH_CHECK(device.is_cuda(), "gradient_steps: device: got ", device, ", expected a GPU");
  TORCH_CHECK(unit_begin.scalar_type() == at::kInt && unit_begin.dim() == 1 && unit_begin.size(0) > 0 &&
                  unit_begin.is_contiguous() && unit_begin.is_cpu(),
              "gradient_steps: unit_begin: got ", unit_begin.toString(), " ", unit_begin.sizes(),
              ", expected contiguous int32 [U + 1] on the CPU");
  const int32_t* begin = unit_begin.const_data_ptr<int32_t>();
  const int64_t units = unit_begin.size(0) - 1;
  std::vector<int32_t> links, position, unit;
  for (int64_t u = 0; u < units; ++u) {
    TORCH_CHECK(begin[u] == int32_t(position.size()) && begin[u] <= begin[u + 1],
                "gradient_steps: unit_begin: got ", unit_begin, ", expected ascending from 0");
    for (int32_t row = begin[u]; row < begin[u + 1]; ++row) {
      position.push_back(int32_t(links.size())), links.push_back(row), unit.push_back(int32_t(u));
    }
    while (links.size() % kStep) links.push_back(-1);
  }
  return {.links = uploaded(links, device),
          .position = uploaded(position, device),
          .unit = uploaded(unit, device),
          .units = units,
          .ranges = {}};
}

GradientSteps expert_steps(const GradientSteps& steps, const ExpertDispatch& d) {
  if (!steps.defined()) return {};
  const int64_t E = d.offsets.numel() - 1, top_k = d.inverse.size(1), R = d.order.numel();
  TORCH_CHECK(steps.unit.numel() == d.inverse.size(0), "expert_steps: steps of ", steps.unit.numel(),
              " rows, got a dispatch of ", d.inverse.size(0));
  const int64_t room = (R + (kStep - 1) * E * steps.units + kStep - 1) / kStep * kStep;
  GradientSteps s{.links = at::full({room}, -1, d.order.options()),
                  .position = {},
                  .unit = steps.unit,
                  .units = steps.units,
                  .ranges = at::empty({E, 2}, d.offsets.options())};
  ran_on_gpu("expert_steps", {{"order", d.order}, {"offsets", d.offsets}, {"unit", steps.unit}},
             [&](auto stream) {
               cuda::expert_links({.offsets = d.offsets.const_data_ptr<int64_t>(),
                                   .order = d.order.const_data_ptr<int32_t>(),
                                   .unit = steps.unit.const_data_ptr<int32_t>(),
                                   .experts = E,
                                   .top_k = top_k,
                                   .units = steps.units,
                                   .links = s.links.template data_ptr<int32_t>(),
                                   .ranges = s.ranges.template data_ptr<int64_t>()},
                                  stream);
             });
  return s;
}

}  // namespace hone::ops
