#include "rl/pack.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "core/error.h"

namespace hone {
namespace {

constexpr int64_t kPage = ops::kPageSize;

at::Tensor to_tensor(const std::vector<int32_t>& values, at::IntArrayRef shape) {
  at::Tensor t = at::empty(shape, at::kInt);
  std::copy(values.begin(), values.end(), t.data_ptr<int32_t>());
  return t;
}

/// Lists that grow row by row and become the batch's tensors.
struct Builder {
  std::vector<int32_t> ids, positions, row_begin, first_position, unit_begin, head_unit_begin, writes,
      head_rows, targets;
  std::vector<std::vector<int32_t>> tables;
  TrainingBatch batch;

  int32_t row() const { return int32_t(ids.size()); }
  int32_t new_page() { return int32_t(batch.num_pages++); }

  void begin_segment(int64_t position, std::vector<int32_t> table) {
    row_begin.push_back(row());
    first_position.push_back(int32_t(position));
    tables.push_back(std::move(table));
  }

  void add_row(TokenId id, int64_t position) { ids.push_back(id), positions.push_back(int32_t(position)); }

  void add_write(int32_t row, int32_t page, int64_t slot) {
    writes.insert(writes.end(), {row, page, int32_t(slot)});
  }

  void add_target(int32_t row, const TrainingSample& sample, size_t token) {
    if (!sample.is_trained(token)) return;
    head_rows.push_back(row), targets.push_back(sample.ids[token]);
    batch.samples.push_back(&sample), batch.token_index.push_back(int32_t(token));
  }

  void add_group(const TrainingGroup& group);
  TrainingBatch finish();
};

void Builder::add_group(const TrainingGroup& group) {
  check(!group.prompt.empty(), "training group: the prompt is empty, expected at least one token");
  unit_begin.push_back(int32_t(row_begin.size())), head_unit_begin.push_back(int32_t(targets.size()));
  const int64_t length = int64_t(group.prompt.size()), full = length / kPage;
  std::vector<int32_t> prompt_table;
  for (int64_t i = 0; i < (length + kPage - 1) / kPage; ++i) prompt_table.push_back(new_page());

  // Completions' tables come first: rows of the prompt's last, partly filled page are written to each of them as well.
  std::vector<std::vector<int32_t>> completion_tables;
  for (const TrainingSample& s : group.samples) {
    std::vector<int32_t> table(prompt_table.begin(), prompt_table.begin() + full);
    const int64_t end = length + std::max<int64_t>(0, int64_t(s.ids.size()) - 1);
    while (int64_t(table.size()) * kPage < end) table.push_back(new_page());
    completion_tables.push_back(std::move(table));
  }

  begin_segment(0, prompt_table);
  const int32_t prompt_row = row();
  for (int64_t i = 0; i < length; ++i) {
    add_write(row(), prompt_table[i / kPage], i % kPage);
    if (i / kPage == full)
      for (const auto& table : completion_tables)
        if (int64_t(table.size()) > full) add_write(row(), table[full], i % kPage);
    add_row(group.prompt[i], i);
  }
  for (size_t g = 0; g < group.samples.size(); ++g) {
    const TrainingSample& s = group.samples[g];
    if (s.ids.empty()) continue;
    add_target(prompt_row + int32_t(length) - 1, s, 0);
    if (s.ids.size() == 1) continue;
    begin_segment(length, completion_tables[g]);
    for (size_t i = 0; i + 1 < s.ids.size(); ++i) {
      const int64_t position = length + int64_t(i);
      add_write(row(), completion_tables[g][position / kPage], position % kPage);
      add_target(row(), s, i + 1);
      add_row(s.ids[i], position);
    }
  }
}

TrainingBatch Builder::finish() {
  const int64_t T = row(), S = int64_t(row_begin.size()), U = int64_t(unit_begin.size()),
                N = int64_t(targets.size());
  row_begin.push_back(int32_t(T)), unit_begin.push_back(int32_t(S)), head_unit_begin.push_back(int32_t(N));
  size_t most_pages = 1;
  for (const auto& table : tables) most_pages = std::max(most_pages, table.size());
  batch.rows.ids = to_tensor(ids, {T}), batch.rows.positions = to_tensor(positions, {T});
  ops::AttentionLayout& l = batch.rows.layout;
  l.row_begin = to_tensor(row_begin, {S + 1}), l.first_position = to_tensor(first_position, {S});
  l.unit_begin = to_tensor(unit_begin, {U + 1}),
  l.writes = to_tensor(writes, {int64_t(writes.size()) / 3, 3});
  l.table = at::zeros({S, int64_t(most_pages)}, at::kInt);
  for (int64_t s = 0; s < S; ++s)
    std::copy(tables[s].begin(), tables[s].end(), l.table.data_ptr<int32_t>() + s * int64_t(most_pages));
  batch.head_rows = to_tensor(head_rows, {N}), batch.targets = to_tensor(targets, {N});
  batch.head_unit_begin = to_tensor(head_unit_begin, {U + 1});
  return std::move(batch);
}

}  // namespace

int64_t TrainingSample::num_trained() const {
  return trained.empty() ? int64_t(ids.size()) : std::count(trained.begin(), trained.end(), true);
}

int64_t TrainingGroup::num_rows() const {
  int64_t rows = int64_t(prompt.size());
  for (const TrainingSample& s : samples) rows += std::max<int64_t>(0, int64_t(s.ids.size()) - 1);
  return rows;
}

int64_t TrainingGroup::num_trained() const {
  int64_t tokens = 0;
  for (const TrainingSample& s : samples) tokens += s.num_trained();
  return tokens;
}

TrainingBatch pack_groups(std::span<const TrainingGroup> groups) {
  Builder builder;
  for (const TrainingGroup& g : groups) builder.add_group(g);
  return builder.finish();
}

std::vector<size_t> split_micro_batches(std::span<const TrainingGroup> groups, int64_t max_rows) {
  std::vector<size_t> borders{0};
  int64_t rows = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    const int64_t more = groups[i].num_rows();
    if (rows > 0 && rows + more > max_rows) borders.push_back(i), rows = 0;
    rows += more;
  }
  if (!groups.empty()) borders.push_back(groups.size());
  return borders;
}

}  // namespace hone
