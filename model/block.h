// What the blocks of a decoder share: the rows of one call and the places where a layer's keys and values live.
#pragma once

#include <ATen/core/Tensor.h>

#include "cuda_ext/ops.h"

namespace hone {

/// The tokens of one forward call, of any number of sequences, in any mixture of prefill, decode and training.
struct DecoderRows {
  at::Tensor ids;        // [T] int32
  at::Tensor positions;  // [T] int32, absolute in their sequence
  ops::AttentionLayout layout;
};

/// One layer's pages (ops.h): k [pages, J, Dk, 16], v [pages, J, 16, Dv].
struct LayerPages {
  at::Tensor k, v;
};

/// A view of columns [begin, begin + count) of x's last dimension.
inline at::Tensor columns(const at::Tensor& x, int64_t begin, int64_t count) {
  return x.narrow(-1, begin, count);
}

}  // namespace hone
