#include "datasets/permutation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/error.h"

namespace hone {
namespace {

TEST(Permutation, IsABijection) {
  for (const uint64_t n : {1, 2, 3, 4, 5, 16, 17, 387, 1000, 4096, 5000}) {
    std::vector<bool> seen(n);
    const Permutation permutation(n, 7 + n);
    for (uint64_t i = 0; i < n; ++i) {
      const uint64_t place = permutation(i);
      ASSERT_LT(place, n);
      EXPECT_FALSE(seen[place]) << place << " twice, n = " << n;
      seen[place] = true;
    }
  }
}

TEST(Permutation, IsBijectiveOnHugeRanges) {
  const Permutation permutation(uint64_t{1} << 62, 1);
  std::vector<uint64_t> places;
  for (uint64_t i = 0; i < 1000; ++i) places.push_back(permutation(i));
  std::sort(places.begin(), places.end());
  EXPECT_EQ(std::adjacent_find(places.begin(), places.end()), places.end());
  EXPECT_GT(places.back(), uint64_t{1} << 61);
}

TEST(Permutation, KeysGiveDifferentOrders) {
  constexpr uint64_t kSize = 1000;
  uint64_t same = 0;
  for (uint64_t i = 0; i < kSize; ++i) same += Permutation(kSize, 1)(i) == Permutation(kSize, 2)(i);
  EXPECT_LT(same, 10u);  // 1 is expected
}

TEST(Permutation, EveryPlaceIsAboutAsLikely) {
  std::vector<int> first(5);
  for (uint64_t key = 0; key < 5000; ++key) ++first[Permutation(5, key)(0)];
  for (const int count : first) EXPECT_NEAR(count, 1000, 150);  // 5 standard deviations
}

TEST(Permutation, RefusesImpossibleSizes) {
  EXPECT_THROW(Permutation(0, 1), Error);
  EXPECT_THROW(Permutation((uint64_t{1} << 62) + 1, 1), Error);
  EXPECT_THROW(Permutation(3, 1)(3), Error);
}

}  // namespace
}  // namespace hone
