#include "model/model_folder.h"

#include <ATen/ops/empty.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <unordered_map>
#include <unordered_set>

#include "core/error.h"
#include "core/files.h"
#include "model/chat_template.h"
#include "model/quantized.h"
#include "model/weights.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

std::string print_shape(const std::vector<int64_t>& shape) { return Json(shape).dump(); }

/// Tensors that some exporters write although they follow from the config.
bool is_derived(const std::string& name) { return name.ends_with("rotary_emb.inv_freq"); }

constexpr const char* kHead = "lm_head.weight";
constexpr const char* kEmbedding = "model.embed_tokens.weight";

/// A tensor of the folder and the first of the listed ones that it fills.
struct Source {
  std::string name;
  std::vector<int64_t> shape;
  const NamedTensor* first;
};

/// Finds every tensor in the folder, experts one by one or fused. Missing, misshapen and surplus ones are
/// errors.
std::vector<Source> find_sources(const SafetensorsReader& reader, const std::vector<NamedTensor>& wanted,
                                 const DecoderConfig& config) {
  std::unordered_map<std::string, FusedTensor> fused;  // by the first tensor that it stands for
  for (int64_t i = 0; i < config.num_layers + config.num_mtp_layers; ++i)
    for (FusedTensor& f : fused_experts(config, i))
      if (!reader.has(f.first) && reader.has(f.name)) fused.emplace(f.first, std::move(f));
  std::vector<Source> sources;
  std::unordered_set<std::string> known;
  if (config.tied_head) known.insert(kHead);
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto found = fused.find(wanted[i].name);
    const bool single = found == fused.end();
    std::string name = single ? wanted[i].name : found->second.name;
    if (config.tied_head && name == kEmbedding && !reader.has(name) && reader.has(kHead)) name = kHead;
    const std::vector<int64_t>& shape = single ? wanted[i].shape : found->second.shape;
    const std::vector<std::string> parts = stored_parts(reader, name);
    check_input(!parts.empty(), reader.path(), ": the model has no tensor ", name, ", expected with shape ",
                print_shape(shape));
    check_parts(reader, name, shape, config.quantization);
    sources.push_back({name, shape, &wanted[i]});
    known.insert(parts.begin(), parts.end());
    if (!single) i += size_t(found->second.count) - 1;
  }
  for (const std::string& name : reader.names())
    check_input(known.contains(name) || is_derived(name), reader.file_of(name), ": tensor ", name,
                " of shape ", print_shape(reader.tensor(name).shape), " has no place in a ",
                config.architecture, " of ", config.num_layers, " layers");
  return sources;
}

/// Multi-token prediction layers stand behind the others. config.json may promise them where the files have
/// none.
int64_t count_mtp_layers(const SafetensorsReader& reader, const DecoderConfig& config) {
  if (config.architecture != "deepseek_v3") return 0;
  int64_t n = 0;
  while (reader.has("model.layers." + std::to_string(config.num_layers + n) + ".eh_proj.weight")) ++n;
  return n;
}

bool is_tied(const SafetensorsReader& reader, const DecoderConfig& config) {
  if (!config.tied_head || !reader.has(kHead) || !reader.has(kEmbedding)) return config.tied_head;
  return reader.bytes(kHead) == reader.bytes(kEmbedding);
}

/// For many bytes, huge pages where the system gives them: to fault pages in costs as much as to fill them.
at::Tensor allocate(int64_t num_floats) {
  constexpr uintptr_t kHuge = 1 << 21;
  at::Tensor flat = at::empty({num_floats}, at::kFloat);
  const auto data = reinterpret_cast<uintptr_t>(flat.data_ptr<float>());
  const uintptr_t begin = (data + kHuge - 1) / kHuge * kHuge, end = (data + uintptr_t(num_floats) * sizeof(float)) / kHuge * kHuge;
  if (begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);  // advice: it may fail
  return flat;
}

