// A model folder made ready to use: weights, tokenizer, and how many threads work on them.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "model/decoder.h"
#include "model/tokenizer.h"

namespace hone {

struct ModelSession {
  Decoder decoder;
  Tokenizer tokenizer;
};

/// `threads` 0: all cores. device: as in cuda_ext/device.h. How fast it was loaded goes to `err`.
ModelSession open_model(const std::filesystem::path& folder, int threads, const std::string& device,
                        std::ostream& err);

}  // namespace hone
