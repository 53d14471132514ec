// A model folder made ready to use: weights, tokenizer, and how many threads work on them.
#pragma once

#include <filesystem>

#include "model/decoder.h"
#include "model/tokenizer.h"

namespace hone {

struct ModelSession {
  Decoder decoder;
  Tokenizer tokenizer;
};

/// `threads` 0: all cores.
ModelSession open_model(const std::filesystem::path& folder, int threads);

}  // namespace hone
