// hone_kernel_bench [--json FILE] [--seconds S]: `hone bench kernels` without the rest of hone, which builds in a
// fraction of the time on a machine that is lent for minutes.
#include <charconv>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>

#include "bench/cuda/kernels_bench.h"
#include "core/error.h"

namespace {

double number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw hone::InputError("--seconds: got '" + text + "', expected a number");
  return value;
}

void run(int argc, char** argv) {
  hone::KernelsBenchOptions options;
  std::string file;
  for (int i = 1; i < argc; i += 2) {
    const std::string flag = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    if (i + 1 == argc || (flag != "--json" && flag != "--seconds"))
      throw hone::InputError("got '" + flag + "', expected --json FILE or --seconds S");
    if (flag == "--json") file = value;
    if (flag == "--seconds") options.seconds = number(value);
  }
  const hone::Json result = hone::run_kernels_bench(options, std::cout);
  if (file.empty()) return;
  std::ofstream out(file);
  out << result.dump(1) << "\n";
  out.close();
  hone::check(bool(out), file, ": cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
    return 0;
  } catch (const hone::InputError& e) {
    std::cerr << "hone_kernel_bench: " << e.what() << "\n";
    return 2;
  } catch (const std::exception& e) {
    std::cerr << "hone_kernel_bench: " << e.what() << "\n";
    return 1;
  }
}
