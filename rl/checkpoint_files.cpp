// Manifests: written, read back, compared with what lies beside them.
#include "rl/checkpoint_files.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>

#include "core/document.h"
#include "core/error.h"
#include "core/hash.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "manifest.json";

void check_stage_name(const std::string& stage) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '.'; };
  check_input(!stage.empty() && stage.size() <= 100 && stage[0] != '.' &&
                  std::all_of(stage.begin(), stage.end(), plain),
              "stage ", Json(stage).dump(),
              ": expected at most 100 letters, digits, _, - and ., not a . first: it names files");
}

std::vector<fs::path> files_under(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  return out;
}

/// A manifest that is as it was written; its problem otherwise.
struct Manifest {
  Json root;
  std::string problem;
};

bool has_shape(const Json& root) {
  const auto is = [&](const char* key, Json::value_t type) {
    return root.contains(key) && root[key].type() == type;
  };
  if (!is("stage", Json::value_t::string) || !is("files", Json::value_t::object) || !root.contains("state") ||
      !is("stage_index", Json::value_t::number_unsigned) || !is("step", Json::value_t::number_unsigned)) {
    return false;
  }
  return std::all_of(root["files"].begin(), root["files"].end(), [](const Json& entry) {
    return entry.is_object() && entry.contains("bytes") && entry.contains("xxh64") &&
           entry["xxh64"].is_string();
  });
}

Manifest read_manifest(const fs::path& folder) {
  const fs::path path = folder / kManifest;
  if (const FileHash hash = hash_file(path); !hash.problem.empty())
    return {{}, concat(kManifest, ": ", hash.problem)};
  auto root = parse_value(read_file(path));
  if (!root || !root->is_object() || !root->contains("xxh64")) return {{}, concat(kManifest, ": torn")};
  const Json sum = (*root)["xxh64"];
  root->erase("xxh64");
  if (sum != to_hex(xxh64(root->dump(-1, ' ', false, Json::error_handler_t::replace)))) {
    return {{}, concat(kManifest, ": its checksum is wrong")};
  }
  if (!has_shape(*root)) return {{}, concat(kManifest, ": not a checkpoint's")};
  return {*std::move(root), ""};
}

CheckpointId id_of(const Json& manifest) {
  return {
      .stage_index = manifest.at("stage_index"), .step = manifest.at("step"), .stage = manifest.at("stage")};
}

/// What is wrong with the files that a manifest lists, or "".
std::string fault_of_files(const fs::path& folder, const Json& files) {
  for (const auto& [name, entry] : files.items()) {
    const FileHash hash = hash_file(folder / name);
    if (!hash.problem.empty()) return concat(name, ": ", hash.problem);
    if (hash.bytes != entry.at("bytes"))
      return concat(name, ": ", hash.bytes, " bytes, expected ", entry.at("bytes"));
    if (to_hex(hash.xxh64) != entry.at("xxh64")) {
      return concat(name, ": checksum ", to_hex(hash.xxh64), ", expected ",
                    entry.at("xxh64").get<std::string>());
    }
  }
  return "";
}

struct Listed {
  fs::path folder;
  std::optional<CheckpointId> id;  // nothing if the manifest cannot be read
  std::string problem;
};

/// Every checkpoint, newest first; those whose manifest cannot be read come before all.
std::vector<Listed> list_checkpoints(const fs::path& checkpoints) {
  std::vector<Listed> out;
  if (!fs::exists(checkpoints)) return out;
  for (const auto& entry : fs::directory_iterator(checkpoints)) {
    if (!entry.is_directory() || entry.path().filename().string().starts_with(".")) continue;
    Manifest manifest = read_manifest(entry.path());
    if (manifest.problem.empty())
      out.push_back({entry.path(), id_of(manifest.root), ""});
    else
      out.push_back({entry.path(), std::nullopt, manifest.problem});
  }
  std::sort(out.begin(), out.end(), [](const Listed& a, const Listed& b) {
    if (a.id.has_value() != b.id.has_value()) return !a.id.has_value();
    return a.id ? *a.id > *b.id : a.folder < b.folder;
  });
  return out;
}

