// A run's folder: who may write it, and the logs that grow with every step.
//
//   runs/<name>/recipe.json            the resolved recipe
//               metrics.jsonl          a line a step                   events.out.tfevents.hone  the same for TensorBoard
//               rollouts/<stage>.jsonl.zst                             checkpoints/ (checkpoint_files.h)
//               .lock                  held while a process writes the folder
//
// A checkpoint stores how long the logs were when it was taken (LogPositions); a resumed run cuts them there, so that they end
// up as if nothing had happened. Steps are with the operating system when log_step() returns, on the disk when positions() does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/descriptor.h"
#include "core/document.h"
#include "core/files.h"

namespace hone {

using Json = nlohmann::json;

/// Bytes of each log.
struct LogPositions {
  uint64_t metrics = 0, events = 0;
  std::map<std::string, uint64_t> rollouts = {};  // by stage
  bool operator==(const LogPositions&) const = default;
};
Json to_json(const LogPositions& positions);
LogPositions log_positions_from(const Json& value);  // InputError if it is not what to_json() makes

class RunFolder {
 public:
  /// Starts a run. A folder that holds one already, or that another process is writing, is an InputError and stays as it is.
  static RunFolder create(const std::filesystem::path& path, const Json& recipe);

  /// What a stored recipe means to this version of the program: with the defaults of keys that it did not know yet.
  using Complete = std::function<Json(Document stored)>;

  /// Goes on with the run in `path`. Its recipe, completed if it is not the same, must be `recipe`; only what the JSON pointers
  /// `may_differ` name, because it changes no bit of the run, may be another. The logs are closed until cut_logs().
  static RunFolder resume(const std::filesystem::path& path, const Json& recipe,
                          const std::vector<std::string>& may_differ = {}, const Complete& complete = {});

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path rollouts(const std::string& stage) const;

  /// Opens the logs as they were at `positions`; {} is the beginning. A shorter one is an InputError. Rollouts of stages that are not named are removed.
  void cut_logs(const LogPositions& positions);

  /// A line of metrics. "stage" and "step" name the point of the curves; the other numbers become curves of their own.
  /// `wall_time`: seconds since 1970, for TensorBoard alone.
  void log_step(const Json& metrics, double wall_time);

  /// The lines of one step (rollout_log.h) as one frame.
  void log_rollouts(const std::string& stage, std::string_view lines);

  /// Syncs the logs, and says where they end.
  LogPositions positions();

 private:
  explicit RunFolder(std::filesystem::path path);  // takes the lock

  std::filesystem::path path_;
  Descriptor lock_;
  std::optional<AppendFile> metrics_, events_;
  std::map<std::string, AppendFile> rollouts_;  // by stage
};

}  // namespace hone
