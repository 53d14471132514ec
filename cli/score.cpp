// `hone score`: rewards of given completions.
#include <spdlog/spdlog.h>

#include "cli/commands.h"
#include "cli/input.h"
#include "rewards/score_lines.h"

namespace hone {

int run_score(const ScoreCommandOptions& options, Console console) {
  const RewardSet rewards = load_reward_spec(options.reward, options.stage);
  Input input(options.input, console);
  const ScoreSummary summary =
      score_lines(input.stream(), console.out, rewards, {.file = input.name(), .threads = options.threads});
  if (summary.lines > 0)
    spdlog::info("{} lines, mean reward {:.4f}", summary.lines, summary.reward_sum / double(summary.lines));
  return 0;
}

}  // namespace hone
