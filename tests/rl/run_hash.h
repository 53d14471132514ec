// What two runs must agree on, as hashes: weights, metrics without times, rollouts, kept data.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "core/files.h"
#include "core/hash.h"
#include "core/json_lines.h"
#include "rl/rollout_log.h"

namespace hone {

inline std::map<std::string, std::string> run_hashes(const std::filesystem::path& run) {
  std::map<std::string, std::string> hashes;
  hashes["weights"] = to_hex(xxh64(read_file(run / "model" / "model.safetensors")));
  std::string metrics, rollouts;
  for_each_json_line(run / "metrics.jsonl", [&](const JsonLine& line) {
    Json kept;
    for (const auto& [key, value] : line.value.items())
      if (!key.starts_with("time/")) kept[key] = value;
    metrics += kept.dump() + "\n";
  });
  hashes["metrics"] = to_hex(xxh64(metrics));
  std::map<std::string, std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(run / "rollouts"))
    files[entry.path().filename()] = entry.path();
  for (const auto& [name, path] : files)
    for_each_rollout(path, [&](const Json& line) { rollouts += line.dump() + "\n"; });
  hashes["rollouts"] = to_hex(xxh64(rollouts));
  return hashes;
}

}  // namespace hone
