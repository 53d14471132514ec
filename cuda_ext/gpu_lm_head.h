// The language-model head's operators on a GPU, after their checks. Only for ops_*.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "cuda_ext/cpu/lm_head.h"
#include "cuda_ext/cuda/stream.h"
#include "cuda_ext/head_logits.h"
#include "cuda_ext/ops.h"

namespace hone::ops {

/// targets [T] are on the host.
void gpu_head_scores(TokenScores& scores_, const Head& head, const int32_t* targets, float scale,
                     cuda::Stream stream);

struct GpuHeadGradient {
  const at::Tensor &dx, &dw, &dlogprobs;  // [T, K] overwritten, [V, K] added to, [T]
  const at::Tensor w;                     // [V, K], what the logits were computed with
  const at::Tensor &targets, &lse;        // [T] on the CPU, [T]
  float scale;
  const GradientSteps& steps;  // of the rows; may be undefined
};
/// Rows without a gradient are left out without the host knowing how many they are; with steps all rows take part, each
/// at its link.
void gpu_head_backward(const GpuHeadGradient& g, const Head& head, cuda::Stream stream);

struct GpuDraws {
  const std::vector<cpu::HeadDraw>& draws;      // [T]; those that are filtered say skip
  const std::vector<int64_t>& filtered;         // rows, ascending
  const std::vector<cpu::HeadFilter>& filters;  // of these rows
};
void gpu_head_sample(Sampled& sampled_, const Head& head, const GpuDraws& d, cuda::Stream stream);

}  // namespace hone::ops
