#include "bench/cuda/kernels_bench.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <ostream>

#include "bench/cuda/cases.h"
#include "core/error.h"

namespace hone {
namespace {

using gpu::KernelCase;
using gpu::Limits;
using gpu::Timing;

gpu::Cases all_cases() {
  gpu::Cases cases;
  const gpu::Sizes sizes;
  gpu::add_row_cases(cases, sizes);
  gpu::add_gate_cases(cases, sizes);
  gpu::add_moe_cases(cases, sizes);
  gpu::add_gemm_cases(cases, sizes);
  gpu::add_gemm_bf16_cases(cases, sizes);
  gpu::add_attention_cases(cases, sizes);
  gpu::add_head_cases(cases, sizes);
  gpu::add_optimizer_cases(cases, sizes);
  return cases;
}

std::string text_of(const Json& shape) {
  std::string text;
  for (const auto& [letter, size] : shape.items()) text += letter + " " + size.dump() + "  ";
  return text;
}

/// The least time that the device's measured limits allow, over the time taken.
double share_of_limit(const gpu::CaseInfo& info, const Timing& t, const Limits& limits) {
  const double tflops = info.tensor_cores ? limits.bf16_tflops : limits.f32_tflops;  // 0 without cuBLAS
  const double memory = info.bytes / (limits.copy_gb_s * 1e3),
               compute = tflops > 0 ? info.flops / (tflops * 1e6) : 0;
  return std::max(memory, compute) / t.median;
}

Json line(const gpu::CaseInfo& info, const Timing& t, const Limits& limits, std::ostream& table) {
  const double gb_s = info.bytes / t.median * 1e-3, tflops = info.flops / t.median * 1e-6;
  const double share = share_of_limit(info, t, limits);
  table << std::fixed << std::setprecision(1) << std::left << std::setw(24) << info.kernel << std::setw(34)
        << text_of(info.shape) << std::right << " | " << std::setw(9) << t.median << " us (" << t.p10 << "-"
        << t.p90 << ") | " << std::setw(7) << gb_s << " GB/s | " << std::setw(5) << tflops << " TFLOP/s | "
        << std::setw(5) << 100 * share << " % of the limit" << std::endl;
  return {{"kernel", info.kernel}, {"shape", info.shape}, {"us", t.median},         {"us_p10", t.p10},
          {"us_p90", t.p90},       {"reps", t.reps},      {"bytes", info.bytes},    {"flops", info.flops},
          {"gb_s", gb_s},          {"tflops", tflops},    {"share_of_limit", share}};
}

}  // namespace

Json run_kernels_bench(const KernelsBenchOptions& options, std::ostream& table) {
  const std::string reason = gpu::why_none();
  check(reason.empty(), "kernels: no GPU to run kernels on: ", reason);
  const Json device = gpu::describe();
  const Limits limits = gpu::measure_limits();
  table << device["name"].get<std::string>() << std::fixed << std::setprecision(1) << ": copy "
        << limits.copy_gb_s << " GB/s, float32 fma " << limits.f32_tflops << " TFLOP/s, cuBLAS float32 "
        << limits.sgemm_tflops << ", bfloat16 " << limits.bf16_tflops << " TFLOP/s" << std::endl;
  Json cases = Json::array(), left_out = Json::array();
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  for (const gpu::Case& entry : all_cases()) {
    if (seconds() > options.seconds) {
      left_out.push_back(entry.kernel);
      continue;
    }
    const std::unique_ptr<KernelCase> c = entry.make();
    c->run();
    c->compare();
    cases.push_back(line(c->info, gpu::time([&] { c->run(); }, options.min_reps), limits, table));
  }
  return {{"bench", "kernels"},
          {"device", device},
          {"limits",
           {{"copy_gb_s", limits.copy_gb_s},
            {"f32_tflops", limits.f32_tflops},
            {"cublas_f32_tflops", limits.sgemm_tflops},
            {"cublas_bf16_tflops", limits.bf16_tflops}}},
          {"cases", cases},
          {"left_out", left_out}};
}

}  // namespace hone
