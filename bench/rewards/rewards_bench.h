// `hone bench rewards`: the time of a verdict. The math rule on pairs of golds of the shared data with variants, near misses and
// other golds; the format rule on all cores; completions that were made to hang a grader.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>

#include "core/types.h"

namespace hone {

struct RewardsBenchOptions {
  std::filesystem::path
      data;                 // the shared folder with math500, gsm8k, ...; may be missing if `pairs` is given
  std::string pairs;        // JSON lines with "gold" and "answer" to time instead; empty: pairs are made
  std::string write_pairs;  // a file for the pairs that were timed; empty: none
  int reps = 21;            // timed repetitions, after one that is not
  int threads = 0;          // of the format rule; 0: all cores. The math rule is timed on one
};

/// Checks the verdicts that are known before it times. A line a case goes to `table`.
Json run_rewards_bench(const RewardsBenchOptions& options, std::ostream& table);

}  // namespace hone
