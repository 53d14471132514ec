// Hands out page ids and counts who holds them. Prompts share full pages with their completions. Knows nothing of tensors.
#pragma once

#include <cstdint>
#include <vector>

namespace hone {

class PagePool {
 public:
  explicit PagePool(int64_t num_pages);

  int64_t num_free() const { return int64_t(free_.size()); }
  int64_t num_pages() const { return int64_t(holders_.size()); }
  int32_t allocate();          // throws when none is free
  void retain(int32_t page);   // one more holder
  void release(int32_t page);  // the last holder frees it

 private:
  std::vector<int32_t> free_;     // the next one to hand out is last
  std::vector<int32_t> holders_;  // [num_pages]
};

}  // namespace hone