void copy_other_files(const fs::path& from, const fs::path& to) {
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model",
                           "vocab.json", "merges.txt", "generation_config.json", "chat_template.jinja", "chat_template.json"})
    if (fs::exists(from / name)) write_file_atomic(to / name, read_file(from / name));
  const fs::path templates = kMoreChatTemplates;
  if (!fs::is_directory(from / templates)) return;
  create_folders(to / templates);
  for (const auto& entry : fs::directory_iterator(from / templates))
    if (entry.path().extension() == ".jinja")
      write_file_atomic(to / templates / entry.path().filename(), read_file(entry.path()));
}

std::string stored_dtype(const std::string& dtype) {
  if (dtype == "float32") return "F32";
  if (dtype == "bfloat16") return "BF16";
  check_input(dtype == "float16", "dtype: got \"", dtype, "\", expected float32, bfloat16 or float16");
  return "F16";
}

}  // namespace

DecoderConfig load_config(const fs::path& folder) {
  check_input(fs::is_directory(folder), folder.string(), ": no such model folder");
  return parse_decoder_config(load_document(folder / "config.json"));
}

std::string LoadSpeed::text() const {
  char text[96];
  std::snprintf(text, sizeof text, "%.3g GB in %.2f s (%.3g GB/s)", double(bytes) * 1e-9, seconds,
                double(bytes) * 1e-9 / std::max(seconds, 1e-9));
  return text;
}

ModelFiles open_model_files(const fs::path& folder) {
  ModelFiles files{load_config(folder), SafetensorsReader::open(folder)};
  files.config.num_mtp_layers = count_mtp_layers(files.reader, files.config);
  if (files.config.tied_head && !is_tied(files.reader, files.config)) {
    files.config.tied_head = false;
    files.config.source["tie_word_embeddings"] = false;
  }
  return files;
}

DecoderConfig check_model_files(const fs::path& folder) {
  const ModelFiles files = open_model_files(folder);
  find_sources(files.reader, list_tensors(files.config), files.config);
  return files.config;
}

Model load_model(const fs::path& folder) {
  const auto begin = std::chrono::steady_clock::now();
  ModelFiles files = open_model_files(folder);
  Model model{std::move(files.config), {}, {}};
  const std::vector<NamedTensor> tensors = list_tensors(model.config);
  const std::vector<Source> sources = find_sources(files.reader, tensors, model.config);
  model.flat = allocate(flat_size(tensors));
  for (const Source& s : sources)
    copy_weight(files.reader, s.name, s.shape, model.config.quantization,
                model.flat.data_ptr<float>() + s.first->offset);
  for (const std::string& name : files.reader.names())
    model.speed.bytes += int64_t(files.reader.tensor(name).num_bytes);
  model.speed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return model;
}

Model create_model(const Document& document, const std::string& pointer, uint64_t seed) {
  Model model{parse_decoder_config(document, pointer), {}, {}};
  model.flat = allocate(flat_size(list_tensors(model.config)));
  init_weights(model.config, seed, model.flat);
  return model;
}

void save_model(const fs::path& folder, const DecoderConfig& config, const at::Tensor& flat,
                const SaveModelOptions& options) {
  create_folders(folder);
  Json json = config.source;
  if (!json.contains("architectures")) json["architectures"] = {class_name(config.architecture)};
  json.erase("torch_dtype"), json.erase("quantization_config");  // what is written is not quantised
  json["dtype"] = options.dtype;
  write_file_atomic(folder / "config.json", json.dump(2) + "\n");
  const at::Tensor on_host = flat.cpu();  // the weights themselves if they are there
  std::vector<TensorView> views;
  for (const NamedTensor& t : list_tensors(config))
    views.push_back({t.name, t.shape, on_host.data_ptr<float>() + t.offset,
                     t.role == NamedTensor::Role::kCorrection && options.dtype != "float32" ? "F32" : ""});
  // Wide ones first, so that they are aligned.
  std::stable_partition(views.begin(), views.end(), [](const TensorView& v) { return v.dtype == "F32"; });
  SafetensorsWriteOptions write;
  write.dtype = stored_dtype(options.dtype);
  write.max_shard_bytes = options.max_shard_bytes;
  write_safetensors(folder, views, write);
  if (!options.tokenizer_folder.empty()) copy_other_files(options.tokenizer_folder, folder);
}

}  // namespace hone
