// Blocks of logits by linear_; checks that the head's operators share.
#include "cuda_ext/head_logits.h"

#include <ATen/ops/empty.h>

#include <algorithm>

#include "cuda_ext/ops.h"

namespace hone::ops {
namespace {

constexpr int64_t kPanel = 32;
// Floats of logits held at a time, unless one block of ids needs more: what a cache holds; work for a whole GPU.
constexpr int64_t kScratch = 1 << 18, kGpuScratch = 1 << 25;

int64_t panels(int64_t ids) { return (ids + kPanel - 1) / kPanel; }

}  // namespace

Head::Head(const at::Tensor& x, const at::Tensor& packed, int64_t vocab_size)
    : x(x), packed(packed), rows(x.size(0)), vocab_size(vocab_size) {
  TORCH_CHECK(x.scalar_type() == at::kFloat && x.dim() == 2, "lm_head: x: expected float32 [T, K], got ",
              x.scalar_type(), " ", x.sizes());
  TORCH_CHECK(vocab_size >= 1, "lm_head: vocab_size is ", vocab_size, ", expected >= 1");
  if (packed.is_cuda()) {
    TORCH_CHECK(packed.sizes() == at::IntArrayRef({1, vocab_size, x.size(1)}) && packed.stride(2) == 1,
                "lm_head: packed: got ", packed.sizes(), ", expected the weight itself, [1, ", vocab_size,
                ", ", x.size(1), "] on a GPU");
    return;
  }
  TORCH_CHECK(
      packed.is_contiguous() && packed.sizes() == at::IntArrayRef({1, panels(vocab_size), x.size(1), kPanel}),
      "lm_head: packed: got ", packed.sizes(), ", expected contiguous [1, ceil(V/32), K, 32] of V ",
      vocab_size, ", K ", x.size(1));
}

int64_t ids_at_once(const Head& h, int64_t rows) {
  const int64_t scratch = h.x.is_cuda() ? kGpuScratch : kScratch;
  return std::min(h.vocab_size, std::max<int64_t>(scratch / rows / kVocabBlock, 1) * kVocabBlock);
}

void for_logits(const Head& h, int64_t rows_at_once,
                const std::function<void(const HeadRange&, at::Tensor&)>& f) {
  if (h.rows == 0) return;
  const int64_t rows = std::min(h.rows, rows_at_once);
  const int64_t ids = ids_at_once(h, rows);
  const at::Tensor scratch = at::empty({rows, ids}, h.x.options());
  for (int64_t row = 0; row < h.rows; row += rows) {
    for (int64_t id = 0; id < h.vocab_size; id += ids) {
      const HeadRange r{row, std::min(rows, h.rows - row), id, std::min(ids, h.vocab_size - id)};
      at::Tensor logits = scratch.narrow(0, 0, r.rows).narrow(1, 0, r.ids);
      linear_(logits, h.x.narrow(0, r.row, r.rows),
              h.packed.is_cuda() ? h.packed.narrow(1, r.id, r.ids)
                                 : h.packed.narrow(1, r.id / kPanel, panels(r.ids)));
      f(r, logits);
    }
  }
}

int64_t head_grain(int64_t ids) { return std::max<int64_t>(1, 4096 / ids); }

float inverse_temperature(double temperature) {
  TORCH_CHECK(float(temperature) > 0, "lm_head: temperature is ", temperature, ", expected > 0");
  return 1.0f / float(temperature);
}

}  // namespace hone::ops
