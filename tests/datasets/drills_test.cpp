#include <map>
#include <set>

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

struct Line {
  int left, right, target;
  std::string op, value, verdict;
};

/// The lines of many drills; checks the layout on the way.
std::vector<Line> lines_of(const std::string& spec, uint64_t drills) {
  const Dataset dataset = test::dataset(spec);
  std::vector<Line> lines;
  for (uint64_t k = 0; k < drills; ++k) {
    const Example example = dataset.trace(1, k);
    EXPECT_EQ(example.pieces.front().text, "<think>");
    EXPECT_TRUE(example.pieces.back().text.starts_with("</think><answer> "));
    EXPECT_FALSE(example.pieces.front().trained || example.pieces.back().trained);
    for (size_t i = 1; i + 1 < example.pieces.size(); i += 2) {
      EXPECT_FALSE(example.pieces[i].trained);
      EXPECT_TRUE(example.pieces[i + 1].trained);
      const std::vector<std::string> asked = test::items_of(example.pieces[i].text);
      const std::vector<std::string> told = test::items_of(example.pieces[i + 1].text);
      EXPECT_EQ(asked.size(), 4u);
      EXPECT_EQ(told.size(), 2u);
      lines.push_back({std::stoi(asked[0]), std::stoi(asked[2]), example.problem.row["target"], asked[1],
                       told[0], told[1]});
    }
  }
  return lines;
}

int value_of(const Line& line) {
  return line.op == "+"   ? line.left + line.right
         : line.op == "-" ? line.left - line.right
                          : line.left * line.right;
}

constexpr const char* kEnglish = R"({"task": "drills", "languages": ["en"]})";

TEST(Drills, ValuesAndVerdictsAreRight) {
  for (const Line& line : lines_of(kEnglish, 500)) {
    const int value = value_of(line);
    EXPECT_GE(value, 0);
    EXPECT_EQ(line.value, value > 99 ? "big" : std::to_string(value));
    EXPECT_EQ(line.verdict, value == line.target ? "yes" : "no");
  }
}

TEST(Drills, CoverAllFacts) {
  std::set<std::tuple<int, std::string, int>> seen;
  for (const Line& line : lines_of(kEnglish, 5000)) seen.insert({line.left, line.op, line.right});
  for (int x = 0; x <= 99; ++x) {
    for (int y = 1; y <= 9; ++y) {
      EXPECT_TRUE(seen.contains({x, "+", y})) << x << " + " << y;
      EXPECT_TRUE(seen.contains({x, "*", y})) << x << " * " << y;
      EXPECT_TRUE(seen.contains({std::max(x, y), "-", std::min(x, y)})) << x << " - " << y;
    }
  }
}

TEST(Drills, AThirdHitAndNearMissesAreCommon) {
  int hits = 0, near = 0, misses = 0;
  for (const Line& line : lines_of(kEnglish, 2000)) {
    const int distance = std::abs(value_of(line) - line.target);
    if (distance == 0)
      ++hits;
    else if (distance == 1 || distance == 10 || value_of(line) == line.target % 10 * 10 + line.target / 10)
      ++near;
    else
      ++misses;
  }
  const double all = hits + near + misses;
  EXPECT_NEAR(hits / all, 0.34, 0.02);  // 0.33 and a few by accident
  EXPECT_NEAR(near / all, 0.34, 0.03);
  EXPECT_GT(misses / all, 0.25);
}

TEST(Drills, EveryTargetIsDrilled) {
  std::set<int> targets;
  for (const Line& line : lines_of(kEnglish, 3000)) targets.insert(line.target);
  EXPECT_EQ(targets.size(), 99u);
}

TEST(Drills, PromptsShowTrainingNumbersOnly) {
  const Dataset held_out =
      test::dataset(R"({"task": "countdown", "split": "held_out", "languages": ["en"]})");
  std::set<std::multiset<std::string>> hidden;
  const auto numbers_of = [](const Problem& problem) {
    const std::vector<std::string> items = test::items_of(problem.text);
    return std::multiset<std::string>(items.begin() + 3, items.end() - 1);  // make 24 from 3 5 9 :
  };
  for (uint64_t i = 0; i < held_out.size(); ++i) hidden.insert(numbers_of(held_out.problem(i)));
  const Dataset drills = test::dataset(R"({"task": "drills"})");
  for (uint64_t k = 0; k < 5000; ++k) EXPECT_FALSE(hidden.contains(numbers_of(drills.draw(1, k))));
}

TEST(Drills, BadOptionsAreNamed) {
  test::expect_says([&] { test::dataset(R"({"task": "drills", "hit": 0.8, "near": 0.5})"); },
                    {"near", "0.5", "0.2"});
  test::expect_says([&] { test::dataset(R"({"task": "drills", "lines": 0})"); }, {"lines", "0", "1"});
}

}  // namespace
}  // namespace hone
