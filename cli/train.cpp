// `hone train`: runs a recipe, shows how it goes, and says at the end what came of it.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <ostream>

#include "cli/app.h"
#include "cli/commands.h"
#include "cli/stop_signals.h"
#include "core/document.h"
#include "core/error.h"
#include "cuda_ext/device.h"
#include "cuda_ext/parallel.h"
#include "rl/pipeline.h"
#include "rl/progress.h"
#include "rl/report.h"
#include "rl/sampling.h"
#include "rl/stage_table.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Recipe read_recipe(const TrainCommandOptions& options) {
  Document document = load_document(options.recipe);
  for (const std::string& assignment : options.set) set_value(document, assignment);
  return parse_recipe(std::move(document), fs::path(options.recipe).parent_path());
}

/// The events of a run as one progress line a stage.
class Display {
 public:
  Display(std::ostream& err, int width) : progress_(err, width, seconds_now) {}

  RunEvents events() {
    return {.message = [this](const std::string& line) { progress_.note(line); },
            .step = [this](const std::string& stage, int64_t step, int64_t steps,
                           const Json& metrics) { on_step(stage, step, steps, metrics); },
            .pass =
                [this](const std::string& stage, int64_t done, int64_t total, int64_t tokens) {
                  begin(stage, 0, 0);
                  progress_.within_step(concat("sampled ", done, "/", total, ", ", tokens, " tokens"));
                }};
  }
  void end() {
    if (!stage_.empty()) progress_.end();
    stage_.clear();
  }

 private:
  void begin(const std::string& stage, int64_t done, int64_t total) {
    if (stage == stage_) return;
    end();
    progress_.begin(stage, done, total);
    stage_ = stage;
  }
  void on_step(const std::string& stage, int64_t step, int64_t steps, const Json& metrics) {
    begin(stage, step, steps);
    progress_.update(step, steps, metrics_text(metrics));
  }

  Progress progress_;
  std::string stage_;  // the one whose line is under way
};

void write_results(const Recipe& recipe, const fs::path& folder, std::ostream& err) {
  err << "\n"
      << stage_table_text(
             summarize_stages(recipe.resolved, load_metrics((folder / "metrics.jsonl").string())));
  err << "\nreport: " << write_report(folder).string() << "\nmodel:  " << (folder / "model").string() << "\n";
}

}  // namespace

int run_train(const TrainCommandOptions& options, Console console) {
  const Recipe recipe = read_recipe(options);
  if (options.dry_run) {
    console.err << describe_run(recipe);
    console.out << recipe.resolved.dump(2) << "\n";
    return kExitDone;
  }
  const fs::path folder =
      options.run_dir.empty() ? fs::path("runs") / recipe.name : fs::path(options.run_dir);
  const at::Device device = open_device(options.device);
  const StopSignals signals;
  set_num_threads(options.threads > 0 ? options.threads : num_threads());
  Display display(console.err, terminal_width(STDERR_FILENO));
  try {
    run_recipe(recipe,
               {.folder = folder,
                .resume = options.resume,
                .stop_after = options.stop_after,
                .device = device,
                .stop = signals.token()},
               display.events());
  } catch (const Interrupted&) {
    display.end();
    spdlog::warn("stopped; the same command with --resume goes on from the last whole step in {}",
                 folder.string());
    return kExitStopped;
  }
  display.end();
  write_results(recipe, folder, console.err);
  return kExitDone;
}

}  // namespace hone
