#include "rl/run_date.h"

#include <cstdio>

#include "core/error.h"
#include "core/files.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "date";

std::string date_text(TimePoint time) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(day.year()), unsigned(day.month()),
                unsigned(day.day()));
  return text;
}

}  // namespace

std::optional<TimePoint> parse_date(const std::string& text) {
  int year = 0, length = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &length) != 3) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (size_t(length) != text.size() || !date.ok()) return std::nullopt;
  return TimePoint(std::chrono::sys_days(date));
}

TimePoint run_date(const std::string& of_recipe, const fs::path& folder) {
  const fs::path file = folder / kFile;
  std::string text = of_recipe;
  if (text.empty() && fs::exists(file)) text = read_file(file);
  if (text.empty()) text = date_text(std::chrono::system_clock::now());
  while (text.ends_with('\n')) text.pop_back();
  const auto date = parse_date(text);
  check_input(date.has_value(), file.string(), ": got \"", text.substr(0, 40),
              "\", expected a day such as 2026-11-30");
  return *date;
}

void keep_run_date(TimePoint date, const fs::path& folder) {
  if (!fs::exists(folder / kFile)) write_file_atomic(folder / kFile, date_text(date) + "\n");
}

}  // namespace hone
