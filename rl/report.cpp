#include "rl/report.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "core/document.h"
#include "core/error.h"
#include "core/files.h"
#include "rl/number_text.h"
#include "rl/report_chart.h"
#include "rl/rollout_log.h"
#include "rl/stage_table.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStyle = R"(
:root { --ink: #1c2330; --soft: #667085; --line: #e3e7ee; --band: #f6f8fb; --page: #ffffff; --curve: #2563eb; --mark: #d9480f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ef; --soft: #98a2b3; --line: #2c3444; --band: #171c26; --page: #0f131a; --curve: #6ea8fe; --mark: #ff9f5a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1000px; padding: 28px 24px 60px; background: var(--page); color: var(--ink);
       font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 26px; margin: 0 0 2px; } h2 { font-size: 18px; margin: 34px 0 10px; }
.soft { color: var(--soft); }
.tiles { display: flex; flex-wrap: wrap; gap: 10px; margin: 18px 0; }
.tile { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; min-width: 120px; }
.tile b { display: block; font-size: 19px; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
figure { margin: 14px 0 6px; } figcaption { font-weight: 600; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 11px; fill: var(--soft); }
.band { fill: var(--band); } .grid { stroke: var(--line); } .curve, .marks { fill: none; stroke-width: 1.6; }
.curve { stroke: var(--curve); } .marks { stroke: var(--mark); stroke-dasharray: 3 3; } .mark { fill: var(--mark); }
.curve-dot { fill: var(--curve); }
.bar { display: flex; height: 14px; border-radius: 4px; overflow: hidden; min-width: 220px; background: var(--band); }
.key { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin: 0 5px 0 14px; }
details { border: 1px solid var(--line); border-radius: 8px; padding: 8px 12px; margin: 8px 0; }
summary { cursor: pointer; } pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 8px 0 2px; font-size: 13px; }
)";

struct Run {
  Json recipe;
  std::vector<Json> metrics;
  std::vector<StageSummary> stages;
};

struct Chart {
  const char* title;
  const char* curve;  // key of a training step; "*" stands for anything
  const char* mark;   // key of an evaluation, after "eval/<name>/"
};
constexpr std::array<Chart, 9> kCharts{
    {{"Reward", "reward/mean", ""},
     {"Accuracy", "reward/accuracy/mean", "avg@*"},
     {"Response length, tokens", "response_length/mean", "response_length/mean"},
     {"Language consistency", "reward/*language*/mean", "reward/*language*/mean"},
     {"Format", "reward/*format*/mean", "reward/*format*/mean"},
     {"Loss", "loss", ""},
     {"Entropy, nats", "entropy", ""},
     {"KL to the reference", "kl", ""},
     {"Gradient norm", "grad_norm", ""}}};

/// Whether `key` is `pattern`, whose stars stand for any text without a slash.
bool matches(std::string_view key, std::string_view pattern) {
  if (pattern.empty()) return key.empty();
  if (pattern[0] != '*')
    return !key.empty() && key[0] == pattern[0] && matches(key.substr(1), pattern.substr(1));
  return matches(key, pattern.substr(1)) ||
         (!key.empty() && key[0] != '/' && matches(key.substr(1), pattern));
}

/// The first number of `line` under a key of `pattern`.
std::optional<double> number_like(const Json& line, const std::string& pattern) {
  for (const auto& [key, value] : line.items()) {
    if (value.is_number() && matches(key, pattern)) return value.get<double>();
  }
  return std::nullopt;
}

std::string charts_html(const Run& run) {
  std::string out;
  for (const Chart& chart : kCharts) {
    std::vector<ChartBand> bands;
    for (const StageSummary& stage : run.stages) {
      ChartBand band{stage.name, {}, {}};
      for (const Json& line : run.metrics) {
        if (line.value("stage", Json()) != stage.name) continue;
        const double step = number_like(line, "step").value_or(0);
        if (const auto value = number_like(line, chart.curve)) band.curve.push_back({step, *value});
        if (*chart.mark == '\0') continue;
        if (const auto value = number_like(line, std::string("eval/*/") + chart.mark))
          band.marks.push_back({step, *value});
      }
      bands.push_back(std::move(band));
    }
    out += chart_html(chart.title, bands);
  }
  return out;
}

