// Log-probabilities of given texts under a policy: the bits that sampling and training compute.
#pragma once

#include <span>
#include <vector>

#include "core/types.h"
#include "model/decoder.h"

namespace hone {

/// logprobs[s][i] is that of sequences[s][i] given the ids before it; the first of each sequence is NaN (nothing comes before it).
/// An id outside the vocabulary or a sequence longer than the context is an InputError that names the sequence.
std::vector<std::vector<float>> sequence_logprobs(const Decoder& decoder,
                                                  std::span<const std::vector<TokenId>> sequences,
                                                  double temperature = 1.0,
                                                  int64_t max_batched_tokens = 8192);

}  // namespace hone
