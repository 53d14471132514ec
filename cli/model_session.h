// A model folder made ready to use: weights, tokenizer, and how many threads work on them.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "model/decoder.h"
#include "model/tokenizer.h"

namespace hone {

struct ModelSession {
  Decoder decoder;
  Tokenizer tokenizer;
};

/// `threads` 0: all cores. How fast it was loaded goes to `err`.
ModelSession open_model(const std::filesystem::path& folder, int threads, std::ostream& err);

}  // namespace hone
