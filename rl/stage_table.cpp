#include "rl/stage_table.h"

#include <algorithm>
#include <sstream>

#include "core/error.h"
#include "core/files.h"
#include "core/json_lines.h"
#include "rl/number_text.h"

namespace hone {
namespace {

constexpr size_t kEndSteps =
    5;  // training steps at either end that a change without evaluations is taken from

std::string text_at(const Json& object, const std::string& key) {
  const bool has = object.is_object() && object.contains(key) && object[key].is_string();
  return has ? object[key].get<std::string>() : "";
}

std::optional<double> number_at(const Json& line, const std::string& key) {
  const auto value = line.find(key);
  if (value == line.end() || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

/// The first key that begins with `prefix`, contains `part` and ends with `ending`.
std::string key_like(const Json& line, const std::string& prefix, const std::string& part,
                     const std::string& ending) {
  for (const auto& [key, value] : line.items()) {
    if (key.starts_with(prefix) && key.ends_with(ending) &&
        key.find(part, prefix.size()) != std::string::npos)
      return key;
  }
  return "";
}

/// "eval/held_out/" of a line that carries an evaluation, else "".
std::string eval_prefix(const Json& line) {
  const std::string key = key_like(line, "eval/", "/avg@", "");
  return key.substr(0, key.empty() ? 0 : key.find("/avg@") + 1);
}

/// What the table shows of one line, under one prefix.
struct Point {
  std::optional<double> accuracy, length, format, language;
};

Point point_of(const Json& line, const std::string& prefix) {
  std::string accuracy = prefix + "reward/accuracy/mean";
  if (!prefix.empty()) {
    for (const auto& [key, value] : line.items()) {
      if (key.starts_with(prefix + "avg@") && !key.ends_with("/se")) accuracy = key;
    }
  }
  const std::string rewards = prefix + "reward/";
  return {number_at(line, accuracy), number_at(line, prefix + "response_length/mean"),
          number_at(line, key_like(line, rewards, "format", "/mean")),
          number_at(line, key_like(line, rewards, "language", "/mean"))};
}

std::optional<double> mean(const std::vector<Point>& points, size_t begin, size_t end,
                           std::optional<double> Point::*field) {
  double sum = 0;
  int64_t count = 0;
  for (size_t i = begin; i < end; ++i) {
    if (points[i].*field) sum += *(points[i].*field), ++count;
  }
  return count > 0 ? std::optional(sum / double(count)) : std::nullopt;
}

Change change_of(const std::vector<Point>& points, size_t width, std::optional<double> Point::*field) {
  const size_t n = points.size(), used = std::min(width, n);
  return {mean(points, 0, used, field), mean(points, n - used, n, field)};
}

StageSummary summarize(const Json& stage, const std::vector<const Json*>& lines) {
  StageSummary out;
  out.name = text_at(stage, "name"), out.type = text_at(stage, "type");
  std::vector<Point> trained, evaluated;
  for (const Json* line : lines) {
    const std::string prefix = eval_prefix(*line);
    if (!prefix.empty()) evaluated.push_back(point_of(*line, prefix));
    trained.push_back(point_of(*line, ""));
    out.steps = std::max(out.steps, int64_t(number_at(*line, "step").value_or(0)));
    out.seconds += number_at(*line, "time/step_s").value_or(0) + number_at(*line, "time/eval_s").value_or(0);
    out.tokens_sampled += int64_t(number_at(*line, "tokens/sampled").value_or(0));
    out.tokens_trained += int64_t(number_at(*line, "tokens/trained").value_or(0));
  }
  out.held_out = !evaluated.empty();
  const std::vector<Point>& points = out.held_out ? evaluated : trained;
  const size_t width = out.held_out ? 1 : kEndSteps;
  out.accuracy = change_of(points, width, &Point::accuracy);
  out.length = change_of(points, width, &Point::length);
  out.format = change_of(points, width, &Point::format);
  out.language = change_of(points, width, &Point::language);
  return out;
}

std::string change_text(const Change& change) {
  if (!change.before || !change.after) return "-";
  const std::string before = number_text(*change.before), after = number_text(*change.after);
  return before == after ? after : before + " -> " + after;
}

}  // namespace

std::vector<StageSummary> summarize_stages(const Json& recipe, const std::vector<Json>& metrics) {
  std::vector<StageSummary> out;
  for (const Json& stage : recipe.value("stages", Json::array())) {
    std::vector<const Json*> lines;
    for (const Json& line : metrics) {
      if (text_at(line, "stage") == text_at(stage, "name")) lines.push_back(&line);
    }
    if (!lines.empty()) out.push_back(summarize(stage, lines));
  }
  return out;
}

std::vector<std::vector<std::string>> stage_table(const std::vector<StageSummary>& stages) {
  std::vector<std::vector<std::string>> rows{
      {"stage", "type", "steps", "accuracy", "length", "format", "language", "time", "sampled", "trained"}};
  for (const StageSummary& s : stages) {
    rows.push_back({s.name, s.type, std::to_string(s.steps), change_text(s.accuracy), change_text(s.length),
                    change_text(s.format), change_text(s.language), duration_text(s.seconds),
                    count_text(s.tokens_sampled), count_text(s.tokens_trained)});
  }
  return rows;
}

std::string stage_table_text(const std::vector<StageSummary>& stages) {
  const auto rows = stage_table(stages);
  std::vector<size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  std::string out;
  for (const auto& row : rows) {
    for (size_t c = 0; c < row.size(); ++c) {
      out += row[c];
      if (c + 1 < row.size()) out.append(widths[c] - row[c].size() + 2, ' ');
    }
    out += "\n";
  }
  return out;
}

std::vector<Json> load_metrics(const std::string& path) {
  std::string text = read_file(path);
  text.resize(text.rfind('\n') + 1);  // npos + 1 is 0
  std::istringstream in(text);
  JsonLinesReader reader(path, in);
  std::vector<Json> out;
  while (auto line = reader.next()) {
    check_input(line->value.is_object(), path, ":", line->number, ": got ", line->value.type_name(),
                ", expected an object");
    out.push_back(std::move(line->value));
  }
  return out;
}

}  // namespace hone
