// ops::AttentionLayout as pointers, and the pages of a unit, numbered densely. What both devices plan their
// work from; checked by ops_attention.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "cuda_ext/cpu/attention.h"

namespace hone::cpu {

/// Meanings as in ops::AttentionLayout; unit_begin and writes are null where nothing needs them.
struct AttentionLayoutView {
  const int32_t *row_begin, *first_position, *table, *unit_begin, *writes;
  int64_t segments, max_pages, units, num_writes;

  int64_t rows(int64_t s) const { return row_begin[s + 1] - row_begin[s]; }
  /// Pages that the last row of segment s sees.
  int64_t blocks(int64_t s) const {
    return rows(s) == 0 ? 0 : (first_position[s] + rows(s) - 1) / kPageKeys + 1;
  }
  const int32_t* pages(int64_t s) const { return table + s * max_pages; }
};

/// The pages that segments [begin, end) see, numbered densely.
class UnitPages {
 public:
  UnitPages(const AttentionLayoutView& l, int64_t begin, int64_t end);

  const std::vector<int32_t>& ids() const { return ids_; }
  /// Of a page, -1 if no segment sees it.
  int32_t place(int32_t page) const;
  /// Of the blocks of a segment.
  const int32_t* places(int64_t segment) const { return places_.data() + offsets_[segment - segment_begin_]; }

 private:
  int64_t segment_begin_;
  std::vector<int32_t> ids_, places_;
  std::vector<int64_t> offsets_;
};

}  // namespace hone::cpu
