#include "rollout/rows.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

namespace hone {

DecoderRows rows_of_spans(std::span<const Span> spans) {
  const int64_t S = int64_t(spans.size());
  int64_t T = 0, most_pages = 1;
  for (const Span& s : spans)
    T += int64_t(s.ids.size()), most_pages = std::max(most_pages, int64_t(s.table.size()));
  DecoderRows rows;
  rows.ids = at::empty({T}, at::kInt), rows.positions = at::empty({T}, at::kInt);
  ops::AttentionLayout& l = rows.layout;
  l.row_begin = at::empty({S + 1}, at::kInt), l.first_position = at::empty({S}, at::kInt),
  l.unit_begin = at::empty({S + 1}, at::kInt);
  l.table = at::zeros({S, most_pages}, at::kInt), l.writes = at::empty({T, 3}, at::kInt);
  int32_t *ids = rows.ids.data_ptr<int32_t>(), *positions = rows.positions.data_ptr<int32_t>(),
          *writes = l.writes.data_ptr<int32_t>();
  int32_t row = 0;
  for (int64_t s = 0; s < S; ++s) {
    const Span& span = spans[s];
    l.row_begin.data_ptr<int32_t>()[s] = row;
    l.unit_begin.data_ptr<int32_t>()[s] = int32_t(s);
    l.first_position.data_ptr<int32_t>()[s] = int32_t(span.first_position);
    std::copy(span.table.begin(), span.table.end(), l.table.data_ptr<int32_t>() + s * most_pages);
    for (size_t i = 0; i < span.ids.size(); ++i, ++row) {
      const int64_t position = span.first_position + int64_t(i);
      ids[row] = span.ids[i], positions[row] = int32_t(position);
      writes[3 * row] = row;
      writes[3 * row + 1] = span.table[position / ops::kPageSize];
      writes[3 * row + 2] = int32_t(position % ops::kPageSize);
    }
  }
  l.row_begin.data_ptr<int32_t>()[S] = row;
  l.unit_begin.data_ptr<int32_t>()[S] = int32_t(S);
  return rows;
}

}  // namespace hone
