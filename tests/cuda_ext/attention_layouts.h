// Layouts for attention tests: units of a prompt and its completions on shuffled pages. Free of LibTorch.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "tests/reference/attention.h"

namespace hone {

struct HeadSizes {
  int64_t H, J, Dk, Dv;
};

/// Lengths of a prompt (0: none) and of the completions that continue it.
struct UnitLengths {
  int64_t prompt;
  std::vector<int64_t> completions;
};

using AttentionCase = reference::PagedAttention<float>;

/// Rows of one unit on fresh pages: full pages of the prompt are shared, its last, partly filled one is
/// copied.
class CaseLayout {
 public:
  explicit CaseLayout(uint32_t seed) : shuffled_(512) {
    std::iota(shuffled_.begin(), shuffled_.end(), 0);
    std::shuffle(shuffled_.begin(), shuffled_.end(), std::mt19937(seed));
  }

  void add_unit(const UnitLengths& unit) {
    const int64_t shared = unit.prompt / 16, prompt_begin = lists.row_begin.back();
    std::vector<int32_t> prompt_pages = pages((unit.prompt + 15) / 16);
    if (unit.prompt > 0) add_segment(0, unit.prompt, prompt_pages);
    for (const int64_t length : unit.completions) {
      std::vector<int32_t> table(prompt_pages.begin(), prompt_pages.begin() + shared);
      for (const int32_t page : pages((unit.prompt + length + 15) / 16 - shared)) table.push_back(page);
      for (int64_t i = 16 * shared; i < unit.prompt && length > 0; ++i)
        lists.writes.push_back({int32_t(prompt_begin + i), table[size_t(shared)], int32_t(i % 16)});
      add_segment(unit.prompt, length, table);
    }
    lists.unit_begin.push_back(int32_t(lists.first_position.size()));
    std::sort(lists.writes.begin(), lists.writes.end());
  }

  reference::LayoutLists lists;
  int64_t num_pages() const { return int64_t(shuffled_.size()); }

 private:
  std::vector<int32_t> pages(int64_t n) {
    std::vector<int32_t> ids(shuffled_.begin() + used_, shuffled_.begin() + used_ + n);
    used_ += n;
    return ids;
  }
  void add_segment(int64_t first_position, int64_t length, const std::vector<int32_t>& table) {
    const int32_t row = lists.row_begin.back();
    for (int64_t i = 0; i < length; ++i)
      lists.writes.push_back(
          {int32_t(row + i), table[size_t(first_position + i) / 16], int32_t((first_position + i) % 16)});
    lists.first_position.push_back(int32_t(first_position));
    lists.row_begin.push_back(int32_t(row + length));
    lists.table.push_back(table);
  }
  std::vector<int32_t> shuffled_;
  int64_t used_ = 0;
};

}  // namespace hone
