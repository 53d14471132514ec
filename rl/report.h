// report.html of a run: what came of the stages, curves, sample rollouts, cost. One file without scripts or anything to fetch.
#pragma once

#include <filesystem>
#include <string>

namespace hone {

/// The page, from the folder's recipe.json, metrics.jsonl and rollouts. A run that goes on, or was killed, has one too.
std::string report_html(const std::filesystem::path& run);

/// Writes `run`/report.html and returns its path.
std::filesystem::path write_report(const std::filesystem::path& run);

}  // namespace hone
