// The subcommands: the flags of each as a struct of options, and the function that does the work. app.cpp fills the structs in.
// A function returns the exit status, and throws InputError or another exception with a message for the user.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/compute_options.h"
#include "cli/console.h"
#include "cli/prompt_flags.h"

namespace hone {

struct TrainCommandOptions {
  std::string recipe;
  std::vector<std::string> set;  // key.path=value, applied in order
  std::string run_dir;           // empty: runs/<name of the recipe>
  std::string stop_after;        // a stage's name; empty: run all
  bool resume = false, dry_run = false;
  int threads = 0;
  std::string device = "auto";
};
/// Runs a recipe.
int run_train(const TrainCommandOptions& options, Console console);

struct TokenizeOptions {
  std::string model;        // folder with tokenizer.json
  bool decode = false;      // ids to text
  bool no_special = false;  // encode: do not add the template's tokens; decode: leave special tokens out
  int threads = 0;          // encode; 0: all cores
};
/// A line of text in, a JSON array of ids out; or back.
int run_tokenize(const TokenizeOptions& options, Console console);

struct ScoreCommandOptions {
  std::string reward;  // a rule's name, a JSON file, a recipe
  std::string stage;   // of a recipe; default: the last with rewards
  std::string input;   // JSON lines; empty or "-": standard input
  int threads = 0;     // 0: all cores; the output does not depend on it
};
/// JSON lines with completions in, the same with rewards out.
int run_score(const ScoreCommandOptions& options, Console console);

struct SampleCommandOptions {
  std::string model, prompt, input;
  int64_t num_samples = 1;
  double temperature = 1.0, top_p = 1.0;
  int64_t top_k = 0, max_new_tokens = 256;
  uint64_t seed = 0;
  PromptFlags prompts;
  bool logprobs = false, json = false;
  ComputeOptions compute;
};
/// Completions of one prompt or of a file of prompts.
int run_sample(const SampleCommandOptions& options, Console console);

struct EvalCommandOptions {
  std::string model, dataset;
  std::string reward = "accuracy";
  std::string prompt_template;  // empty: the recipe's, if the dataset is taken from one, else "plain"
  int64_t samples = 1;          // k
  int64_t num_problems = 0;     // 0: all
  double temperature = 1.0, top_p = 1.0;
  int64_t max_new_tokens = 256;
  uint64_t seed = 0;
  PromptFlags prompts;
  bool json = false;
  ComputeOptions compute;
};
/// avg@k, pass@k, cons@k with standard errors, truncation rate.
int run_eval(const EvalCommandOptions& options, Console console);

struct LogprobsOptions {
  std::string model, input;
  ComputeOptions compute;
};
/// Log-probabilities of given tokens, the bits that training computes.
int run_logprobs(const LogprobsOptions& options, Console console);

/// Sizes, config, stage and last metrics of a model folder, a checkpoint or a run folder.
int run_inspect(const std::string& path, Console console);

/// Writes report.html of a run again.
int run_report(const std::string& run, Console console);

struct BenchCommandOptions {
  std::vector<std::string>
      names;          // empty: all that need nothing but this machine, and step if there is a model
  std::string model;  // step, tokenize: Hugging Face folder
  int64_t prompts = 4, group = 8, prompt_tokens = 64, completion_tokens = 64, micro_batch_tokens = 16384;
  int steps = 5;
  std::string data = "../shared/data";  // rewards: the folder of the golds; tokenize: texts
  std::string pairs, write_pairs;       // rewards: JSON lines to time instead of pairs made from golds; where to write those
  bool json = false;
  int threads = 0;
};
/// The benchmarks.
int run_bench(const BenchCommandOptions& options, Console console);

/// Versions, CPU features, GPUs, and which features are on and why others are off.
int run_doctor(Console console);

}  // namespace hone
