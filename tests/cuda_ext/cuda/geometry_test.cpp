// Launches at the sizes of real models, without running anything: whole warps, blocks and shared memory that sm_80
// has, too, and parameters that fit. Pointers are numbers here.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <functional>

#include "cuda_ext/cuda/gemm.h"
#include "cuda_ext/cuda/lm_head.h"
#include "cuda_ext/cuda/moe.h"
#include "cuda_ext/cuda/optimizer.h"
#include "cuda_ext/cuda/rows.h"
#include "tests/cuda_on_cpu/cuda_on_cpu.h"

namespace hone {
namespace {

using cuda_on_cpu::Launch;

constexpr size_t kSharedOfSm80 = 163 * 1024, kMostParameters = 4096;

template <class T>
T* somewhere() {
  return reinterpret_cast<T*>(uintptr_t{1} << 40);
}
cpu::RowsOf<float> rows(int64_t size) { return {somewhere<float>(), size, size}; }
cpu::RowsOf<const float> rows_in(int64_t size) { return {somewhere<float>(), size, size}; }

std::vector<Launch> launches_of(const std::function<void()>& f) {
  const cuda_on_cpu::Device device(cuda_on_cpu::Order::none);
  f();
  return device.launches();
}

void expect_sound(const std::vector<Launch>& launches) {
  EXPECT_FALSE(launches.empty());
  for (const Launch& l : launches) {
    EXPECT_EQ(l.block.x % 32, 0u);
    EXPECT_LE(l.block.x, 1024u);
    EXPECT_GE(l.grid.x, 1u);
    EXPECT_LE(l.shared, kSharedOfSm80);
    EXPECT_LE(l.parameters, kMostParameters);
  }
}

/// Tokens of a step and widths of models from 0.1 to 70 billion weights.
struct Size {
  int64_t T, K;
};
const std::vector<Size> kSizes{{1, 256}, {256, 2048}, {65'536, 4096}, {16'384, 8192}, {524'288, 1025}};

TEST(CudaGeometry, RowOperatorsLaunchSoundly) {
  for (const auto& [T, K] : kSizes)
    expect_sound(launches_of([&, T = T, K = K] {
      cuda::rms_norm({.y = rows(K),
                      .rstd = rows(1),
                      .x = rows_in(K),
                      .weight = somewhere<float>(),
                      .heads = 1,
                      .size = K,
                      .eps = 1e-6f},
                     T, nullptr);
      const cpu::RmsNormBackwardParams backward{.dx = rows(K),
                                                .dweight = somewhere<float>(),
                                                .dy = rows_in(K),
                                                .x = rows_in(K),
                                                .weight = somewhere<float>(),
                                                .rstd = rows_in(1),
                                                .heads = 1,
                                                .size = K,
                                                .rows = T,
                                                .accumulate = true};
      cuda::rms_norm_backward_input(backward, nullptr);
      cuda::rms_norm_backward_weight(backward, nullptr);
      cuda::add({.y = rows(K), .x = rows_in(K), .rows = T, .size = K}, nullptr);
      cuda::swiglu({.out = rows(K), .gate_up = rows_in(2 * K), .rows = T, .size = K}, nullptr);
      cuda::embedding(
          {.out = rows(K), .weight = rows_in(K), .ids = somewhere<int32_t>(), .rows = T, .size = K}, nullptr);
    }));
}

TEST(CudaGeometry, ProductsLaunchSoundlyWithEveryTile) {
  for (const auto& [T, K] : kSizes) {
    cuda::GemmParams p{.a = somewhere<float>(), .a_row = K, .b = somewhere<float>(), .b_col = K};
    p.c = somewhere<float>(), p.m = T, p.n = 4 * K, p.k = K, p.c_row = 4 * K;
    expect_sound(launches_of([&] {
      cuda::gemm(p, nullptr), cuda::gemm_128(p, nullptr), cuda::gemm_64(p, nullptr);
      for (const int rows : {1, 2, 4, 8}) cuda::gemm_thin(p, rows, nullptr);
    }));
  }
}

TEST(CudaGeometry, ExpertsLaunchSoundly) {
  for (const int64_t T : {1, 300, 100'000})
    for (const int64_t E : {8, 128, 1024})
      expect_sound(launches_of([&] {
        cuda::route({.num_experts = E,
                     .top_k = 8,
                     .num_groups = 1,
                     .top_groups = 1,
                     .sigmoid = true,
                     .normalize = true,
                     .scale = 1,
                     .logits = somewhere<float>(),
                     .bias = nullptr,
                     .scores = somewhere<float>(),
                     .experts = somewhere<int32_t>(),
                     .weights = somewhere<float>()},
                    T, nullptr);
        cuda::dispatch({.experts = somewhere<int32_t>(),
                        .rows = 8 * T,
                        .num_experts = E,
                        .order = somewhere<int32_t>(),
                        .inverse = somewhere<int32_t>(),
                        .offsets = somewhere<int64_t>(),
                        .scratch = somewhere<int32_t>()},
                       nullptr);
      }));
}

TEST(CudaGeometry, TheHeadAndTheOptimizerLaunchSoundly) {
  for (const int64_t T : {1, 1024})
    expect_sound(launches_of([&] {
      const int64_t V = 151'936;
      cuda::head_score({.logits = somewhere<float>(),
                        .stride = V,
                        .first_id = 0,
                        .num_ids = V,
                        .scale = 1,
                        .targets = somewhere<int32_t>(),
                        .sums = somewhere<cpu::HeadSum>(),
                        .z = somewhere<float>()},
                       T, somewhere<cuda::HeadPart>(), nullptr);
      cuda::head_sample({.logits = somewhere<float>(),
                         .stride = V,
                         .first_id = 0,
                         .num_ids = V,
                         .sums = somewhere<cpu::HeadSum>(),
                         .draws = somewhere<cpu::HeadDraw>()},
                        T, somewhere<cuda::HeadPart>(), nullptr);
      cuda::head_filter(
          {.z = somewhere<float>(), .filters = somewhere<cpu::HeadFilter>(), .rows = T, .vocab_size = V},
          nullptr);
      cuda::sum_of_squares({.x = somewhere<float>(), .n = int64_t{1} << 33, .sums = somewhere<float>()},
                           nullptr);
    }));
}

TEST(CudaGeometryPlantedError, PartWarpsAndTooMuchSharedMemoryAreNoticed) {
  const Launch good{
      .kernel = somewhere<void>(), .grid = 1, .block = 64, .shared = kSharedOfSm80, .parameters = 8};
  expect_sound({good});
  for (const auto spoil :
       {+[](Launch& l) { l.block.x = 48; }, +[](Launch& l) { l.shared = kSharedOfSm80 + 4; },
        +[](Launch& l) { l.parameters = kMostParameters + 8; }}) {
    Launch bad = good;
    spoil(bad);
    static std::vector<Launch> launches;
    launches = {bad};
    EXPECT_NONFATAL_FAILURE(expect_sound(launches), "");
  }
}

}  // namespace
}  // namespace hone
