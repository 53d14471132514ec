#include "cuda_ext/cpu/attention_layout.h"

#include <algorithm>

namespace hone::cpu {

UnitPages::UnitPages(const AttentionLayoutView& l, int64_t begin, int64_t end) : segment_begin_(begin) {
  for (int64_t s = begin; s < end; ++s) ids_.insert(ids_.end(), l.pages(s), l.pages(s) + l.blocks(s));
  std::sort(ids_.begin(), ids_.end());
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  for (int64_t s = begin; s < end; ++s) {
    offsets_.push_back(int64_t(places_.size()));
    for (int64_t b = 0; b < l.blocks(s); ++b) places_.push_back(place(l.pages(s)[b]));
  }
}

int32_t UnitPages::place(int32_t page) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), page);
  return at != ids_.end() && *at == page ? int32_t(at - ids_.begin()) : -1;
}

}  // namespace hone::cpu
