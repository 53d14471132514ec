#include <algorithm>
#include <map>
#include <set>

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

constexpr int kTraces = 4000;
constexpr double kSlack = 0.04;  // 5 standard deviations of a share over kTraces

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool has(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

/// The share of traces for which `f` holds.
template <class F>
double share(const std::string& spec, const F& f) {
  const Dataset problems = test::dataset(spec);
  int count = 0;
  for (uint64_t k = 0; k < kTraces; ++k) count += f(test::text_of(problems.trace(3, k)), problems.draw(3, k));
  return double(count) / kTraces;
}

TEST(Countdown, RowsHoldWhatRewardsNeed) {
  const Problem problem = test::task(R"({"task": "countdown"})")->problem(5);
  EXPECT_EQ(problem.row["task"], "countdown");
  EXPECT_EQ(problem.row["numbers"].size(), 3u);
  EXPECT_TRUE(problem.row["target"].is_number_integer());
  EXPECT_EQ(problem.row["operators"], "+-*");
  EXPECT_TRUE(problem.row["language"] == "en" || problem.row["language"] == "zh");
}

TEST(Countdown, AnIndexAlwaysGivesTheSameProblem) {
  const auto a = test::task(R"({"task": "countdown"})"), b = test::task(R"({"task": "countdown"})");
  for (const uint64_t index : {uint64_t{0}, uint64_t{17}, a->size() + 17, 1000 * a->size() + 17}) {
    const Problem problem = a->problem(index);
    EXPECT_EQ(problem.id, index);
    EXPECT_EQ(problem.text, b->problem(index).text);
    EXPECT_EQ(test::text_of(a->trace(1, index)), test::text_of(b->trace(1, index)));
    EXPECT_EQ(a->trace(1, index).problem.text, problem.text);
  }
  EXPECT_NE(test::text_of(a->trace(1, 17)), test::text_of(a->trace(2, 17)));
}

TEST(Countdown, LaterPassesRewordTheSameProblem) {
  const auto task = test::task(R"({"task": "countdown"})");
  const Problem original = task->problem(17);
  std::set<std::string> texts;
  for (uint64_t pass = 0; pass < 50; ++pass) {
    const Problem problem = task->problem(17 + pass * task->size());
    std::multiset<int> numbers, first;
    for (const int number : problem.row["numbers"]) numbers.insert(number);
    for (const int number : original.row["numbers"]) first.insert(number);
    EXPECT_EQ(numbers, first);
    EXPECT_EQ(problem.row["target"], original.row["target"]);
    texts.insert(problem.text);
  }
  EXPECT_GE(texts.size(), 6u);  // two languages, three orders or six
}

TEST(Countdown, LanguagesAlternate) {
  const auto task = test::task(R"({"task": "countdown"})");
  for (uint64_t i = 0; i < 10; ++i)
    EXPECT_NE(task->problem(i).row["language"], task->problem(i + 1).row["language"]);
  const auto english = test::task(R"({"task": "countdown", "languages": ["en"]})");
  for (uint64_t i = 0; i < 10; ++i) EXPECT_TRUE(is_ascii(test::text_of(english->trace(1, i))));
}

TEST(Countdown, TracesAreMalformedAsOftenAsAsked) {
  const auto malformed = [](const std::string& text, const Problem&) { return !test::well_formed(text); };
  EXPECT_NEAR(share(R"({"task": "countdown"})", malformed), 0.3, kSlack);
  EXPECT_EQ(share(R"({"task": "countdown", "malformed": 0})", malformed), 0);
  EXPECT_EQ(share(R"({"task": "countdown", "malformed": 1})", malformed), 1);
}

TEST(Countdown, MalformedTracesAreMalformedInManyWays) {
  std::map<std::string, int> tags;
  share(R"({"task": "countdown", "malformed": 1})", [&](const std::string& text, const Problem&) {
    std::string found;
    for (const std::string& item : test::items_of(text))
      if (item[0] == '<') found += item;
    return ++tags[found];
  });
  EXPECT_EQ(tags.size(), 6u);  // seven defects; two of them show in what lies between and after the tags
  for (const auto& [found, count] : tags) EXPECT_GT(count, kTraces / 7 / 2) << found;
}

TEST(Countdown, TracesMixLanguagesAsOftenAsAsked) {
  // Patient traces, whose many words leave no doubt about the mode.
  const std::string spec =
      R"({"task": "countdown", "malformed": 0, "skip_check": 0, "hasty": 0, "give_up": 0})";
  int same = 0, other = 0, mixed = 0;
  share(spec, [&](const std::string& text, const Problem& problem) {
    const bool chinese = !is_ascii(text);
    const bool english = has(text, "try") || has(text, "no") || has(text, "yes");
    if (chinese && english) return ++mixed;
    return (problem.row["language"] == "zh") == chinese ? ++same : ++other;
  });
  // A mixed trace that hits at once has two words, and looks pure half of the time.
  EXPECT_NEAR(double(same) / kTraces, 0.3, 0.06);
  EXPECT_NEAR(double(other) / kTraces, 0.2, 0.06);
  EXPECT_NEAR(double(mixed) / kTraces, 0.5, 0.06);
}

TEST(Countdown, UncheckedTracesHaveNoVerdict) {
  const auto unchecked = [](const std::string& text, const Problem&) {
    return !has(text, " no") && !has(text, " yes") && !has(text, "\u4e0d") && !has(text, "\u5bf9");
  };
  EXPECT_NEAR(share(R"({"task": "countdown", "malformed": 0})", unchecked), 0.15, kSlack);
  EXPECT_EQ(share(R"({"task": "countdown", "malformed": 0, "skip_check": 0})", unchecked), 0);
  // One block or two: one or two first choices, and the answer is the last leaf.
  share(R"({"task": "countdown", "malformed": 0, "skip_check": 1, "languages": ["en"]})",
        [&](const std::string& text, const Problem&) {
          const std::vector<std::string> items = test::items_of(text);
          const auto choices = std::count(items.begin(), items.end(), "try");
          EXPECT_TRUE(choices == 1 || choices == 2) << text;
          EXPECT_TRUE(has(text, " so</think>")) << text;
          return true;
        });
}

TEST(Countdown, MostTracesGiveUpEarly) {
  const auto stops = [](const std::string& text, const Problem&) { return has(text, "stop</think>"); };
  const std::string base = R"({"task": "countdown", "malformed": 0, "skip_check": 0, "languages": ["en"])";
  EXPECT_EQ(share(base + R"(, "hasty": 0, "give_up": 0})", stops), 0);
  // What does not hit in its first block stops there.
  EXPECT_NEAR(share(base + R"(, "hasty": 1, "hasty_give_up": 1})",
                    [](const std::string& text, const Problem&) {
                      const std::vector<std::string> items = test::items_of(text);
                      return std::count(items.begin(), items.end(), "try") == 1;
                    }),
              1, 0);
  EXPECT_GT(share(base + "}", stops), 0.5);
}

TEST(Countdown, WhoGivesUpAnswersWrongAndWhoHitsAnswersRight) {
  share(R"({"task": "countdown", "malformed": 0, "skip_check": 0, "languages": ["en"]})",
        [](const std::string& text, const Problem& problem) {
          std::vector<int> used;
          size_t at = 0;
          const int value =
              test::evaluate(test::items_of(test::between(text, "<answer>", "</answer>")), at, used);
          EXPECT_EQ(value == problem.row["target"], has(text, "yes</think>")) << text;
          EXPECT_EQ(used.size(), 3u);
          return true;
        });
}

TEST(Countdown, NoTraceOfTheTrainingSplitShowsHeldOutNumbers) {
  std::set<std::multiset<int>> held_out;
  const auto numbers_of = [](const Problem& problem) {
    std::multiset<int> numbers;
    for (const int number : problem.row["numbers"]) numbers.insert(number);
    return numbers;
  };
  const Dataset hidden = test::dataset(R"({"task": "countdown", "split": "held_out"})");
  for (uint64_t i = 0; i < hidden.size(); ++i) held_out.insert(numbers_of(hidden.problem(i)));
  const Dataset train = test::dataset(R"({"task": "countdown"})");
  for (uint64_t k = 0; k < 3 * train.size(); ++k)
    EXPECT_FALSE(held_out.contains(numbers_of(train.draw(1, k))));
}

TEST(Countdown, BadOptionsAreNamed) {
  test::expect_says([&] { test::dataset(R"({"task": "countdown", "malformed": 1.5})"); },
                    {"malformed", "1.5", "from 0 to 1"});
  test::expect_says(
      [&] { test::dataset(R"({"task": "countdown", "same_language": 0.7, "other_language": 0.5})"); },
      {"other_language", "0.5", "same_language"});
  test::expect_says([&] { test::dataset(R"({"task": "countdown", "max_numbr": 9})"); },
                    {"max_numbr", "max_number"});
  test::expect_says([&] { test::dataset(R"({"task": "countdwn"})"); }, {"countdwn", "countdown"});
  test::expect_says([&] { test::dataset(R"({"task": "countdown", "max_number": 1, "min_target": 90})"); },
                    {"no problem"});
}

}  // namespace
}  // namespace hone
