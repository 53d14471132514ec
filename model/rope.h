// The rotary embedding's frequencies, scaled as transformers' modeling_rope_utils scales them: float32
// arithmetic in its order.
#pragma once

#include <ATen/core/Tensor.h>

#include "model/config.h"

namespace hone {

/// [rotated / 2] float32.
at::Tensor rope_frequencies(const RopeConfig& rope, int64_t rotated);

}  // namespace hone
