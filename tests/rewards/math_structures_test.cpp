// Tables of golds and answers by class: what is accepted and what is not, with the verdict.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "rewards/math_equal.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

class MathTable : public ::testing::TestWithParam<const char*> {};

TEST_P(MathTable, EveryVerdictIsTheTables) {
  std::ifstream in(source_dir().string() + "/tests/rewards/math_" + GetParam() + "_cases.tsv");
  ASSERT_TRUE(in.is_open());
  int accepted = 0, rejected = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t first = line.find('\t'), second = line.find('\t', first + 1);
    ASSERT_NE(second, std::string::npos) << line;
    const std::string expected = line.substr(0, first), gold = line.substr(first + 1, second - first - 1),
                      answer = line.substr(second + 1);
    const MathVerdict verdict = compare_math(gold, answer, {});
    EXPECT_EQ(to_string(verdict.verdict), expected) << gold << "   " << answer << "   " << verdict.reason;
    ++(expected == "correct" ? accepted : rejected);
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(rejected, 100);
}

TEST_P(MathTable, EveryGoldIsParsedAndEqualToItself) {
  std::ifstream in(source_dir().string() + "/tests/rewards/math_" + GetParam() + "_cases.tsv");
  std::map<std::string, int> golds;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t first = line.find('\t');
    ++golds[line.substr(first + 1, line.find('\t', first + 1) - first - 1)];
  }
  for (const auto& [gold, count] : golds) {
    EXPECT_EQ(gold_problem(gold), "") << gold;
    EXPECT_EQ(to_string(compare_math(gold, gold, {}).verdict), std::string("correct")) << gold;
  }
}

INSTANTIATE_TEST_SUITE_P(Classes, MathTable, ::testing::Values("relations", "sequences", "sets", "words"));

}  // namespace
}  // namespace hone
