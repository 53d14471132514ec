#include "bench/rewards/code_bench.h"

#include <spawn.h>
#include <sys/wait.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <iomanip>
#include <ostream>

#include "core/error.h"
#include "core/files.h"
#include "rewards/code_run.h"
#include "rewards/memory_file.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPython = "import sys\na, b = map(int, sys.stdin.readline().split())\nprint(a + b)\n";
constexpr const char* kCpp =
    "#include <cstdio>\nint main() {\n  int a, b;\n  if (std::scanf(\"%d %d\", &a, &b) == 2) "
    "std::printf(\"%d\\n\", a + b);\n}\n";
constexpr int kCompilationsPerRound = 8;

/// A folder that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "hone-bench-XXXXXX").string();
    check(::mkdtemp(name.data()) != nullptr, name, ": can't be made");
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

/// The i-th test: each program gets another input.
std::string input_of(size_t i) { return concat(i, " ", 2 * i, "\n"); }
std::string output_of(size_t i) { return concat(3 * i, "\n"); }

/// Fork and exec and wait, nothing else.
std::string run_plain(std::vector<std::string> words, const std::string& input) {
  const Descriptor in = memory_file(input), out = memory_file();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), 0);
  posix_spawn_file_actions_adddup2(&actions, out.get(), 1);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  check(failed == 0, words[0], ": can't be started");
  ::waitpid(pid, nullptr, 0);
  return read_descriptor(out.get(), 1 << 20);
}

struct BenchCase {
  const char* name;
  int programs;
  std::function<bool(size_t)> sandboxed, plain;  // whether program i gave the right output
};

/// Programs a second, the median of the rounds.
double measure(const BenchCase& test, const std::function<bool(size_t)>& run, const CodeBenchOptions& options,
               tbb::task_arena& arena) {
  check(run(1), test.name, ": a right program does not pass");
  std::vector<double> rates;
  for (int round = 0; round < options.rounds; ++round) {
    std::atomic<int> right = 0;
    const auto start = std::chrono::steady_clock::now();
    arena.execute([&] {
      tbb::parallel_for(size_t{0}, static_cast<size_t>(test.programs), [&](size_t i) { right += run(i); });
    });
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    check(right == test.programs, test.name, ": ", right, " of ", test.programs, " right programs passed");
    rates.push_back(test.programs / seconds.count());
  }
  std::sort(rates.begin(), rates.end());
  return rates[rates.size() / 2];
}

}  // namespace

Json run_code_bench(const CodeBenchOptions& options, std::ostream& table) {
  const std::shared_ptr<Sandbox> sandbox = Sandbox::shared();
  sandbox->require(SandboxKind::kPython);
  sandbox->require_compiler();
  const Folder folder;
  write_file(folder / "add.py", kPython);
  write_file(folder / "add.cpp", kCpp);
  run_plain({kCompiler, "-O2", "-o", folder / "add", folder / "add.cpp"}, "");
  const Descriptor binary = memory_file(read_file(folder / "add"));
  const auto judged = [&](Language language, const char* text, size_t i) {
    const CodeTests tests{"", {{input_of(i), output_of(i), {}}}};
    return judge_program(*sandbox, language, text, tests, {}).passed == 1;
  };
  const int threads = options.threads > 0 ? options.threads : tbb::info::default_concurrency();
  const std::vector<BenchCase> cases = {
      {"python", options.programs, [&](size_t i) { return judged(Language::kPython, kPython, i); },
       [&](size_t i) {
         return run_plain({"/usr/bin/python3", folder / "add.py"}, input_of(i)) == output_of(i);
       }},
      {"compiled", options.programs,
       [&](size_t i) {
         return sandbox->run({.argv = {""}, .file = binary.get()}, input_of(i), {}).output == output_of(i);
       },
       [&](size_t i) { return run_plain({folder / "add"}, input_of(i)) == output_of(i); }},
      {"g++ and run", kCompilationsPerRound, [&](size_t i) { return judged(Language::kCpp, kCpp, i); },
       [&](size_t i) {
         const std::string program = folder / concat("add", i);
         run_plain({kCompiler, "-O2", "-o", program, folder / "add.cpp"}, "");
         return run_plain({program}, input_of(i)) == output_of(i);
       }}};
  tbb::task_arena arena(threads);
  Json result = {{"benchmark", "code"}, {"threads", threads}, {"cases", Json::array()}};
  table << "case          sandboxed/s      plain/s    ratio   (" << threads << " threads)\n" << std::fixed;
  for (const BenchCase& test : cases) {
    const double sandboxed = measure(test, test.sandboxed, options, arena);
    const double plain = measure(test, test.plain, options, arena);
    table << std::left << std::setw(12) << test.name << std::right << std::setprecision(1) << std::setw(13)
          << sandboxed << std::setw(13) << plain << std::setprecision(2) << std::setw(9) << sandboxed / plain
          << std::endl;
    result["cases"].push_back({{"case", test.name}, {"sandboxed_per_s", sandboxed}, {"plain_per_s", plain}});
  }
  return result;
}

}  // namespace hone
