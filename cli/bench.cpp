// `hone bench`: the benchmarks by name. Tables go to standard output, or, with --json, to standard error beside the JSON.
#include <array>
#include <ostream>

#include "bench/cuda/kernels_bench.h"
#include "bench/cuda_ext/linear_bench.h"
#include "bench/model/load_bench.h"
#include "bench/model/tokenize_bench.h"
#include "bench/rewards/code_bench.h"
#include "bench/rewards/rewards_bench.h"
#include "bench/rl/step_bench.h"
#include "cli/build_info.h"
#include "cli/commands.h"
#include "core/document.h"
#include "core/error.h"

namespace hone {
namespace {

struct Benchmark {
  const char* name;
  Json (*run)(const BenchCommandOptions& options, std::ostream& table);
};

Json run_linear(const BenchCommandOptions& options, std::ostream& table) {
  return run_linear_bench({.threads = options.threads}, table);
}

Json run_step(const BenchCommandOptions& o, std::ostream& table) {
  return run_step_bench({.model = o.model,
                         .prompts = o.prompts,
                         .group = o.group,
                         .prompt_tokens = o.prompt_tokens,
                         .completion_tokens = o.completion_tokens,
                         .micro_batch_tokens = o.micro_batch_tokens,
                         .steps = o.steps,
                         .threads = o.threads},
                        table);
}

Json run_rewards(const BenchCommandOptions& o, std::ostream& table) {
  return run_rewards_bench(
      {.data = o.data, .pairs = o.pairs, .write_pairs = o.write_pairs, .threads = o.threads}, table);
}

Json run_code(const BenchCommandOptions& options, std::ostream& table) {
  return run_code_bench({.threads = options.threads}, table);
}

Json run_load(const BenchCommandOptions& o, std::ostream& table) {
  return run_load_bench({.model = o.model, .threads = o.threads}, table);
}

Json run_kernels(const BenchCommandOptions&, std::ostream& table) { return run_kernels_bench({}, table); }

Json run_tokenize_bench_command(const BenchCommandOptions& o, std::ostream& table) {
  return run_tokenize_bench({.model = o.model, .data = o.data, .threads = o.threads}, table);
}

constexpr std::array kBenchmarks = {Benchmark{"linear", run_linear},
                                    Benchmark{"rewards", run_rewards},
                                    Benchmark{"code", run_code},
                                    Benchmark{"step", run_step},
                                    Benchmark{"tokenize", run_tokenize_bench_command},
                                    Benchmark{"load", run_load},
                                    Benchmark{"kernels", run_kernels}};

const Benchmark& find(const std::string& name) {
  std::vector<std::string> names;
  for (const Benchmark& b : kBenchmarks) {
    if (name == b.name) return b;
    names.emplace_back(b.name);
  }
  const std::string near = nearest_name(name, names);
  throw InputError(concat("no benchmark is called ", name,
                          near.empty() ? ", expected linear, rewards, code, step, tokenize, load or kernels"
                                       : "; did you mean " + near + "?"));
}

}  // namespace

int run_bench(const BenchCommandOptions& options, Console console) {
  std::vector<const Benchmark*> chosen;
  for (const std::string& name : options.names) chosen.push_back(&find(name));
  if (chosen.empty()) {
    chosen.push_back(&find("linear"));
    if (!options.model.empty()) chosen.push_back(&find("step"));
  }
  std::ostream& table = options.json ? console.err : console.out;
  Json results = Json::array();
  for (const Benchmark* b : chosen) {
    table << "== " << b->name << std::endl;
    results.push_back(b->run(options, table));
    results.back()["hone"] = build_version();
    results.back()["cpu"] = cpu_name();
  }
  if (options.json) console.out << (results.size() == 1 ? results[0] : results).dump() << "\n";
  return 0;
}

}  // namespace hone
