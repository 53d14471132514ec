// From spans of positions to the rows of one forward call.
#pragma once

#include <span>

#include "model/block.h"
#include "rollout/scheduler.h"

namespace hone {

/// Every span becomes a segment and a unit of its own: this is for passes without a backward.
DecoderRows rows_of_spans(std::span<const Span> spans);

}  // namespace hone
