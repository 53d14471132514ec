#include "rl/pack.h"

#include <gtest/gtest.h>

#include <set>

namespace hone {
namespace {

TrainingGroup group(int64_t prompt, std::vector<int64_t> completions) {
  TrainingGroup g;
  for (int64_t i = 0; i < prompt; ++i) g.prompt.push_back(TokenId(i));
  for (int64_t n : completions) g.samples.push_back({.ids = std::vector<TokenId>(n, 7)});
  return g;
}

TEST(Pack, RowsCountThePromptOnce) {
  EXPECT_EQ(group(20, {5, 1, 9}).num_rows(), 20 + 4 + 0 + 8);
  const std::vector<TrainingGroup> groups{group(20, {5, 1, 9}), group(1, {2})};
  const TrainingBatch b = pack_groups(groups);
  EXPECT_EQ(b.rows.ids.size(0), 32 + 2);
  EXPECT_EQ(b.targets.size(0), 5 + 1 + 9 + 2);
}

TEST(Pack, TheMaskDecidesWhatIsTrained) {
  TrainingGroup g = group(4, {6});
  g.samples[0].trained = {true, false, false, true, true, false};
  const TrainingBatch b = pack_groups(std::span(&g, 1));
  EXPECT_EQ(b.token_index, (std::vector<int32_t>{0, 3, 4}));
  EXPECT_EQ(b.head_rows.data_ptr<int32_t>()[0], 3);  // the prompt's last row predicts token 0
  EXPECT_EQ(b.head_rows.data_ptr<int32_t>()[1], 6);
}

TEST(Pack, EveryPlaceIsWrittenOnceAndEveryVisiblePlaceIsWritten) {
  const std::vector<TrainingGroup> groups{group(20, {5, 1, 30}), group(16, {3, 3}), group(3, {40})};
  const TrainingBatch b = pack_groups(groups);
  const ops::AttentionLayout& l = b.rows.layout;
  std::set<std::pair<int32_t, int32_t>> written;
  for (int64_t i = 0; i < l.writes.size(0); ++i) {
    const int32_t* w = l.writes.data_ptr<int32_t>() + 3 * i;
    EXPECT_TRUE(written.insert({w[1], w[2]}).second);
    EXPECT_EQ(w[2], b.rows.positions.data_ptr<int32_t>()[w[0]] % 16);
  }
  for (int64_t s = 0; s + 1 < l.row_begin.size(0); ++s) {
    const int32_t rows = l.row_begin.data_ptr<int32_t>()[s + 1] - l.row_begin.data_ptr<int32_t>()[s];
    for (int32_t p = 0; p < l.first_position.data_ptr<int32_t>()[s] + rows; ++p)
      EXPECT_TRUE(written.contains({l.table.data_ptr<int32_t>()[s * l.table.size(1) + p / 16], p % 16}))
          << "segment " << s << " position " << p;
  }
}

TEST(Pack, MicrobatchesHoldWholeGroupsUpToTheLimit) {
  const std::vector<TrainingGroup> groups{group(10, {11}), group(10, {11}), group(50, {51}),
                                          group(5, {6})};  // 20, 20, 100, 10 rows
  EXPECT_EQ(split_micro_batches(groups, 40), (std::vector<size_t>{0, 2, 3, 4}));
  EXPECT_EQ(split_micro_batches(groups, 1), (std::vector<size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(split_micro_batches(groups, 1000), (std::vector<size_t>{0, 4}));
  EXPECT_EQ(split_micro_batches({}, 10), (std::vector<size_t>{0}));
}

}  // namespace
}  // namespace hone
