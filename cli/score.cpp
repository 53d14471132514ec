// `hone score`: rewards of given completions.
#include <spdlog/spdlog.h>

#include "cli/app.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/stop_signals.h"
#include "rewards/score_lines.h"

namespace hone {

int run_score(const ScoreCommandOptions& options, Console console) {
  StopSignals signals;
  const RewardSet rewards = load_reward_spec(options.reward, options.stage);
  Input input(options.input, console);
  const ScoreSummary summary = score_lines(input.stream(), console.out, rewards,
                                           {.file = input.name(),
                                            .threads = options.threads,
                                            .stop = signals.token(),
                                            .waiting = [&](bool waiting) { signals.set_waiting(waiting); }});
  const size_t judged = summary.lines - summary.errors;
  if (judged > 0)
    spdlog::info("{} lines, mean reward {:.4f}", summary.lines, summary.reward_sum / double(judged));
  if (summary.lines == 0) spdlog::warn("{}: no lines, nothing is scored", input.name());
  if (summary.errors > 0)
    spdlog::warn("{} of {} lines have no reward; the first: {}", summary.errors, summary.lines,
                 summary.first_error);
  for (const GoldReport& report : summary.golds) spdlog::warn("{}", to_text(report, summary.lines));
  // Some verdicts that are missing are data, like any other; when all are, nothing has been scored.
  return summary.lines > 0 && judged == 0 ? kExitFailed : kExitDone;
}

}  // namespace hone
