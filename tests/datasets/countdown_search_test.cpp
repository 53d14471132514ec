#include "datasets/countdown_search.h"

#include <algorithm>

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

/// The whole search without a hit or an answer in it.
std::string search(const std::vector<int>& numbers, int target, const std::string& operators = "+-*") {
  TraceWriter writer(perfect_style(), {Language::kEnglish}, Language::kEnglish, 0);
  return write_search({numbers, target, operators}, 0, writer);
}

TEST(CountdownSearch, IsWrittenInTheCanonicalOrder) {
  EXPECT_EQ(
      search({3, 5, 9}, 6),
      "<think> try 3 + 5 = 8 8 + 9 = 17 no 9 - 8 = 1 no 8 * 9 = 72 no try 5 - 3 = 2 2 + 9 = 11 no 9 - 2 = 7 "
      "no "
      "2 * 9 = 18 no try 3 * 5 = 15 15 + 9 = 24 no 15 - 9 = 6 yes</think><answer> ( 3 * 5 ) - 9</answer>");
}

TEST(CountdownSearch, EqualPairsAreTriedOnce) {
  // (3, 3), then (3, 7); the other (3, 7) is the same.
  const std::vector<std::string> items = test::items_of(search({3, 3, 7}, 98));
  EXPECT_EQ(std::count(items.begin(), items.end(), "try"), 6);
}

TEST(CountdownSearch, BigResultsHaveNoLeaves) {
  const std::string text = search({50, 60, 2}, 12);
  EXPECT_TRUE(text.starts_with("<think> try 50 + 60 = big try 60 - 50 = 10 10 + 2 = 12 yes")) << text;
  EXPECT_NE(search({30, 5, 9}, 36).find("35 * 9 = big no"), std::string::npos);
}

TEST(CountdownSearch, QuotientsAreTriedWhereTheyAreWhole) {
  EXPECT_EQ(search({4, 6, 3}, 8, "/*"),
            "<think> try 4 * 6 = 24 24 / 3 = 8 yes</think><answer> ( 4 * 6 ) / 3</answer>");
}

TEST(CountdownSearch, FourNumbersNestOneLevelDeeper) {
  EXPECT_EQ(search({1, 2, 3, 4}, 5),
            "<think> try 1 + 2 = 3 try 3 + 3 = 6 6 + 4 = 10 no 6 - 4 = 2 no 6 * 4 = 24 no try 3 - 3 = 0 0 + "
            "4 = 4 no "
            "4 - 0 = 4 no 0 * 4 = 0 no try 3 * 3 = 9 9 + 4 = 13 no 9 - 4 = 5 yes</think><answer> ( ( 1 + 2 ) "
            "* 3 ) - 4"
            "</answer>");
}

void expect_ideal_answers_right(const std::string& spec) {
  const Dataset problems = test::dataset(spec);
  for (uint64_t i = 0; i < problems.size(); ++i) {
    const Problem problem = problems.problem(i);
    const std::string text = ideal_trace(problem);
    ASSERT_TRUE(test::well_formed(text)) << text;
    std::vector<int> used, given = problem.row["numbers"];
    const std::vector<std::string> answer = test::items_of(test::between(text, "<answer>", "</answer>"));
    size_t at = 0;
    ASSERT_EQ(test::evaluate(answer, at, used), problem.row["target"].get<int>()) << text;
    ASSERT_EQ(at, answer.size()) << text;
    std::sort(used.begin(), used.end());
    std::sort(given.begin(), given.end());
    ASSERT_EQ(used, given) << text;
  }
}

TEST(CountdownSearch, IdealAnswersUseEveryNumberOnceAndHit) {
  expect_ideal_answers_right(R"({"task": "countdown", "split": "all"})");
  expect_ideal_answers_right(
      R"({"task": "countdown", "split": "all", "operators": "+-*/", "max_number": 12})");
}

TEST(CountdownSearch, IdealAnswersOfFourNumbersHit) {
  expect_ideal_answers_right(R"({"task": "countdown", "split": "all", "numbers": 4, "max_number": 5})");
}

TEST(CountdownSearch, IdealTracesAreOfTheStudiedLength) {
  const Dataset problems = test::dataset(R"({"task": "countdown", "split": "held_out"})");
  double items = 0;
  size_t longest = 0;
  for (uint64_t i = 0; i < problems.size(); ++i) {
    const size_t length = test::items_of(ideal_trace(problems.problem(i))).size() + 1;  // and the end of text
    items += double(length);
    longest = std::max(longest, length);
  }
  EXPECT_NEAR(items / double(problems.size()), 90, 5);
  EXPECT_LE(longest, 231u);  // of all problems: what max_completion_length must allow
}

TEST(CountdownSearch, SpeaksThePromptsLanguage) {
  const Dataset problems = test::dataset(R"({"task": "countdown"})");
  for (uint64_t i = 0; i < 20; ++i) {
    const Problem problem = problems.problem(i);
    const bool english = ideal_trace(problem).find("try") != std::string::npos;
    EXPECT_EQ(english, problem.row["language"] == "en");
  }
}

}  // namespace
}  // namespace hone
