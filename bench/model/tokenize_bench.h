// `hone bench tokenize`: MB of text a second that become token ids. scripts/bench_tokenizers.py sets the `tokenizers`
// package against it.
#pragma once

#include <filesystem>
#include <ostream>

#include "core/types.h"

namespace hone {

struct TokenizeBenchOptions {
  std::filesystem::path model;  // folder with tokenizer.json
  std::filesystem::path data;  // a text file, or a folder: all distinct strings in its .json and .jsonl files
  int threads = 0;             // 0: all cores
  int reps = 21;               // timed passes over all lines
  double seconds = 10.0;       // rough bound on the time of all passes
};

/// One pass to warm up, then timed passes; the median counts.
Json run_tokenize_bench(const TokenizeBenchOptions& options, std::ostream& table);

}  // namespace hone
