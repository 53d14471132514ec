// The folders of checkpoints: any files, and a manifest that lists each one with its size and checksum and
// carries the trainer's state. What is in the files is their writers' business.
//
//   checkpoints/<stage>-<step>/manifest.json
//     {"stage": "zero", "stage_index": 0, "step": 20, "files": {"<name>": {"bytes": n, "xxh64": "<16
//     digits>"}, ...},
//      "state": <any>, "xxh64": "<of everything else here, as JSON without spaces and with its keys sorted>"}
//
// A folder gets its name when all of it is on the disk. One that was torn or altered later is told from a
// whole one by its checksums, and the one before it is taken.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/files.h"

namespace hone {

using Json = nlohmann::json;

/// When a checkpoint was taken. Later ones are greater.
struct CheckpointId {
  int64_t stage_index = 0;  // position of the stage in the recipe
  int64_t step = 0;         // steps of that stage that are done
  std::string stage;
  auto operator<=>(const CheckpointId&) const = default;
  std::string folder_name() const { return stage + "-" + std::to_string(step); }
};

/// One that verifies.
struct Checkpoint {
  std::filesystem::path folder;
  CheckpointId id;
  Json state;
};

/// Builds a checkpoint aside. Without commit() nothing of it stays.
class CheckpointWriter {
 public:
  /// In `checkpoints`, which is made if it is not there. A stage's name is an InputError unless it can be a
  /// file's name.
  CheckpointWriter(const std::filesystem::path& checkpoints, CheckpointId id);

  /// Where the files are to be written, by whatever means.
  const std::filesystem::path& folder() const { return folder_.folder(); }
  void add(const std::string& name, std::span<const std::byte> bytes);
  /// `state` must hold no NaN or infinity: JSON has none. Returns the checkpoint's folder.
  std::filesystem::path commit(const Json& state);

 private:
  CheckpointId id_;
  std::filesystem::path path_;
  AtomicFolder folder_;
};

/// A checkpoint, or what is wrong with it ("model.safetensors: 12 bytes, expected 40").
struct CheckedCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::string fault;  // "" if it is whole
};
CheckedCheckpoint verify_checkpoint(const std::filesystem::path& folder);

/// The newest whole one, of `stage` if that is not "", and a sentence about each newer one that had to be
/// passed over.
struct LatestCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::vector<std::string> skipped;
};
LatestCheckpoint latest_good(const std::filesystem::path& checkpoints, const std::string& stage = "");

/// Removes checkpoints older than `current`, which must be a whole one, so that `keep` (at least 1) of every stage are left, it
/// included: a later stage may start from the last one of any. Newer ones (passed over when the run was resumed) and those whose
/// manifest cannot be read are left to be looked at, or replaced when their step comes again. Returns what was removed.
std::vector<std::filesystem::path> prune_checkpoints(const std::filesystem::path& checkpoints, int64_t keep,
                                                     const CheckpointId& current);

}  // namespace hone
