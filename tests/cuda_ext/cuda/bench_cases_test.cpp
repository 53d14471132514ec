// Every case of `hone bench kernels`, small, on the CPU: what it compares is right, and an error is found.
#include <gtest/gtest.h>

#include <cstring>
#include <new>
#include <set>
#include <string>

#include "bench/cuda/cases.h"
#include "core/error.h"
#include "tests/cuda_on_cpu/cuda_on_cpu.h"

// bench/cuda/gpu.h on the CPU; nothing is timed here.
namespace hone::gpu {

void* allocate(size_t bytes) { return ::operator new(bytes); }
void release(void* memory) { ::operator delete(memory); }
void write(void* to_gpu, const void* from, size_t bytes) {
  if (bytes) std::memcpy(to_gpu, from, bytes);
}
void read(void* to, const void* from_gpu, size_t bytes) { write(to, from_gpu, bytes); }

}  // namespace hone::gpu

namespace hone {
namespace {

gpu::Cases small_cases() {
  const gpu::Sizes sizes{.tokens = 20,
                         .decoding = 6,
                         .hidden = 24,
                         .inner = 40,
                         .heads = 2,
                         .head_size = 16,
                         .experts = 4,
                         .top_k = 2,
                         .expert_inner = 12,
                         .vocab = 1100,
                         .range = 600,
                         .weights = 9000,
                         .compared = 5};
  gpu::Cases cases;
  for (const auto add :
       {gpu::add_row_cases, gpu::add_gate_cases, gpu::add_moe_cases, gpu::add_gemm_cases,
        gpu::add_gemm_bf16_cases, gpu::add_attention_cases, gpu::add_head_cases, gpu::add_optimizer_cases})
    add(cases, sizes);
  return cases;
}

TEST(CudaBenchCases, EveryKernelIsComparedWithTheCpuAndIsRight) {
  std::set<std::string> kernels;
  for (const gpu::Case& entry : small_cases()) {
    SCOPED_TRACE(entry.kernel);
    const cuda_on_cpu::Device device(cuda_on_cpu::Order::ascending);
    const std::unique_ptr<gpu::KernelCase> c = entry.make();
    EXPECT_EQ(c->info.kernel, entry.kernel);
    EXPECT_GT(c->info.bytes, 0);
    c->run();
    EXPECT_NO_THROW(c->compare());
    kernels.insert(entry.kernel);
  }
  EXPECT_EQ(kernels.size(), 43u);
}

TEST(CudaBenchCasesPlantedError, AKernelThatDidNotRunOrRanTwiceIsNoticed) {
  // Those of the second set read what they write, or add to it: a second run gives something else.
  const std::set<std::string> running{"rope",
                                      "add",
                                      "adamw",
                                      "linear_dw",
                                      "linear_dw_bf16",
                                      "grouped_linear_dw",
                                      "embedding_backward",
                                      "rms_norm_backward_weight",
                                      "gather_rows_backward"};
  for (const gpu::Case& entry : small_cases()) {
    SCOPED_TRACE(entry.kernel);
    const cuda_on_cpu::Device device(cuda_on_cpu::Order::ascending);
    const std::unique_ptr<gpu::KernelCase> not_run = entry.make();
    EXPECT_THROW(not_run->compare(), Error);
    if (!running.contains(entry.kernel)) continue;
    const std::unique_ptr<gpu::KernelCase> twice = entry.make();
    twice->run(), twice->run();
    EXPECT_THROW(twice->compare(), Error);
  }
}

}  // namespace
}  // namespace hone