std::string tile(const std::string& value, const std::string& name) {
  return concat("<div class=\"tile\"><b>", escape_html(value), "</b><span class=\"soft\">", escape_html(name),
                "</span></div>\n");
}

std::string tiles_html(const Run& run) {
  double seconds = 0;
  int64_t sampled = 0, trained = 0;
  for (const StageSummary& s : run.stages)
    seconds += s.seconds, sampled += s.tokens_sampled, trained += s.tokens_trained;
  std::optional<double> difference;  // between sampler's and trainer's log-probabilities
  for (const Json& line : run.metrics) {
    const auto value = number_like(line, "sampling/logp_difference/max");
    if (value) difference = std::max(difference.value_or(0), *value);
  }
  std::string out = "<div class=\"tiles\">\n" + tile(duration_text(seconds), "time") +
                    tile(count_text(sampled), "tokens sampled") + tile(count_text(trained), "tokens trained");
  for (auto s = run.stages.rbegin(); s != run.stages.rend(); ++s) {
    if (!s->held_out || !s->accuracy.after) continue;
    out += tile(number_text(*s->accuracy.after), "held-out accuracy after " + s->name);
    break;
  }
  if (difference)
    out += tile(*difference == 0 ? "0" : number_text(*difference),
                "largest sampler/trainer log-prob difference");
  return out + "</div>\n";
}

std::string table_html(const std::vector<std::vector<std::string>>& rows) {
  std::string out = "<div class=\"scroll\"><table>\n";
  for (size_t r = 0; r < rows.size(); ++r) {
    out += "<tr>";
    for (const std::string& cell : rows[r]) {
      const char* tag = r == 0 ? "th" : "td";
      out += concat("<", tag, ">", escape_html(cell), "</", tag, ">");
    }
    out += "</tr>\n";
  }
  return out + "</table></div>\n";
}

/// Where the seconds of each stage went.
std::string cost_html(const Run& run) {
  struct Part {
    const char *name, *key, *colour;
  };
  constexpr Part kParts[] = {{"rollout", "time/rollout_s", "#2563eb"},
                             {"reward", "time/reward_s", "#9333ea"},
                             {"training", "time/train_s", "#16a34a"},
                             {"evaluation", "time/eval_s", "#d9480f"}};
  std::string out = "<p class=\"soft\">";
  for (const Part& part : kParts)
    out += concat("<span class=\"key\" style=\"background:", part.colour, "\"></span>", part.name);
  out +=
      "<span class=\"key\" style=\"background:var(--line)\"></span>other</p>\n<div class=\"scroll\"><table>\n"
      "<tr><th>stage</th><th>time</th><th>share</th><th>sampled tokens/s</th><th>trained "
      "tokens/s</th></tr>\n";
  for (const StageSummary& stage : run.stages) {
    if (stage.seconds <= 0) continue;
    std::string bar;
    for (const Part& part : kParts) {
      double seconds = 0;
      for (const Json& line : run.metrics) {
        if (line.value("stage", Json()) == stage.name) seconds += number_like(line, part.key).value_or(0);
      }
      bar += concat("<div title=\"", part.name, " ", duration_text(seconds),
                    "\" style=\"width:", std::clamp(100 * seconds / stage.seconds, 0.0, 100.0),
                    "%;background:", part.colour, "\"></div>");
    }
    out += concat("<tr><td>", escape_html(stage.name), "</td><td>", duration_text(stage.seconds),
                  "</td><td><div class=\"bar\">", bar, "</div></td><td>",
                  count_text(int64_t(double(stage.tokens_sampled) / stage.seconds)), "</td><td>",
                  count_text(int64_t(double(stage.tokens_trained) / stage.seconds)), "</td></tr>\n");
  }
  return out + "</table></div>\n";
}

std::string rollout_html(const std::string& what, const Json& row) {
  const auto text = [&](const char* key) {
    const Json value = row.value(key, Json(""));
    if (value.is_string()) return value.get<std::string>();
    return value.is_number_float() ? number_text(value.get<double>()) : value.dump();
  };
  const Json by_rule = row.value("rewards", Json::object()), dropped = row.value("dropped", Json());
  const std::string reward = dropped.is_string() ? "none, " + dropped.get<std::string>() : text("reward");
  std::string rewards;
  for (const auto& [rule, value] : by_rule.items())
    rewards += concat(" ", rule, " ", value.is_number() ? number_text(value.get<double>()) : value.dump());
  return concat(
      "<details><summary>", what, ", step ", escape_html(text("step")), ": reward ", escape_html(reward),
      " <span class=\"soft\">(", escape_html(rewards.empty() ? "" : rewards.substr(1)), "), ",
      escape_html(text("tokens")), " tokens, ", escape_html(text("finish_reason")), ", advantage ",
      escape_html(text("advantage")), "</span></summary>\n<pre><span class=\"soft\">",
      escape_html(text("prompt")), "</span>", escape_html(text("completion")), "</pre></details>\n");
}

