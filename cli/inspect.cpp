// `hone inspect`: what a folder holds: a model, a checkpoint of a run, or a run.
#include <filesystem>
#include <ostream>

#include "cli/commands.h"
#include "core/document.h"
#include "core/error.h"
#include "core/files.h"
#include "model/activation_memory.h"
#include "model/decoder.h"
#include "model/model_folder.h"
#include "rl/checkpoint_files.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

std::string last_line(const fs::path& file) {
  std::string text = read_file(file);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const size_t begin = text.rfind('\n');
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

Json inspect_model(const fs::path& folder) {
  const ModelFiles files = open_model_files(folder);
  const DecoderConfig& config = files.config;
  const SafetensorsReader& weights = files.reader;
  int64_t bytes = 0;
  Json dtypes = Json::object();
  for (const std::string& name : weights.names()) {
    const StoredTensor& t = weights.tensor(name);
    bytes += int64_t(t.num_bytes);
    dtypes[t.dtype] = dtypes.value(t.dtype, 0) + 1;
  }
  const ParameterCount count = count_parameters(config);
  Json model = {{"architecture", config.architecture},
                {"parameters", count.total},
                {"active_parameters", count.active},
                {"weight_bytes", bytes},
                {"tensors", weights.names().size()},
                {"dtypes", dtypes},
                {"vocab_size", config.vocab_size},
                {"hidden_size", config.hidden_size},
                {"layers", config.num_layers},
                {"context", config.max_positions},
                {"attention", config.attention.is_mla() ? "mla" : "gqa"},
                {"kv_cache_bytes_per_token", page_bytes(config) / ops::kPageSize},
                {"kv_cache_bytes_per_token_bfloat16", page_bytes(config, at::kBFloat16) / ops::kPageSize},
                {"training_bytes", training_bytes(config)},
                {"activation_bytes_per_token", activation_bytes(config, false)},
                {"activation_bytes_per_token_checkpointed", activation_bytes(config, true)}};
  if (count.kept > 0) model["kept_parameters"] = count.kept;  // multi-token prediction: neither computed nor trained
  if (config.moe.num_experts > 0)
    model["experts"] = {{"routed", config.moe.num_experts},
                        {"per_token", config.moe.top_k},
                        {"dense_layers", config.num_dense_layers()}};
  return model;
}

Json inspect_checkpoint(const fs::path& folder) {
  const CheckedCheckpoint checked = verify_checkpoint(folder);
  if (!checked.checkpoint) return {{"whole", false}, {"fault", checked.fault}};
  return {{"whole", true}, {"stage", checked.checkpoint->id.stage}, {"step", checked.checkpoint->id.step}};
}

Json inspect_run(const fs::path& folder) {
  const Document recipe = load_document(folder / "recipe.json");
  Json run = {{"name", recipe.root.value("name", "")},
              {"seed", recipe.root.value("seed", Json())},
              {"checkpoints", Json::array()}};
  for (const Json& stage : recipe.root.value("stages", Json::array()))
    run["stages"].push_back(stage.value("name", ""));
  const fs::path checkpoints = folder / "checkpoints";
  if (fs::is_directory(checkpoints))
    for (const auto& entry : fs::directory_iterator(checkpoints))
      if (fs::exists(entry.path() / "manifest.json")) {
        Json one = inspect_checkpoint(entry.path());
        one["folder"] = entry.path().filename().string();
        run["checkpoints"].push_back(std::move(one));
      }
  if (fs::exists(folder / "metrics.jsonl"))
    run["last_metrics"] =
        parse_document((folder / "metrics.jsonl").string(), last_line(folder / "metrics.jsonl")).root;
  return run;
}

}  // namespace

int run_inspect(const std::string& path, Console console) {
  const fs::path folder(path);
  check_input(fs::is_directory(folder), path,
              ": not a folder; expected a model folder, a checkpoint or a run folder");
  Json found = {{"path", path}};
  if (fs::exists(folder / "recipe.json")) {
    found["run"] = inspect_run(folder);
  } else {
    check_input(
        fs::exists(folder / "config.json") || fs::exists(folder / "manifest.json"), path,
        ": neither config.json (a model), manifest.json (a checkpoint) nor recipe.json (a run) is here");
    if (fs::exists(folder / "manifest.json")) found["checkpoint"] = inspect_checkpoint(folder);
    if (fs::exists(folder / "config.json")) found["model"] = inspect_model(folder);
  }
  console.out << found.dump(2) << "\n";
  return 0;
}

}  // namespace hone
