#include "bench/model/load_bench.h"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <vector>

#include "bench/peak_memory.h"
#include "core/error.h"
#include "cuda_ext/parallel.h"
#include "model/model_folder.h"

namespace hone {

Json run_load_bench(const LoadBenchOptions& o, std::ostream& table) {
  check_input(!o.model.empty(), "--model: the load benchmark needs a model folder");
  set_num_threads(o.threads > 0 ? o.threads : num_threads());
  const double before = peak_memory_mib();
  std::vector<double> seconds;
  int64_t bytes = 0, floats = 0;
  for (int run = 0; run < o.runs; ++run) {
    const Model model = load_model(o.model);
    bytes = model.speed.bytes, floats = model.flat.numel();
    if (run > 0) seconds.push_back(model.speed.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  const double median = seconds[seconds.size() / 2], gb = double(bytes) * 1e-9, mib = 1.0 / (1 << 20);
  const double grown = peak_memory_mib() - before;
  table << std::fixed << std::setprecision(3) << gb << " GB | " << median << " s (" << seconds.front() << "-" << seconds.back() << ") | "
        << std::setprecision(2) << gb / median << " GB/s | memory grew by " << std::setprecision(0) << grown << " MiB at most; the files' tensors "
        << double(bytes) * mib << " MiB, in float32 " << 4.0 * double(floats) * mib << " MiB | " << num_threads() << " threads" << std::endl;
  return {{"bench", "load"},    {"model", o.model.string()}, {"bytes", bytes},         {"seconds", median},
          {"gb_per_s", gb / median}, {"peak_growth_mib", grown}, {"float32_mib", 4.0 * double(floats) * mib}, {"threads", num_threads()}};
}

}  // namespace hone
