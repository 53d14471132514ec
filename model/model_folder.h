// A model as a Hugging Face folder: config.json, model.safetensors (or shards), tokenizer and generation
// files, in and out.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "model/config.h"

namespace hone {

struct Model {
  DecoderConfig config;
  at::Tensor flat;  // [flat_size] float32, layout of list_tensors(config)
};

/// Reads config.json and all weights, converted to float32. Missing, surplus and wrongly shaped tensors are
/// InputErrors that name them; so is a config.json that load does not support. Nothing is kept open.
Model load_model(const std::filesystem::path& folder);
DecoderConfig load_config(const std::filesystem::path& folder);

/// A new model from a config object (the "config" of a recipe's policy), weights drawn from `seed`.
Model create_model(const Document& document, const std::string& pointer, uint64_t seed);

struct SaveModelOptions {
  std::string dtype = "float32";           // float32, bfloat16 or float16
  std::filesystem::path tokenizer_folder;  // its tokenizer and generation files are copied; empty = none
};

/// Writes a folder that transformers loads. Each file is whole or absent.
void save_model(const std::filesystem::path& folder, const DecoderConfig& config, const at::Tensor& flat,
                const SaveModelOptions& options);

}  // namespace hone
