// Programs a second through the sandbox of the code rule, against a plain fork and exec of the same programs.
#pragma once

#include <iosfwd>

#include "core/document.h"

namespace hone {

struct CodeBenchOptions {
  int threads = 0;     // that ask for verdicts; 0: all cores
  int programs = 100;  // a round
  int rounds = 5;      // the median counts
};

/// One line a case to `table`: programs/s in the sandbox and plain, and their ratio. Every verdict is
/// checked.
Json run_code_bench(const CodeBenchOptions& options, std::ostream& table);

}  // namespace hone
