#include "cuda_ext/cpu/peak_probe.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace hone::cpu {

double measure_peak_gflops(int threads) {
  using Clock = std::chrono::steady_clock;
  constexpr int64_t kRounds = 200'000;
  constexpr int kRuns = 20;
  std::vector<double> best(threads, 0.0);  // [threads]
  std::vector<std::thread> pool;
  for (int t = 0; t < threads; ++t)
    pool.emplace_back([&best, t] {
      volatile float sink = 0;
      for (int run = 0; run < kRuns; ++run) {
        const auto begin = Clock::now();
        sink = sink + dispatch([](auto i) { return fma_probe<i>(kRounds); });
        const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
        best[t] = std::max(best[t], kRounds * 512 / seconds / 1e9);
      }
    });
  for (std::thread& thread : pool) thread.join();
  double sum = 0;
  for (const double gflops : best) sum += gflops;
  return sum;
}

}  // namespace hone::cpu
