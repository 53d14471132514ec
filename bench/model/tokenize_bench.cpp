#include "bench/model/tokenize_bench.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iomanip>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/files.h"
#include "core/json_lines.h"
#include "model/tokenizer.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

void add_strings(const Json& json, std::set<std::string>& out) {
  if (json.is_string()) {
    std::istringstream text(json.get<std::string>());
    for (std::string line; std::getline(text, line);)
      if (!line.empty()) out.insert(line);
  }
  if (json.is_structured())
    for (const Json& part : json) add_strings(part, out);
}

double processor_seconds() {  // of all threads
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

/// Lines of a text file, or the distinct lines of all strings in a folder's JSON files.
std::vector<std::string> read_lines(const fs::path& data) {
  check_input(fs::exists(data), data.string(),
              " is not there; --data names a text file or a folder of JSON files");
  std::vector<std::string> lines;
  if (!fs::is_directory(data)) {
    std::ifstream in(data);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }
  std::set<std::string> strings;
  for (const auto& entry : fs::recursive_directory_iterator(data)) {
    const fs::path& file = entry.path();
    if (file.extension() == ".json") add_strings(Json::parse(read_file(file)), strings);
    if (file.extension() != ".jsonl") continue;
    std::ifstream in(file);
    JsonLinesReader reader(file.string(), in);
    while (const auto line = reader.next()) add_strings(line->value, strings);
  }
  return {strings.begin(), strings.end()};
}

}  // namespace

Json run_tokenize_bench(const TokenizeBenchOptions& options, std::ostream& table) {
  check_input(!options.model.empty(), "tokenize: --model names a folder with tokenizer.json");
  check_input(options.reps > 0, "reps: got ", options.reps, ", expected at least 1");
  const Tokenizer tokenizer = Tokenizer::load(options.model);
  const std::vector<std::string> lines = read_lines(options.data);
  check_input(!lines.empty(), options.data.string(), " holds no text");
  size_t bytes = 0, tokens = 0;
  for (const std::string& line : lines) bytes += line.size();
  for (const auto& ids : tokenizer.encode_batch(lines, false, options.threads)) tokens += ids.size();
  std::vector<double> rates, processor_rates;  // MB a second of the wall's clock, of processor time
  double total = 0;
  for (int rep = 0; rep < options.reps && (rep < 3 || total < options.seconds); ++rep) {
    const double processor_begin = processor_seconds();
    const auto begin = std::chrono::steady_clock::now();
    const auto ids = tokenizer.encode_batch(lines, false, options.threads);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    processor_rates.push_back(1e-6 * double(bytes) / (processor_seconds() - processor_begin));
    rates.push_back(1e-6 * double(bytes) / seconds);
    total += seconds;
  }
  std::sort(rates.begin(), rates.end());
  std::sort(processor_rates.begin(), processor_rates.end());
  const double processor_rate = processor_rates[processor_rates.size() / 2];
  const auto at = [&](double q) { return rates[size_t(q * double(rates.size() - 1) + 0.5)]; };
  const std::string name = options.model.filename().string();
  table << name << ", " << lines.size() << " lines, " << std::fixed << std::setprecision(1)
        << 1e-6 * double(bytes) << " MB, " << (options.threads > 0 ? std::to_string(options.threads) : "all")
        << " threads | " << at(0.5) << " MB/s (" << at(0.1) << "-" << at(0.9) << ") | " << processor_rate
        << " MB a processor second | " << at(0.5) * double(tokens) / double(bytes) << " M tokens/s"
        << std::endl;
  return {{"bench", "tokenize"},     {"model", name},
          {"lines", lines.size()},   {"bytes", bytes},
          {"tokens", tokens},        {"threads", options.threads},
          {"mb_per_s", at(0.5)},     {"mb_per_s_p10", at(0.1)},
          {"mb_per_s_p90", at(0.9)}, {"mb_per_processor_s", processor_rate}};
}

}  // namespace hone
