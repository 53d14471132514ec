// Attention on a GPU, after the checks of ops_attention.cpp: plans, uploads, launches; by what pages are made of, the
// kernels of float32 or of bfloat16. Pointers of the parameters are on the device, the layout's on the host. Only for
// ops_attention.cpp.
#pragma once

#include <ATen/core/Tensor.h>

#include "cuda_ext/cpu/attention_layout.h"
#include "cuda_ext/cuda/stream.h"
#include "cuda_ext/ops.h"

namespace hone::ops {

/// A layout for operators on a GPU: checked, and what has been made of it there, for all operators that are given it.
struct LayoutOnGpu {
  const cpu::AttentionLayoutView& view;  // with what the operator needs of it
  const GpuLayoutCache& cache;
};

void gpu_write_pages(at::Tensor& k_pages_, at::Tensor& v_pages_, const at::Tensor& k, const at::Tensor& v,
                     const LayoutOnGpu& layout, cuda::Stream stream);

struct Pages {
  const at::Tensor &k, &v;  // [pages, J, Dk, 16], [pages, J, 16, Dv], both float32 or bfloat16
};
/// Of p, pages are not used.
void gpu_attention(const cpu::AttentionParams& p, const at::Tensor& q, const Pages& pages,
                   const LayoutOnGpu& layout, cuda::Stream stream);
/// Of p, pages, dk, dv and vt are not used.
void gpu_attention_backward(const cpu::AttentionBackwardParams& p, const cpu::HeadRowsOut& dk,
                            const cpu::HeadRowsOut& dv, const at::Tensor& q, const Pages& pages,
                            const LayoutOnGpu& layout, cuda::Stream stream);
void gpu_sinks_backward(const cpu::AttentionSinkParams& p, int64_t heads, const at::Tensor& out,
                        cuda::Stream stream);

}  // namespace hone::ops
