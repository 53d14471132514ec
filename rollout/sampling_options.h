// How completions are drawn and when they end. Names and defaults follow vLLM's SamplingParams and TRL's GRPOConfig.
#pragma once

#include <string>
#include <vector>

#include "core/types.h"

namespace hone {

struct SamplingOptions {
  double temperature = 1.0;  // 0 = greedy
  double top_p = 1.0;        // 1 = off; keep the smallest set of tokens with at least this probability
  int64_t top_k = 0;         // 0 = off
  double min_p = 0.0;        // 0 = off; drop tokens below this share of the most probable one's probability
  int64_t max_new_tokens = 256;           // a completion that reaches it has finish_reason "length"
  std::vector<TokenId> stop_ids;          // end a completion; the id stays in Rollout::ids
  std::vector<std::string> stop_strings;  // end a completion; the text is cut before them
};

/// One prompt and the completions wanted of it.
struct SampleRequest {
  std::vector<TokenId> prompt;  // [Lp], at least one token
  std::vector<uint64_t> keys;   // [G] of the random draws, one a completion
  SamplingOptions options;
};

}  // namespace hone
