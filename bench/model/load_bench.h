// How fast a model folder is loaded, and how much memory that takes.
#pragma once

#include <filesystem>
#include <iosfwd>

#include "core/document.h"

namespace hone {

struct LoadBenchOptions {
  std::filesystem::path model;
  int runs = 5;     // the first one warms the page cache and isn't timed
  int threads = 0;  // 0: all cores
};

/// GB/s of the files' tensors (median of the runs), and by how much the process's memory grew at most.
Json run_load_bench(const LoadBenchOptions& options, std::ostream& table);

}  // namespace hone
