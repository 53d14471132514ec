// Random expressions, lists, tuples, intervals and numerals: equal to themselves written otherwise, different from what is near them.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "rewards/math_equal.h"

namespace hone {
namespace {

using Random = std::mt19937_64;

bool paid(const std::string& gold, const std::string& answer, const MathOptions& options = {}) {
  return compare_math(gold, answer, options).verdict == Verdict::kCorrect;
}

int pick(Random& random, int low, int high) {
  return low + static_cast<int>(random() % static_cast<uint64_t>(high - low + 1));
}

/// One expression in two spellings of the same value.
struct Spelled {
  std::string plain, other;
};

Spelled expression(Random& random, int depth) {
  const int kind = depth == 0 ? pick(random, 0, 2) : pick(random, 3, 8);
  if (kind == 0) {
    const std::string n = std::to_string(pick(random, 1, 40));
    return {n, n + ".0"};
  }
  if (kind == 1) return {"x", "1x"};
  if (kind == 2) {
    const std::string n = std::to_string(pick(random, 1, 9)), d = std::to_string(pick(random, 2, 9));
    return {"\\frac{" + n + "}{" + d + "}", "(2*" + n + ")/(2*" + d + ")"};
  }
  const Spelled a = expression(random, depth - 1), b = expression(random, depth - 1);
  switch (kind) {
    case 3:
      return {"(" + a.plain + "+" + b.plain + ")", "(" + b.other + " + " + a.other + ")"};
    case 4:
      return {"(" + a.plain + "-" + b.plain + ")", "(-(" + b.other + " - " + a.other + "))"};
    case 5:
      return {"(" + a.plain + " \\cdot " + b.plain + ")", "\\left(" + b.other + "*" + a.other + "\\right)"};
    case 6:
      return {"(" + a.plain + ")^2", "(" + a.other + ")\\times(" + a.other + ")"};
    case 7:
      return {"\\frac{" + a.plain + "}{7}", "\\dfrac17 (" + a.other + ")"};
    default:
      return {"\\sqrt{2}(" + a.plain + ")", "\\frac{2(" + a.other + ")}{\\sqrt 2}"};
  }
}

TEST(MathProperty, AnExpressionIsItselfWrittenOtherwiseAndNothingNearIt) {
  Random random(1);
  int rejected = 0;
  constexpr int kTrees = 500;
  for (int i = 0; i < kTrees; ++i) {
    const Spelled tree = expression(random, pick(random, 1, 3));
    // At least 2 everywhere, so that its negative, its double and its inverse are other functions.
    const std::string gold = "(" + tree.plain + ")^2+2", same = "2+(" + tree.other + ")^{2}";
    EXPECT_TRUE(paid(gold, gold)) << gold;
    rejected += !paid(gold, same) || !paid(same, gold);
    for (const std::string& near :
         {"-(" + same + ")", same + "+1", "\\frac{1}{" + same + "}", "2(" + same + ")"})
      EXPECT_FALSE(paid(gold, near)) << gold << "   " << near;
  }
  EXPECT_LE(1000 * rejected, 5 * kTrees);
}

std::string joined(const std::vector<int>& items, const std::string& by) {
  std::string out;
  for (const int item : items) out += (out.empty() ? "" : by) + std::to_string(item);
  return out;
}

TEST(MathProperty, ListsAreInAnyOrderAndTuplesInTheirs) {
  Random random(2);
  for (int i = 0; i < 300; ++i) {
    std::vector<int> items;
    while (items.size() < static_cast<size_t>(pick(random, 3, 6))) {
      const int item = pick(random, -60, 60);
      if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
    }
    std::vector<int> mixed = items;
    std::rotate(mixed.begin(), mixed.begin() + 1, mixed.end());
    std::vector<int> fewer = items, other = items;
    fewer.pop_back();
    other.back() = 99;
    const std::string list = joined(items, ", "), set = "\\{" + list + "\\}", tuple = "(" + list + ")";
    EXPECT_TRUE(paid(list, joined(mixed, " , "))) << list;
    EXPECT_TRUE(paid(set, "\\left\\{" + joined(mixed, ",") + "\\right\\}")) << list;
    EXPECT_TRUE(paid(tuple, "\\left(" + joined(items, ",\\,") + "\\right)")) << list;
    EXPECT_FALSE(paid(tuple, "(" + joined(mixed, ", ") + ")")) << list;
    for (const std::vector<int>& near : {fewer, other}) {
      EXPECT_FALSE(paid(list, joined(near, ", "))) << list;
      EXPECT_FALSE(paid(set, "\\{" + joined(near, ", ") + "\\}")) << list;
      EXPECT_FALSE(paid(tuple, "(" + joined(near, ", ") + ")")) << list;
    }
    MathOptions unordered;
    unordered.unordered_tuples = true;
    EXPECT_TRUE(paid(tuple, "(" + joined(mixed, ", ") + ")", unordered)) << list;
    EXPECT_FALSE(paid(tuple, "(" + joined(other, ", ") + ")", unordered)) << list;
  }
}

TEST(MathProperty, AnIntervalIsItsInequalityAndHasItsOwnEnds) {
  Random random(3);
  for (int i = 0; i < 300; ++i) {
    const int low = pick(random, -50, 50), high = low + pick(random, 1, 50);
    const bool low_open = random() & 1, high_open = random() & 1;
    const auto interval = [](int a, bool a_open, int b, bool b_open) {
      return (a_open ? "(" : "[") + std::to_string(a) + ", " + std::to_string(b) + (b_open ? ")" : "]");
    };
    const std::string gold = interval(low, low_open, high, high_open);
    const std::string chain = std::to_string(low) + (low_open ? " < x " : " \\le x ") +
                              (high_open ? "< " : "\\le ") + std::to_string(high);
    EXPECT_TRUE(paid(gold, chain)) << gold << "   " << chain;
    EXPECT_FALSE(paid(gold, interval(low, !low_open, high, high_open))) << gold;
    EXPECT_FALSE(paid(gold, interval(low, low_open, high, !high_open))) << gold;
    EXPECT_FALSE(paid(gold, interval(low, low_open, high + 1, high_open))) << gold;
    EXPECT_FALSE(paid(gold, interval(low - 1, low_open, high, high_open))) << gold;
  }
}

TEST(MathProperty, ANumeralHasItsBase) {
  Random random(4);
  for (int i = 0; i < 300; ++i) {
    const int base = pick(random, 2, 9);
    std::string digits(1, static_cast<char>('0' + pick(random, 1, base - 1)));
    for (int k = pick(random, 1, 7); k > 0; --k) digits += static_cast<char>('0' + pick(random, 0, base - 1));
    const std::string gold = digits + "_" + std::to_string(base), bare = std::to_string(base);
    for (const std::string& same :
         {digits + "_{" + bare + "}", "(" + digits + ")_{" + bare + "}", digits + " base " + bare,
          "\\text{" + digits + "}_{" + bare + "}", digits + "_{\\text{" + bare + "}}"})
      EXPECT_TRUE(paid(gold, same)) << gold << "   " << same;
    for (const std::string& near : {digits + "_{" + std::to_string(base + 1) + "}", digits,
                                    digits + "0_{" + bare + "}", "-" + digits + "_{" + bare + "}"})
      EXPECT_FALSE(paid(gold, near)) << gold << "   " << near;
    MathOptions loose;
    loose.base_required = false;
    EXPECT_TRUE(paid(gold, digits, loose)) << gold;
    EXPECT_FALSE(paid(gold, digits + "_{" + std::to_string(base + 1) + "}", loose)) << gold;
  }
}

}  // namespace
}  // namespace hone
