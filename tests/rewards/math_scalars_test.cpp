// Tables of scalars by class: a gold, an answer, and whether it is accepted.
#include <gtest/gtest.h>

#include <fstream>

#include "rewards/math_equal.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

class MathScalarTable : public ::testing::TestWithParam<const char*> {};

TEST_P(MathScalarTable, EveryVerdictIsTheTables) {
  std::ifstream in(source_dir().string() + "/tests/rewards/math_" + GetParam() + "_cases.tsv");
  ASSERT_TRUE(in.is_open());
  int accepted = 0, rejected = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t first = line.find('\t'), second = line.find('\t', first + 1);
    ASSERT_NE(second, std::string::npos) << line;
    const bool accept = line.substr(0, first) == "correct";
    const std::string gold = line.substr(first + 1, second - first - 1), answer = line.substr(second + 1);
    const MathVerdict verdict = compare_math(gold, answer, {});
    EXPECT_EQ(verdict.verdict == Verdict::kCorrect, accept)
        << gold << "   " << answer << "   " << to_string(verdict.verdict) << " " << verdict.reason;
    ++(accept ? accepted : rejected);
  }
  EXPECT_GT(accepted, 8);
  EXPECT_GT(rejected, 30);
}

INSTANTIATE_TEST_SUITE_P(Classes, MathScalarTable,
                         ::testing::Values("numbers", "decimals", "fractions", "surds", "functions",
                                           "complex", "combinatorics", "symbols", "quantities", "bases",
                                           "times", "chinese", "spellings", "outsider_numbers",
                                           "outsider_formulas", "outsider_structures", "outsider_quantities",
                                           "outsider_chinese", "outsider_mixed", "outsider_prose",
                                           "outsider_values", "outsider_lures", "outsider_everyday"));

}  // namespace
}  // namespace hone
