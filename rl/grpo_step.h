// One step of GRPO, from problems to updated weights.
#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "core/types.h"
#include "datasets/dataset.h"
#include "rewards/reward_set.h"
#include "rl/recipe.h"
#include "rl/trainer.h"
#include "rollout/engine.h"

namespace hone {

/// What a GRPO stage works with; everything is borrowed.
struct GrpoParts {
  Trainer& trainer;
  const Decoder* reference;  // null without KL
  Engine& engine;            // samples from the trainer's policy
  const PromptRenderer& prompts;
  const Dataset& dataset;
  const RewardSet& rewards;
  uint64_t key;  // mix(run seed, stage): of every random draw
};

struct GrpoStep {
  std::vector<ScoredGroup> groups;              // [P], kept for the record and, after an error, for replay
  std::vector<std::vector<double>> advantages;  // [P][G]
  Json metrics;
};

/// Runs step `step` of the stage. `result` is filled as the step goes on, so that what led to an error can be saved.
void grpo_step(const GrpoParts& parts, const GrpoOptions& options, int64_t step, std::stop_token stop,
               GrpoStep& result, const Engine::OnFinished& on_pass = {});

}  // namespace hone
