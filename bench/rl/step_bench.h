// `hone bench step`: one GRPO step (rollouts, rewards, loss, backward, AdamW) on random prompts of an exact length, every completion
// drawn to its full length: the workload that a TRL step on the same folder has.
#pragma once

#include <filesystem>
#include <ostream>

#include "core/types.h"

namespace hone {

struct StepBenchOptions {
  std::filesystem::path model;  // Hugging Face folder
  int64_t prompts = 4, group = 8;
  int64_t prompt_tokens = 64, completion_tokens = 64;
  int64_t micro_batch_tokens = 16384;
  int steps = 5;    // timed ones, after one that is not
  int threads = 0;  // 0: all cores
};

/// Checks that sampler and trainer agree bit for bit while it times. A line a phase goes to `table`.
Json run_step_bench(const StepBenchOptions& options, std::ostream& table);

}  // namespace hone
