// Every gold of the shared data sets is parsed and equal to itself; of each shape of gold, generated variants are accepted and
// generated near misses rejected. tests/golds/ makes the pairs.
#include <gtest/gtest.h>

#include <iomanip>
#include <iostream>
#include <map>
#include <set>

#include "core/types.h"
#include "rewards/math_equal.h"
#include "tests/golds/golds.h"
#include "tests/golds/math_pairs.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

std::filesystem::path data() { return source_dir() / ".." / "shared" / "data"; }

struct Tally {
  size_t all = 0, wrong = 0;
  std::set<std::string> kinds;
  std::string example;

  void add(const MathPair& pair, bool right) {
    ++all;
    kinds.insert(pair.kind);
    if (right) return;
    if (++wrong <= 10) example += "\n    " + pair.kind + ":  " + pair.gold + "   " + pair.answer;
  }
};

/// By shape or by kind: the pairs that must be equal and those that must not.
struct Tallies {
  std::map<std::string, Tally> variants, near_misses;
};

void expect_bounds(const Tallies& tallies) {
  for (const auto& [name, tally] : tallies.variants) {
    EXPECT_LE(static_cast<double>(tally.wrong), 0.005 * static_cast<double>(tally.all))
        << name << ": " << tally.wrong << " of " << tally.all << " variants are rejected:" << tally.example;
  }
  for (const auto& [name, tally] : tallies.near_misses)
    EXPECT_EQ(tally.wrong, 0u) << name << ": " << tally.wrong << " of " << tally.all
                               << " near misses are accepted:" << tally.example;
}

void print_table(const Tallies& by_shape) {
  std::cout << "shape       | kinds variants accepted | kinds near misses rejected\n"
            << std::fixed << std::setprecision(2);
  for (const auto& [shape, variants] : by_shape.variants) {
    const auto near = by_shape.near_misses.find(shape);
    std::cout << std::left << std::setw(11) << shape << std::right << " | " << std::setw(5)
              << variants.kinds.size() << std::setw(9) << variants.all << std::setw(8)
              << 100.0 * static_cast<double>(variants.all - variants.wrong) /
                     static_cast<double>(variants.all)
              << " %";
    if (near != by_shape.near_misses.end()) {
      const Tally& t = near->second;
      std::cout << " | " << std::setw(5) << t.kinds.size() << std::setw(12) << t.all << std::setw(8)
                << 100.0 * static_cast<double>(t.all - t.wrong) / static_cast<double>(t.all) << " %";
    }
    std::cout << "\n";
  }
}

TEST(GoldenMathData, EveryGoldIsParsedAndEqualToItself) {
  if (!std::filesystem::exists(data()))
    GTEST_SKIP() << data() << " is missing: golds of the data sets are not checked";
  for (const std::string& file : kGoldFiles) {
    size_t parsed = 0, equal = 0;
    const std::vector<std::string> golds = read_golds(data() / file);
    ASSERT_GT(golds.size(), 100u) << file;
    for (const std::string& gold : golds) {
      const std::string problem = gold_problem(gold);
      parsed += problem.empty() ? 1 : 0;
      if (!problem.empty()) std::cout << file << ": " << gold << ": " << problem << "\n";
      const MathVerdict itself = compare_math(gold, gold, {});
      equal += itself.verdict == Verdict::kCorrect && itself.reason != "letter for letter" ? 1 : 0;
    }
    std::cout << file << ": " << golds.size() << " golds, " << parsed << " parsed, " << equal
              << " equal to themselves\n";
    EXPECT_GE(static_cast<double>(parsed), 0.998 * static_cast<double>(golds.size())) << file;
    EXPECT_EQ(equal, golds.size()) << file;
  }
}

TEST(GoldenMathData, VariantsAreAcceptedAndNearMissesRejected) {
  if (!std::filesystem::exists(data()))
    GTEST_SKIP() << data() << " is missing: variants of its golds are not checked";
  Tallies by_shape, by_kind;
  size_t pairs = 0;
  for (const std::string& gold : all_golds(data())) {
    for (const MathPair& pair : pairs_of(gold)) {
      ++pairs;
      const bool equal = compare_math(pair.gold, pair.answer, {}).verdict == Verdict::kCorrect;
      const bool variant = pair.expected == Expected::kEqual;
      (variant ? by_shape.variants : by_shape.near_misses)[pair.shape].add(pair, equal == variant);
      (variant ? by_kind.variants : by_kind.near_misses)[pair.kind].add(pair, equal == variant);
    }
  }
  print_table(by_shape);
  std::cout << pairs << " pairs of " << by_kind.variants.size() << " kinds of variants and "
            << by_kind.near_misses.size() << " kinds of near misses\n";
  EXPECT_GT(pairs, 50000u);
  expect_bounds(by_shape);
  expect_bounds(by_kind);
  for (const std::string& shape : kShapes) {
    EXPECT_GE(by_shape.variants[shape].kinds.size(), 6u) << shape;
    EXPECT_GE(by_shape.near_misses[shape].kinds.size(), 3u) << shape;
  }
}

}  // namespace
}  // namespace hone