/// Of the first and of the last step: the best, the worst and the longest.
std::string rollouts_html(const fs::path& run, const StageSummary& stage) {
  const fs::path path = run / "rollouts" / (stage.name + ".jsonl.zst");
  if (!fs::exists(path)) return "";
  const auto step_of = [](const Json& row) { return row.value("step", Json()); };
  std::vector<Json> first, last;
  for_each_rollout(path, [&](const Json& row) {
    check_input(row.is_object(), path.string(), ": a row is ", row.type_name(), ", expected an object");
    if (first.empty() || step_of(row) == step_of(first[0])) first.push_back(row);
    if (!last.empty() && step_of(row) != step_of(last[0])) last.clear();
    last.push_back(row);
  });
  if (first.empty()) return "";
  const auto by = [](const char* key) {
    return [key](const Json& a, const Json& b) {
      return number_like(a, key).value_or(0) < number_like(b, key).value_or(0);
    };
  };
  std::string out = "<h3>" + escape_html(stage.name) + "</h3>\n";
  for (const auto* rows : {&first, &last}) {
    if (rows == &last && step_of(first[0]) == step_of(last[0])) break;
    std::vector<Json> judged;  // a completion without a verdict is neither good nor bad
    std::copy_if(rows->begin(), rows->end(), std::back_inserter(judged),
                 [](const Json& row) { return number_like(row, "reward").has_value(); });
    if (!judged.empty()) {
      out += rollout_html("Best", *std::max_element(judged.begin(), judged.end(), by("reward")));
      out += rollout_html("Worst", *std::min_element(judged.begin(), judged.end(), by("reward")));
    }
    out += rollout_html("Longest", *std::max_element(rows->begin(), rows->end(), by("tokens")));
  }
  return out;
}

}  // namespace

std::string report_html(const fs::path& path) {
  Run run{load_document(path / "recipe.json").root, {}, {}};
  check_input(run.recipe.is_object(), (path / "recipe.json").string(), ": got ", run.recipe.type_name(),
              ", expected an object");
  if (fs::exists(path / "metrics.jsonl")) run.metrics = load_metrics((path / "metrics.jsonl").string());
  run.stages = summarize_stages(run.recipe, run.metrics);
  const Json name = run.recipe.value("name", Json());
  const std::string title =
      name.is_string() && !name.empty() ? name.get<std::string>() : path.filename().string();
  std::string out = concat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
      escape_html(title), "</title>\n<style>", kStyle, "</style></head><body>\n<h1>", escape_html(title),
      "</h1>\n<div class=\"soft\">a run of hone, seed ",
      escape_html(run.recipe.value("seed", Json(1)).dump()), "</div>\n", tiles_html(run));
  out += "<h2>Stages</h2>\n" + table_html(stage_table(run.stages));
  out +=
      "<p class=\"soft\">before -&gt; after, held out where a stage is evaluated, else training steps</p>\n";
  out +=
      "<h2>Curves</h2>\n<p class=\"soft\">lines: training steps; dots: evaluations on held-out "
      "problems</p>\n" +
      charts_html(run);
  out += "<h2>Cost</h2>\n" + cost_html(run);
  std::string rollouts;
  for (const StageSummary& stage : run.stages) rollouts += rollouts_html(path, stage);
  if (!rollouts.empty()) out += "<h2>Sample rollouts</h2>\n" + rollouts;
  out += "<h2>Recipe</h2>\n<details><summary>with every default written out</summary><pre>" +
         escape_html(run.recipe.dump(2)) + "</pre></details>\n";
  return out + "</body></html>\n";
}

fs::path write_report(const fs::path& run) {
  const fs::path path = run / "report.html";
  write_file_atomic(path, report_html(run));
  return path;
}

}  // namespace hone
