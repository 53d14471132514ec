// Attention's launches, without running them: shared memory within what sm_86 has (99 KB), a block for each tile, key
// head and chunk of columns.
#include <gtest/gtest.h>

#include <iostream>

#include "cuda_ext/cuda/attention_bf16.h"
#include "cuda_ext/cuda/attention_tiles.h"
#include "tests/cuda_on_cpu/cuda_on_cpu.h"

namespace hone {
namespace {

struct Layout {
  std::vector<int32_t> row_begin{0, 17, 37}, first_position{0, 17}, table{0, 1, 0, 0, 2, 3}, unit_begin{0, 2};
  cpu::AttentionLayoutView view() const {
    return {.row_begin = row_begin.data(),
            .first_position = first_position.data(),
            .table = table.data(),
            .unit_begin = unit_begin.data(),
            .writes = nullptr,
            .segments = 2,
            .max_pages = 3,
            .units = 1,
            .num_writes = 0};
  }
};

TEST(CudaAttentionGeometry, LaunchesFitSmallGpus) {
  const Layout layout;
  const cuda::AttentionPlan plan = cuda::plan_attention_backward(layout.view(), 4);
  const cuda::AttentionTiles tiles{plan.tiles.data(), int64_t(plan.tiles.size()), plan.tile_pairs};
  const cuda::AttentionKeys keys{.k_pages = nullptr,
                                 .v_pages = nullptr,
                                 .k_page = 0,
                                 .v_page = 0,
                                 .key_heads = 2,
                                 .row_begin = nullptr,
                                 .first_position = nullptr,
                                 .table = nullptr,
                                 .max_pages = 3};
  const cpu::AttentionSizes sizes{.group = 4, .key_size = 600, .value_size = 520, .scale = 1};
  const cuda_on_cpu::Device device(cuda_on_cpu::Order::none);
  cuda::attention_512({.sizes = sizes, .keys = keys, .tiles = tiles, .q = {}, .out = {}, .lse = {}}, nullptr);
  cuda::attention_query_gradient_576({.sizes = sizes,
                                      .keys = keys,
                                      .tiles = tiles,
                                      .q = {},
                                      .dout = {},
                                      .lse = {},
                                      .delta = nullptr,
                                      .dq = {}},
                                     nullptr);
  cuda::attention_page_gradient_576({.sizes = sizes,
                                     .keys = keys,
                                     .q = {},
                                     .dout = {},
                                     .lse = {},
                                     .delta = nullptr,
                                     .pages = nullptr,
                                     .sighting_begin = nullptr,
                                     .sightings = nullptr,
                                     .places = int64_t(plan.pages.size()),
                                     .dk = nullptr,
                                     .dv = nullptr},
                                    nullptr);
  ASSERT_EQ(device.launches().size(), 3u);
  for (const cuda_on_cpu::Launch& l : device.launches()) {
    EXPECT_LE(l.shared, 99u * 1024);
    EXPECT_LE(l.parameters, 4000u);
    EXPECT_EQ(l.block.x, 256u);
  }
  ASSERT_EQ(plan.tile_pairs, cuda::kManyPairs);
  EXPECT_EQ(plan.tiles.size(), 3u + 3u);  // 68 and 80 pairs
  EXPECT_EQ(plan.pages.size(), 4u);
  EXPECT_EQ(device.launches()[0].grid.x, 6u * 2 * 2);  // key heads; 520 values: two blocks
  EXPECT_EQ(device.launches()[1].grid.x, 6u * 2 * 2);
  EXPECT_EQ(device.launches()[2].grid.x, 4u * 2 * 2);
}

/// Latent attention's sizes, with pages of bfloat16: rows of q and dout lie whole in shared memory, of which sm_80 has
/// 163 KB.
TEST(CudaAttentionGeometry, LaunchesOverBfloat16FitAnA100) {
  const Layout layout;
  const cuda::AttentionPlan plan = cuda::plan_attention_backward(layout.view(), 16);
  const cuda::AttentionTiles tiles{plan.tiles.data(), int64_t(plan.tiles.size()), plan.tile_pairs};
  ASSERT_EQ(tiles.pairs, cuda::kManyPairs);
  const cuda::AttentionKeysOf<cuda::Bf16> keys{.k_pages = nullptr,
                                               .v_pages = nullptr,
                                               .k_page = 0,
                                               .v_page = 0,
                                               .key_heads = 1,
                                               .row_begin = nullptr,
                                               .first_position = nullptr,
                                               .table = nullptr,
                                               .max_pages = 3};
  const cpu::AttentionSizes sizes{.group = 16, .key_size = 576, .value_size = 512, .scale = 1};
  const cuda_on_cpu::Device device(cuda_on_cpu::Order::none);
  cuda::attention(
      cuda::Bf16AttentionParams{.sizes = sizes, .keys = keys, .tiles = tiles, .q = {}, .out = {}, .lse = {}},
      nullptr);
  cuda::attention_query_gradient(cuda::Bf16QueryGradientParams{.sizes = sizes,
                                                               .keys = keys,
                                                               .tiles = tiles,
                                                               .q = {},
                                                               .dout = {},
                                                               .lse = {},
                                                               .delta = nullptr,
                                                               .dq = {}},
                                 nullptr);
  cuda::attention_page_gradient(cuda::Bf16PageGradientParams{.sizes = sizes,
                                                             .keys = keys,
                                                             .q = {},
                                                             .dout = {},
                                                             .lse = {},
                                                             .delta = nullptr,
                                                             .pages = nullptr,
                                                             .sighting_begin = nullptr,
                                                             .sightings = nullptr,
                                                             .places = int64_t(plan.pages.size()),
                                                             .dk = nullptr,
                                                             .dv = nullptr},
                                nullptr);
  ASSERT_EQ(device.launches().size(), 3u);
  for (const cuda_on_cpu::Launch& l : device.launches()) {
    EXPECT_LE(l.shared, 163u * 1024);
    EXPECT_LE(l.parameters, 4000u);
    EXPECT_EQ(l.block.x, 128u);
    std::cout << "shared memory: " << l.shared << " bytes\n";
  }
  EXPECT_EQ(device.launches()[0].grid.x, tiles.count);  // all columns in one block
}

TEST(CudaAttentionGeometry, FewPairsGetSmallTiles) {
  const Layout layout;
  std::vector<int32_t> one_row{0, 1, 2};
  cpu::AttentionLayoutView view = layout.view();
  view.row_begin = one_row.data();
  EXPECT_EQ(cuda::plan_attention(view, 16).tile_pairs, cuda::kFewPairs);
  EXPECT_EQ(cuda::plan_attention(view, 17).tile_pairs, cuda::kManyPairs);
}

}  // namespace
}  // namespace hone
