#include "datasets/countdown_problems.h"

#include <algorithm>
#include <map>
#include <set>

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

std::vector<CountdownProblem> enumerate(const std::string& json) {
  const Document document = parse_document("recipe.json", json);
  Fields fields(document);
  return enumerate_countdown(read_countdown(fields));
}

std::set<std::vector<int>> multisets(const std::vector<CountdownProblem>& problems) {
  std::set<std::vector<int>> result;
  for (const CountdownProblem& problem : problems) result.insert(problem.numbers);
  return result;
}

/// Can the numbers reach the target? Over orders and both ways to bracket, unlike the code under test.
bool reachable(std::vector<int> numbers, int target) {
  const std::string operators = "+-*";
  const auto apply = [](char op, int a, int b) { return op == '+' ? a + b : op == '-' ? a - b : a * b; };
  const auto in_range = [](int value) { return value >= 0 && value <= 99; };
  std::sort(numbers.begin(), numbers.end());
  do {
    for (const char p : operators) {
      for (const char q : operators) {
        const int x = apply(p, numbers[0], numbers[1]), y = apply(q, numbers[1], numbers[2]);
        if (in_range(x) && apply(q, x, numbers[2]) == target) return true;
        if (in_range(y) && apply(p, numbers[0], y) == target) return true;
      }
    }
  } while (std::next_permutation(numbers.begin(), numbers.end()));
  return false;
}

TEST(CountdownProblems, DefaultsGive1864OfWhich387AreHeldOut) {
  EXPECT_EQ(enumerate(R"({"split": "all"})").size(), 1864u);
  EXPECT_EQ(enumerate(R"({"split": "train"})").size(), 1477u);
  EXPECT_EQ(enumerate(R"({"split": "held_out"})").size(), 387u);
}

TEST(CountdownProblems, AreExactlyTheSolvableOnes) {
  std::set<std::pair<std::vector<int>, int>> listed;
  for (const CountdownProblem& problem : enumerate(R"({"split": "all"})"))
    EXPECT_TRUE(listed.insert({problem.numbers, problem.target}).second) << "listed twice";
  for (int a = 1; a <= 9; ++a)
    for (int b = a; b <= 9; ++b)
      for (int c = b; c <= 9; ++c)
        for (int target = 1; target <= 99; ++target)
          ASSERT_EQ(listed.count({{a, b, c}, target}), reachable({a, b, c}, target))
              << a << ' ' << b << ' ' << c << " -> " << target;
}

TEST(CountdownProblems, SplitsShareNoMultiset) {
  const auto train = multisets(enumerate(R"({"split": "train"})"));
  const auto held_out = multisets(enumerate(R"({"split": "held_out"})"));
  for (const std::vector<int>& numbers : held_out) EXPECT_FALSE(train.contains(numbers));
  EXPECT_EQ(train.size() + held_out.size(), 165u);
}

TEST(CountdownProblems, AMultisetKeepsItsSideWhenOptionsChange) {
  const auto train = multisets(enumerate(R"({"split": "train"})"));
  for (const std::vector<int>& numbers : multisets(
           enumerate(R"({"split": "held_out", "max_number": 12, "operators": "+*", "max_target": 50})")))
    EXPECT_FALSE(train.contains(numbers));
}

TEST(CountdownProblems, AnyFirstPartIsAFairSample) {
  const auto problems = enumerate(R"({"split": "all"})");
  double first = 0, all = 0;
  for (size_t i = 0; i < problems.size(); ++i) {
    all += problems[i].numbers[0];
    if (i < 200) first += problems[i].numbers[0];
  }
  EXPECT_NEAR(first / 200, all / double(problems.size()), 0.5);
}

TEST(CountdownProblems, FourNumbersAndDivisionWork) {
  EXPECT_GT(enumerate(R"({"numbers": 4, "split": "all"})").size(), 10000u);
  const auto whole = enumerate(R"({"operators": "/", "split": "all"})");
  EXPECT_NE(std::find_if(whole.begin(), whole.end(),
                         [](const auto& p) {
                           return p.numbers == std::vector<int>{2, 2, 8} && p.target == 2;
                         }),
            whole.end());
}

TEST(CountdownProblems, CombineKeepsTheLargerFirst) {
  EXPECT_EQ(combine('-', 3, 5), 2);
  EXPECT_EQ(combine('-', 5, 3), 2);
  EXPECT_EQ(combine('*', 12, 9), 108);
  EXPECT_EQ(combine('/', 3, 6), 2);
  EXPECT_EQ(combine('/', 4, 6), -1);
  EXPECT_EQ(combine('/', 4, 0), -1);
  EXPECT_THROW(combine('^', 1, 2), Error);
}

TEST(CountdownProblems, ReorderingPermutesAndReachesEveryOrder) {
  std::set<std::vector<int>> orders;
  for (uint64_t variant = 0; variant < 100; ++variant) orders.insert(reorder({2, 5, 7}, variant));
  EXPECT_EQ(orders.size(), 6u);
  for (std::vector<int> order : orders) {
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, (std::vector<int>{2, 5, 7}));
  }
}

TEST(CountdownProblems, PromptsAreShort) {
  EXPECT_EQ(countdown_prompt({3, 5, 9}, 24, Language::kEnglish), "make 24 from 3 5 9 :");
  EXPECT_EQ(countdown_prompt({3, 5, 9}, 24, Language::kChinese), "\u51d1 24 \u7528 3 5 9 :");
}

TEST(CountdownProblems, BadOptionsAreNamed) {
  test::expect_says([&] { enumerate(R"({"numbers": 5})"); }, {"recipe.json:1", "numbers", "5"});
  test::expect_says([&] { enumerate(R"({"operators": "+^"})"); }, {"operators", "+^", "+ - * /"});
  test::expect_says([&] { enumerate(R"({"operators": "++"})"); }, {"operators", "each once"});
  test::expect_says([&] { enumerate(R"({"operators": ""})"); }, {"operators", "\"\""});
  test::expect_says([&] { enumerate(R"({"min_target": 50, "max_target": 40})"); },
                    {"max_target", "40", "50"});
  test::expect_says([&] { enumerate(R"({"numbers": 4, "max_number": 99})"); }, {"max_number", "99", "20"});
  test::expect_says([&] { enumerate(R"({"languages": ["en", "fr"]})"); }, {"languages", "fr", "en or zh"});
  test::expect_says([&] { enumerate(R"({"languages": []})"); }, {"languages", "empty"});
  test::expect_says([&] { enumerate(R"({"languages": ["en", "en"]})"); }, {"languages", "twice"});
  test::expect_says([&] { enumerate(R"({"split": "test"})"); }, {"split", "test", "held_out"});
  test::expect_says([&] { enumerate(R"({"split": "held_out", "held_out": 0})"); }, {"held_out", "0.01"});
}

}  // namespace
}  // namespace hone
