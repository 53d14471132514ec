// A model folder small enough to be made for every test: a random qwen3 with a tokenizer of the 256 bytes.
#pragma once

#include <filesystem>

namespace hone {

/// Writes config.json, model.safetensors and tokenizer.json into `folder`, which is made.
void write_tiny_model(const std::filesystem::path& folder);

}  // namespace hone
