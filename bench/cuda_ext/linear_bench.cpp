// Interleaved timing of ops::linear_ and at::linear. Weights rotate over copies that together exceed the
// second-level cache, as in a model. The two sides own different thread pools: each repetition waits until
// the other pool sleeps.
#include "bench/cuda_ext/linear_bench.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randn.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iomanip>
#include <thread>
#include <vector>

#include "core/error.h"
#include "cuda_ext/cpu/isa.h"
#include "cuda_ext/cpu/peak_probe.h"
#include "cuda_ext/ops.h"
#include "cuda_ext/parallel.h"
#include "tests/reference/linear.h"

namespace hone {
namespace {

using Clock = std::chrono::steady_clock;

struct Shape {
  int64_t M, K, N;
};

/// Decode and training shapes of a 0.5 B dense model, of a square one, and of the shipped recipe's size.
std::vector<Shape> shapes() {
  std::vector<Shape> all;
  for (const auto& [K, N] : {std::pair{896, 896}, {896, 4864}, {4864, 896}, {1024, 1024}, {256, 768}})
    for (const int64_t M : {1, 8, 16, 32, 64, 256}) all.push_back({M, K, N});
  all.push_back({1024, 1024, 1024});
  all.push_back({512, 4864, 896});
  all.push_back({512, 896, 4864});
  return all;
}

struct Operands {
  at::Tensor x;                    // [M, K]
  std::vector<at::Tensor> w;       // copies of [N, K]
  std::vector<at::Tensor> packed;  // of each
  at::Tensor y;                    // [M, N]
};

Operands operands(const Shape& s) {
  constexpr int64_t kBytes = 8 << 20;  // twice the second-level caches of two cores
  Operands o{.x = at::randn({s.M, s.K}), .w = {}, .packed = {}, .y = at::empty({s.M, s.N})};
  for (int64_t bytes = 0; bytes < kBytes; bytes += 4 * s.K * s.N) {
    o.w.push_back(at::randn({s.N, s.K}));
    o.packed.push_back(ops::pack_weight(o.w.back()));
  }
  return o;
}

/// Some outputs of every case against the scalar definition, by ==; the unit tests compare all of them.
void check_against_reference(Operands& o, const Shape& s) {
  ops::linear_(o.y, o.x, o.packed[0]);
  const reference::Matrix x{o.x.data_ptr<float>(), s.K, 1}, w{o.w[0].data_ptr<float>(), s.K, 1};
  const float* y = o.y.const_data_ptr<float>();
  for (int64_t i = 0; i < 64; ++i) {
    const int64_t t = i * 7919 % s.M, n = i * 104729 % s.N;
    float wanted = 0;
    reference::linear({&wanted, 1, 1}, {&x(t, 0), s.K, 1}, {&w(n, 0), s.K, 1}, nullptr, 1, 1, s.K);
    check(y[t * s.N + n] == wanted, "linear M ", s.M, " K ", s.K, " N ", s.N, ": y[", t, ",", n, "] is ",
          y[t * s.N + n], ", the definition gives ", wanted);
  }
}

/// Seconds a call, over `calls` calls after one that is not timed.
double timed(int calls, const std::function<void(int)>& f) {
  f(0);
  const auto begin = Clock::now();
  for (int i = 1; i <= calls; ++i) f(i);
  return std::chrono::duration<double>(Clock::now() - begin).count() / calls;
}

struct Quantiles {
  double median, p10, p90;
};

Quantiles quantiles(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  const auto at = [&](double q) { return v[size_t(q * double(v.size() - 1) + 0.5)]; };
  return {at(0.5), at(0.1), at(0.9)};
}

struct Timing {
  Quantiles ours, library;
};

Timing measure(Operands& o, int threads, const LinearBenchOptions& options) {
  const auto ours = [&](int i) { ops::linear_(o.y, o.x, o.packed[i % o.packed.size()]); };
  const auto library = [&](int i) { at::linear_out(o.y, o.x, o.w[i % o.w.size()]); };
  // Waiting threads of the library's pool spin for some milliseconds; ours sleep sooner.
  const auto settle = [&] {
    if (threads > 1) std::this_thread::sleep_for(std::chrono::milliseconds(8));
  };
  const double once = std::max(timed(1, ours), timed(1, library));
  const double budget = options.seconds_per_case / options.reps / 2;
  const int calls = std::clamp(int(budget / once) - 1, 1, 100);
  std::vector<double> a, b;
  for (int rep = 0; rep < options.reps; ++rep) {
    settle();
    a.push_back(timed(calls, ours));
    settle();
    b.push_back(timed(calls, library));
  }
  return {quantiles(a), quantiles(b)};
}

Json line(const Shape& s, const Timing& t, double peak, std::ostream& table) {
  const double gflops = 2e-9 * double(s.M * s.K * s.N) / t.ours.median,
               ratio = t.library.median / t.ours.median;
  const double bandwidth = 4e-9 * double(s.K * s.N + s.M * (s.K + s.N)) / t.ours.median;
  table << std::fixed << std::setprecision(1) << "M " << std::setw(4) << s.M << "  K " << std::setw(4) << s.K
        << "  N " << std::setw(4) << s.N << " | " << std::setw(9) << t.ours.median * 1e6 << " us ("
        << t.ours.p10 * 1e6 << "-" << t.ours.p90 * 1e6 << ") | " << std::setw(6) << gflops << " GFLOP/s | "
        << std::setw(6) << bandwidth << " GB/s | " << std::setw(5) << 100 * gflops / peak << " % of peak | "
        << std::setprecision(2) << ratio << " x at::linear" << std::endl;
  return {{"M", s.M},
          {"K", s.K},
          {"N", s.N},
          {"us", t.ours.median * 1e6},
          {"us_p10", t.ours.p10 * 1e6},
          {"us_p90", t.ours.p90 * 1e6},
          {"library_us", t.library.median * 1e6},
          {"gflops", gflops},
          {"gb_per_s", bandwidth},
          {"share_of_peak", gflops / peak},
          {"ratio", ratio}};
}

}  // namespace

Json run_linear_bench(const LinearBenchOptions& options, std::ostream& table) {
  const int threads = options.threads ? options.threads : num_threads();
  const int before = num_threads(), library_before = at::get_num_threads();
  set_num_threads(threads);
  at::set_num_threads(threads);
  const double peak = cpu::measure_peak_gflops(threads);
  Json cases = Json::array();
  double log_sum = 0, lowest = INFINITY;
  for (const Shape& s : shapes()) {
    Operands o = operands(s);
    check_against_reference(o, s);
    cases.push_back(line(s, measure(o, threads, options), peak, table));
    const double ratio = cases.back()["ratio"];
    log_sum += std::log(ratio);
    lowest = std::min(lowest, ratio);
  }
  const double mean = std::exp(log_sum / double(cases.size()));
  table << "geometric mean " << std::setprecision(3) << mean << ", lowest " << lowest << " x at::linear; "
        << threads << " threads, " << cpu::to_string(cpu::isa()) << ", peak " << std::setprecision(1) << peak
        << " GFLOP/s" << std::endl;
  set_num_threads(before);
  at::set_num_threads(library_before);
  return {{"bench", "linear"},      {"threads", threads},  {"isa", cpu::to_string(cpu::isa())},
          {"torch", TORCH_VERSION}, {"peak_gflops", peak}, {"cases", cases},
          {"geometric_mean", mean}, {"lowest", lowest}};
}

}  // namespace hone