/// As far as a folder's name tells; the stage's position is not known.
CheckpointId id_of_name(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const size_t dash = name.rfind('-');
  CheckpointId out{.stage_index = 0, .step = 0, .stage = name.substr(0, dash)};
  if (dash != std::string::npos) std::from_chars(name.data() + dash + 1, name.data() + name.size(), out.step);
  return out;
}

/// Makes the folder before the member that writes into it is made.
fs::path prepare(const fs::path& checkpoints, const CheckpointId& id) {
  check_stage_name(id.stage);
  create_folders(checkpoints);
  return checkpoints / id.folder_name();
}

}  // namespace

CheckpointWriter::CheckpointWriter(const fs::path& checkpoints, CheckpointId id)
    : id_(std::move(id)), path_(prepare(checkpoints, id_)), folder_(path_) {}

void CheckpointWriter::add(const std::string& name, std::span<const std::byte> bytes) {
  write_file(folder() / name, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

fs::path CheckpointWriter::commit(const Json& state) {
  Json files = Json::object();
  for (const fs::path& path : files_under(folder())) {
    const FileHash hash = hash_file(path);
    check(hash.problem.empty(), path.string(), ": ", hash.problem);
    files[path.lexically_relative(folder()).generic_string()] = {{"bytes", hash.bytes},
                                                                 {"xxh64", to_hex(hash.xxh64)}};
  }
  Json manifest = {{"stage", id_.stage},
                   {"stage_index", id_.stage_index},
                   {"step", id_.step},
                   {"files", files},
                   {"state", state}};
  manifest["xxh64"] = to_hex(xxh64(manifest.dump()));
  write_file(folder() / kManifest, manifest.dump(1) + "\n");
  folder_.commit();
  return path_;
}

CheckedCheckpoint verify_checkpoint(const fs::path& folder) {
  const Manifest manifest = read_manifest(folder);
  if (!manifest.problem.empty()) return {std::nullopt, manifest.problem};
  const std::string fault = fault_of_files(folder, manifest.root.at("files"));
  if (!fault.empty()) return {std::nullopt, fault};
  return {Checkpoint{folder, id_of(manifest.root), manifest.root.at("state")}, ""};
}

LatestCheckpoint latest_good(const fs::path& checkpoints, const std::string& stage) {
  LatestCheckpoint out;
  std::vector<std::pair<CheckpointId, std::string>> skipped;
  for (const Listed& listed : list_checkpoints(checkpoints)) {
    const CheckpointId id = listed.id ? *listed.id : id_of_name(listed.folder);
    if (!stage.empty() && id.stage != stage) continue;
    CheckedCheckpoint checked = verify_checkpoint(listed.folder);
    if (checked.checkpoint) {
      out.checkpoint = std::move(checked.checkpoint);
      break;
    }
    skipped.emplace_back(id,
                         concat("checkpoint ", listed.folder.string(), " is passed over: ", checked.fault));
  }
  for (auto& [id, sentence] : skipped) {
    const bool older =
        out.checkpoint && id.stage == out.checkpoint->id.stage && id.step < out.checkpoint->id.step;
    if (!older) out.skipped.push_back(std::move(sentence));
  }
  return out;
}

std::vector<fs::path> prune_checkpoints(const fs::path& checkpoints, int64_t keep,
                                        const CheckpointId& current) {
  check(keep >= 1, "keep_checkpoints: got ", keep, ", expected >= 1");
  std::vector<fs::path> removed;
  std::map<int64_t, int64_t> num_seen;  // by stage
  for (const Listed& listed : list_checkpoints(checkpoints)) {
    if (!listed.id || *listed.id > current || ++num_seen[listed.id->stage_index] <= keep) continue;
    remove_atomic(listed.folder);
    removed.push_back(listed.folder);
  }
  return removed;
}

}  // namespace hone
