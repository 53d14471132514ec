// A model as a Hugging Face folder: config.json, model.safetensors (or shards), tokenizer and generation
// files, in and out.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/safetensors.h"

namespace hone {

/// How much was read, and how fast.
struct LoadSpeed {
  int64_t bytes = 0;  // of tensors, as the files have them
  double seconds = 0;
  std::string text() const;  // "1.24 GB in 0.52 s (2.4 GB/s)"
};

struct Model {
  DecoderConfig config;
  at::Tensor flat;  // [flat_size] float32, layout of list_tensors(config); on the CPU when it was just read
  LoadSpeed speed;  // of load_model
};

/// Reads config.json and all weights, converted to float32. Missing, surplus and wrongly shaped tensors are
/// InputErrors that name them; so is a config.json that load does not support. Memory: the result and a few
/// megabytes. Nothing is kept open.
Model load_model(const std::filesystem::path& folder);
DecoderConfig load_config(const std::filesystem::path& folder);

/// config.json, and what the files say beyond it: how many multi-token prediction layers there are, and whether the head
/// is tied (two matrices that differ are two, as in transformers, whatever tie_word_embeddings says).
struct ModelFiles {
  DecoderConfig config;
  SafetensorsReader reader;
};
ModelFiles open_model_files(const std::filesystem::path& folder);

/// What load_model would refuse is refused, without reading a weight: config.json, and names, types, shapes and places of all tensors.
DecoderConfig check_model_files(const std::filesystem::path& folder);

/// A new model from a config object (the "config" of a recipe's policy), weights drawn from `seed`.
Model create_model(const Document& document, const std::string& pointer, uint64_t seed);

struct SaveModelOptions {
  std::string dtype = "bfloat16";            // float32, bfloat16 or float16
  std::filesystem::path tokenizer_folder;    // its tokenizer, template and generation files are copied; empty = none
  uint64_t max_shard_bytes = 5'000'000'000;  // of a weight file; more go into numbered ones with an index
};

/// Writes a folder that transformers loads. Each file is whole or absent; for a folder that is, use an AtomicFolder.
void save_model(const std::filesystem::path& folder, const DecoderConfig& config, const at::Tensor& flat,
                const SaveModelOptions& options);

}  // namespace hone
