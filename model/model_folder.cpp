#include "model/model_folder.h"

#include <ATen/ops/empty.h>

#include <unordered_set>

#include "core/error.h"
#include "core/files.h"
#include "model/half_float.h"
#include "model/safetensors.h"
#include "model/weights.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

std::string print_shape(const std::vector<int64_t>& shape) { return Json(shape).dump(); }

/// Tensors that some exporters write although they follow from the config.
bool is_derived(const std::string& name) { return name.ends_with("rotary_emb.inv_freq"); }

void check_tensor(const SafetensorsReader& reader, const NamedTensor& wanted) {
  check_input(reader.has(wanted.name), "the model has no tensor ", wanted.name, ", expected with shape ",
              print_shape(wanted.shape));
  const StoredTensor& found = reader.tensor(wanted.name);
  check_input(found.shape == wanted.shape, reader.file_of(wanted.name), ": tensor ", wanted.name,
              ": got shape ", print_shape(found.shape), ", expected ", print_shape(wanted.shape),
              " by config.json");
}

void check_surplus(const SafetensorsReader& reader, const std::vector<NamedTensor>& wanted,
                   const DecoderConfig& config) {
  std::unordered_set<std::string> known;
  for (const NamedTensor& t : wanted) known.insert(t.name);
  if (config.tied_head) known.insert("lm_head.weight");
  for (const std::string& name : reader.names())
    check_input(known.contains(name) || is_derived(name), reader.file_of(name), ": tensor ", name,
                " of shape ", print_shape(reader.tensor(name).shape), " has no place in a ",
                config.architecture, " of ", config.num_layers, " layers");
}

const char* class_name(const std::string& architecture) {
  if (architecture == "deepseek_v3") return "DeepseekV3ForCausalLM";
  return architecture == "qwen2" ? "Qwen2ForCausalLM" : "Qwen3ForCausalLM";
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
  const std::vector<NamedTensor> tensors = list_tensors(model.config);
  const SafetensorsReader reader = SafetensorsReader::open(folder);
  for (const NamedTensor& t : tensors) check_tensor(reader, t);
  check_surplus(reader, tensors, model.config);
  model.flat = at::empty({flat_size(tensors)}, at::kFloat);
  for (const NamedTensor& t : tensors) reader.copy_to_float(t.name, model.flat.data_ptr<float>() + t.offset);
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
  json.erase("torch_dtype");
  json["dtype"] = options.dtype;
  write_file_atomic(folder / "config.json", json.dump(2) + "\n");
  std::vector<TensorView> views;
  for (const NamedTensor& t : list_tensors(config))
    views.push_back({t.name, t.shape, flat.data_ptr<float>() + t.offset});
  SafetensorsWriteOptions write;
  write.dtype = stored_dtype(options.dtype);
  write_safetensors(folder, views, write);
  if (options.tokenizer_folder.empty()) return;
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
                           "generation_config.json", "chat_template.jinja"})
    if (const fs::path from = options.tokenizer_folder / name; fs::exists(from))
      write_file_atomic(folder / name, read_file(from));
}

void round_weights(at::Tensor& flat, const std::string& dtype) {
  const std::string stored = stored_dtype(dtype);
  if (stored == "F32") return;
  float* w = flat.data_ptr<float>();
  for (int64_t i = 0; i < flat.size(0); ++i)
    w[i] = stored == "BF16" ? bf16_to_float(float_to_bf16(w[i])) : f16_to_float(float_to_f16(w[i]));
}

}  // namespace hone
