// The rotary embedding's part of config.json: rope_theta with rope_scaling, or rope_parameters, and the
// scalings of transformers' modeling_rope_utils.
#pragma once

#include "core/fields.h"
#include "model/config.h"

namespace hone {

/// Both spellings; what a scaling does not know, or does not say and needs, is an InputError. max_positions
/// is the default of original_max_position_embeddings.
RopeConfig parse_rope(Fields& f, double default_theta, int64_t max_positions);

}  // namespace hone
