// A model folder made ready to use: weights, tokenizer, and how many threads work on them.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "cli/compute_options.h"
#include "model/decoder.h"
#include "model/tokenizer.h"

namespace hone {

struct ModelSession {
  Decoder decoder;
  Tokenizer tokenizer;
};

/// How fast it was loaded goes to `err`.
ModelSession open_model(const std::filesystem::path& folder, const ComputeOptions& compute,
                        std::ostream& err);

}  // namespace hone
