// Weights that a folder holds quantised, expanded to float32 at load: DeepSeek's float8 (e4m3) with a scale a
// block (X and X_scale_inv), gpt_oss's MXFP4 (X_blocks and X_scales, the OCP microscaling format). What hone
// writes is not quantised.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/safetensors.h"

namespace hone {

/// The stored tensors that `name` is read from: itself, itself and its scales, or its blocks and their
/// scales. Empty if it is in none of these forms.
std::vector<std::string> stored_parts(const SafetensorsReader& reader, const std::string& name);

/// Checks dtypes and shapes of the parts against the shape that config.json asks for. InputError.
void check_parts(const SafetensorsReader& reader, const std::string& name, const std::vector<int64_t>& shape,
                 const QuantizationConfig& quantization);

/// out: as many floats as `shape` holds. After check_parts.
void copy_weight(const SafetensorsReader& reader, const std::string& name, const std::vector<int64_t>& shape,
                 const QuantizationConfig& quantization, float* out);

}  // namespace hone
