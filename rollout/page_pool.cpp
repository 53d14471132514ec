#include "rollout/page_pool.h"

#include "core/error.h"

namespace hone {

PagePool::PagePool(int64_t num_pages) : holders_(num_pages, 0) {
  for (int64_t page = num_pages - 1; page >= 0; --page) free_.push_back(int32_t(page));
}

int32_t PagePool::allocate() {
  check(!free_.empty(), "page pool: all ", num_pages(), " pages are taken");
  const int32_t page = free_.back();
  free_.pop_back();
  holders_[page] = 1;
  return page;
}

void PagePool::retain(int32_t page) {
  check(holders_.at(page) > 0, "page pool: page ", page, " is free and can't be shared");
  ++holders_[page];
}

void PagePool::release(int32_t page) {
  check(holders_.at(page) > 0, "page pool: page ", page, " is released twice");
  if (--holders_[page] == 0) free_.push_back(page);
}

}  // namespace hone
