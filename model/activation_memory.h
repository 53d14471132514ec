// How much a training forward pass keeps for its backward (Activations), by arithmetic on the config.
#pragma once

#include <cstdint>

#include "model/config.h"

namespace hone {

/// Bytes of Activations a row of a micro-batch, all layers.
int64_t activation_bytes(const DecoderConfig& config, bool checkpointed);

}  // namespace hone
