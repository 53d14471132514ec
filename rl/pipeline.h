// Runs a recipe: stage after stage, with evaluations, checkpoints and logs, so that a run that is killed at any moment and resumed
// ends with the same bits.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "rl/recipe.h"

namespace hone {

struct RunOptions {
  std::filesystem::path folder;  // of the run
  bool resume = false;           // go on with the run in `folder`; otherwise it must not hold one
  std::string stop_after;        // name of the last stage to run; "" = all
  at::Device device = at::kCPU;  // where the policy samples and trains
  std::stop_token stop;  // asked to stop: the last whole step is checkpointed, then Interrupted is thrown
};

/// What the user is shown while it runs.
struct RunEvents {
  std::function<void(const std::string& line)> message;  // something worth a line
  std::function<void(const std::string& stage, int64_t step, int64_t steps, const Json& metrics)> step;
  std::function<void(const std::string& stage, int64_t done, int64_t total, int64_t tokens)>
      pass;  // rollouts within a step
};

/// The run's weights at the end are in <folder>/model, a Hugging Face folder in the recipe's save_dtype.
void run_recipe(const Recipe& recipe, const RunOptions& options, const RunEvents& events);

/// Stages, sizes and memory that a run would have: what --dry-run prints.
std::string describe_run(const Recipe& recipe);

}  // namespace hone
