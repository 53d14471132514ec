#include "rollout/page_pool.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace hone {
namespace {

TEST(PagePool, APageIsFreeWhenItsLastHolderLetsGo) {
  PagePool pool(2);
  const int32_t page = pool.allocate();
  pool.retain(page);
  pool.release(page);
  EXPECT_EQ(pool.num_free(), 1);
  pool.release(page);
  EXPECT_EQ(pool.num_free(), 2);
}

TEST(PagePool, MistakesThrow) {
  PagePool pool(1);
  const int32_t page = pool.allocate();
  EXPECT_THROW(pool.allocate(), Error);
  pool.release(page);
  EXPECT_THROW(pool.release(page), Error);
  EXPECT_THROW(pool.retain(page), Error);
}

}  // namespace
}  // namespace hone
