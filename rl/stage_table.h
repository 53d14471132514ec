// What came of each stage, from the lines of metrics.jsonl: the closing table of a run, and the one in its report.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace hone {

using Json = nlohmann::json;

/// A number before a stage's first step and after its last. Held-out evaluations give it where there are any, else the means of
/// the first and of the last five training steps.
struct Change {
  std::optional<double> before, after;
};

struct StageSummary {
  std::string name, type;
  int64_t steps = 0;
  bool held_out = false;  // the changes below are of an evaluation
  Change accuracy, length, format, language;
  double seconds = 0;  // of steps and evaluations
  int64_t tokens_sampled = 0, tokens_trained = 0;
};

/// One for every stage that has begun, in the order of the recipe. `recipe` is the resolved one, `metrics` the lines in order.
std::vector<StageSummary> summarize_stages(const Json& recipe, const std::vector<Json>& metrics);

/// The columns of the table, the head first: both the terminal's and the report's.
std::vector<std::vector<std::string>> stage_table(const std::vector<StageSummary>& stages);

/// Aligned with spaces, one line a stage.
std::string stage_table_text(const std::vector<StageSummary>& stages);

/// Every line of a run's metrics.jsonl; a last one that is cut short (the run goes on, or was killed) is left out.
std::vector<Json> load_metrics(const std::string& path);

}  // namespace hone
