// The lock, the recipe's comparison, and three kinds of logs.
#include "rl/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "core/json_lines.h"
#include "rl/rollout_log.h"
#include "rl/tensorboard.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRollouts = "rollouts";
constexpr const char* kRolloutsEnding = ".jsonl.zst";

/// What of a run is in the folder, or "".
std::string trace_of_run(const fs::path& path) {
  for (const char* name : {"recipe.json", "metrics.jsonl", "checkpoints", kRollouts}) {
    if (fs::exists(path / name)) return name;
  }
  return "";
}

/// "runs/x/recipe.json:12: stages[0].steps: the run was started with 60, the recipe says 80" for the first difference, or "".
std::string difference(const Document& run, const Json& started, const Json& recipe,
                       const std::vector<std::string>& may_differ) {
  for (const Json& change : Json::diff(started, recipe)) {
    const std::string pointer = change.at("path");
    const auto covers = [&](const std::string& prefix) {
      return pointer == prefix || pointer.starts_with(prefix + "/");
    };
    if (std::any_of(may_differ.begin(), may_differ.end(), covers)) continue;
    const auto shown = [&](const Json& root) {
      const Json::json_pointer at(pointer);
      return root.contains(at) ? root.at(at).dump(-1, ' ', true, Json::error_handler_t::replace).substr(0, 60)
                               : "nothing";
    };
    return concat(run.where(pointer), ": the run was started with ", shown(started), ", the recipe says ",
                  shown(recipe));
  }
  return "";
}

Descriptor take_lock(const fs::path& folder) {
  const fs::path path = folder / ".lock";
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  check(fd.is_open(), path.string(), ": cannot be opened: ", std::strerror(errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  check_input(errno != EWOULDBLOCK, folder.string(), ": another process is writing this run");
  throw Error(concat(path.string(), ": cannot be locked: ", std::strerror(errno)));
}

}  // namespace

Json to_json(const LogPositions& positions) {
  return {{"metrics", positions.metrics}, {"events", positions.events}, {kRollouts, positions.rollouts}};
}

LogPositions log_positions_from(const Json& value) {
  const auto is_size = [](const Json& json) { return json.is_number_unsigned(); };
  const bool good = value.is_object() && value.contains("metrics") && is_size(value["metrics"]) &&
                    value.contains("events") && is_size(value["events"]) && value.contains(kRollouts) &&
                    value[kRollouts].is_object() &&
                    std::all_of(value[kRollouts].begin(), value[kRollouts].end(), is_size);
  check_input(good, "log positions: got ", value.dump(),
              ", expected {\"metrics\", \"events\", \"rollouts\"}");
  return {value["metrics"], value["events"], value[kRollouts].get<std::map<std::string, uint64_t>>()};
}

RunFolder::RunFolder(fs::path path) : path_(std::move(path)), lock_(take_lock(path_)) {}

RunFolder RunFolder::create(const fs::path& path, const Json& recipe) {
  const auto check_free = [&] {
    const std::string trace = trace_of_run(path);
    check_input(trace.empty(), path.string(), ": holds a run already (", trace,
                "): --resume goes on with it, --run-dir names another folder");
  };
  check_free();
  create_folders(path);
  RunFolder run(path);
  check_free();  // another process may have started one until we had the lock
  remove_leftovers(path);
  write_file_atomic(path / "recipe.json", recipe.dump(2) + "\n");
  run.cut_logs({});
  return run;
}

RunFolder RunFolder::resume(const fs::path& path, const Json& recipe,
                            const std::vector<std::string>& may_differ, const Complete& complete) {
  check_input(fs::exists(path / "recipe.json"), path.string(), ": holds no run to resume (no recipe.json)");
  const Document stored = load_document(path / "recipe.json");
  const bool completed = complete && stored.root != recipe;
  const Json started = completed ? complete(stored) : stored.root;
  const std::string change = difference(stored, started, recipe, may_differ);
  check_input(change.empty(), change);
  RunFolder run(path);
  remove_leftovers(path);
  remove_leftovers(run.checkpoints());
  if (stored.root != recipe) write_file_atomic(path / "recipe.json", recipe.dump(2) + "\n");
  return run;
}

fs::path RunFolder::rollouts(const std::string& stage) const {
  return path_ / kRollouts / (stage + kRolloutsEnding);
}

void RunFolder::cut_logs(const LogPositions& positions) {
  metrics_.emplace(path_ / "metrics.jsonl", positions.metrics);
  events_.emplace(path_ / "events.out.tfevents.hone", positions.events);
  rollouts_.clear();
  create_folders(path_ / kRollouts);
  for (const auto& [stage, size] : positions.rollouts)
    rollouts_.emplace(stage, AppendFile(rollouts(stage), size));
  std::vector<fs::path> later;  // logs of stages that had not begun
  for (const auto& entry : fs::directory_iterator(path_ / kRollouts)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(kRolloutsEnding)) continue;
    const std::string stage = name.substr(0, name.size() - std::strlen(kRolloutsEnding));
    if (!positions.rollouts.contains(stage)) later.push_back(entry.path());
  }
  for (const fs::path& path : later) remove_atomic(path);
}

void RunFolder::log_step(const Json& metrics, double wall_time) {
  check(metrics_.has_value(), path_.string(), ": the logs are not open");
  check(metrics.contains("stage") && metrics.contains("step"), "metrics: got ", metrics.dump(),
        ", expected stage and step");
  const std::string stage = metrics.at("stage");
  const int64_t step = metrics.at("step");
  std::vector<std::pair<std::string, float>> scalars;
  for (const auto& [key, value] : metrics.items()) {
    if (key != "step" && value.is_number()) scalars.emplace_back(stage + "/" + key, value.get<float>());
  }
  metrics_->append(to_json_line(metrics));
  if (events_->size() == 0) events_->append(event_file_header(wall_time));
  events_->append(scalar_record(wall_time, step, scalars));
}

void RunFolder::log_rollouts(const std::string& stage, std::string_view lines) {
  check(metrics_.has_value(), path_.string(), ": the logs are not open");
  auto log = rollouts_.find(stage);
  if (log == rollouts_.end()) log = rollouts_.emplace(stage, AppendFile(rollouts(stage), 0)).first;
  log->second.append(compress_frame(lines));
}

LogPositions RunFolder::positions() {
  check(metrics_.has_value(), path_.string(), ": the logs are not open");
  metrics_->sync();
  events_->sync();
  LogPositions out{metrics_->size(), events_->size(), {}};
  for (auto& [stage, log] : rollouts_) {
    log.sync();
    out.rollouts[stage] = log.size();
  }
  return out;
}

}  // namespace hone
