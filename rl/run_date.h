// The day that a run takes for today: some chat templates write it into prompts, and a run that is resumed on another day must see
// the prompts that it saw before. Kept in the run's folder as the file `date`, unless the recipe gives one.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

namespace hone {

using TimePoint = std::chrono::system_clock::time_point;

/// Midnight (UTC) of "2026-11-30", or nothing if that is no day.
std::optional<TimePoint> parse_date(const std::string& text);

/// The recipe's day, else that of the run in `folder`, else today's.
TimePoint run_date(const std::string& of_recipe, const std::filesystem::path& folder);

/// Writes the day into the folder unless it is there.
void keep_run_date(TimePoint date, const std::filesystem::path& folder);

}  // namespace hone
