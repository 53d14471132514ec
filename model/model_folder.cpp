#include "model/model_folder.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "core/error.h"
#include "core/files.h"
#include "model/quantized.h"
#include "model/safetensors.h"
#include "model/weights.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

std::string print_shape(const std::vector<int64_t>& shape) { return Json(shape).dump(); }

/// Tensors that some exporters write although they follow from the config.
bool is_derived(const std::string& name) { return name.ends_with("rotary_emb.inv_freq"); }

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
  if (config.tied_head) known.insert("lm_head.weight");
  for (size_t i = 0; i < wanted.size(); ++i) {
    const auto found = fused.find(wanted[i].name);
    const bool single = found == fused.end();
    const std::string& name = single ? wanted[i].name : found->second.name;
    const std::vector<int64_t>& shape = single ? wanted[i].shape : found->second.shape;
    const std::vector<std::string> parts = stored_parts(reader, name);
    check_input(!parts.empty(), "the model has no tensor ", name, ", expected with shape ",
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

Model load_model(const fs::path& folder) {
  Model model{load_config(folder), {}};
  const SafetensorsReader reader = SafetensorsReader::open(folder);
  model.config.num_mtp_layers = count_mtp_layers(reader, model.config);
  const std::vector<NamedTensor> tensors = list_tensors(model.config);
  const std::vector<Source> sources = find_sources(reader, tensors, model.config);
  model.flat = at::empty({flat_size(tensors)}, at::kFloat);
  for (const Source& s : sources)
    copy_weight(reader, s.name, s.shape, model.config.quantization,
                model.flat.data_ptr<float>() + s.first->offset);
  return model;
}

Model create_model(const Document& document, const std::string& pointer, uint64_t seed) {
  Model model{parse_decoder_config(document, pointer), {}};
  model.flat = at::empty({flat_size(list_tensors(model.config))}, at::kFloat);
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
  std::vector<TensorView> views;
  for (const NamedTensor& t : list_tensors(config))
    views.push_back({t.name, t.shape, flat.data_ptr<float>() + t.offset,
                     t.role == NamedTensor::Role::kCorrection && options.dtype != "float32" ? "F32" : ""});
  // Wide ones first, so that they are aligned.
  std::stable_partition(views.begin(), views.end(), [](const TensorView& v) { return v.dtype == "F32"; });
  SafetensorsWriteOptions write;
  write.dtype = stored_dtype(options.dtype);
  write_safetensors(folder, views, write);
  if (options.tokenizer_folder.empty()) return;
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                           "generation_config.json", "chat_template.jinja"})
    if (const fs::path from = options.tokenizer_folder / name; fs::exists(from))
      write_file_atomic(folder / name, read_file(from));
}

}  // namespace hone
