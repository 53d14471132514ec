// One sample of supervised fine-tuning out of an example: tokens, loss mask, and what had to be left out.
#pragma once

#include <cstdint>

#include "core/types.h"
#include "datasets/task.h"
#include "model/config.h"
#include "rl/pack.h"
#include "rl/prompt_renderer.h"
#include "rl/recipe.h"

namespace hone {

/// What samples lost, as metrics; what did not happen has none.
struct SampleCounts {
  int64_t truncated = 0;  // cut at max_length
  int64_t unplaced_turns =
      0;                  // turns of the assistant that have no certain place in their text: without loss
  int64_t untrained = 0;  // samples without a token that counts, left out

  void write(Json& metrics_) const;
};

/// The stage's max_length, at most the model's context.
int64_t sft_max_length(const SftOptions& options, const DecoderConfig& config);

/// A conversation by the chat template; else the prompt without loss, the pieces with loss where they are trained, and the end-of-text
/// token. A sample that is too long loses its end, as in TRL.
TrainingGroup sft_sample(const Example& example, const PromptRenderer& renderer, const SftOptions& options,
                         int64_t max_length, SampleCounts& counts_);

}  // namespace hone
