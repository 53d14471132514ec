#include <algorithm>
#include <set>

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

/// Traces without haste, slips or defects.
std::string perfect(const std::string& name) {
  return R"({"task": ")" + name +
         R"(", "hasty": 0, "give_up": 0, "slip": 0, "malformed": 0, "languages": ["en"]})";
}

std::vector<int> numbers_in(const std::string& text) {
  std::vector<int> numbers;
  for (const std::string& item : test::items_of(text))
    if (isdigit(item[0])) numbers.push_back(std::stoi(item));
  return numbers;
}

/// Every perfect trace's answer block holds the row's answer.
void expect_perfect_answers(const std::string& name, uint64_t traces) {
  const Dataset dataset = test::dataset(perfect(name));
  for (uint64_t k = 0; k < traces; ++k) {
    const Example example = dataset.trace(1, k);
    const std::string text = test::text_of(example);
    EXPECT_TRUE(test::well_formed(text)) << text;
    EXPECT_EQ(test::between(text, "<answer> ", "</answer>"), example.problem.row["answer"]) << text;
  }
}

TEST(Families, PerfectTracesAnswerRight) {
  for (const char* name : {"chain_sum", "number_sorting", "base_conversion"})
    expect_perfect_answers(name, 500);
}

TEST(Families, DefaultTracesAreOfMixedQuality) {
  for (const std::string name : {"chain_sum", "number_sorting", "base_conversion"}) {
    const Dataset dataset = test::dataset(R"({"task": ")" + name + "\"}");
    int right = 0, formed = 0;
    for (uint64_t k = 0; k < 2000; ++k) {
      const Example example = dataset.trace(1, k);
      const std::string text = test::text_of(example);
      right += test::between(text, "<answer> ", "</answer>") == example.problem.row["answer"];
      formed += test::well_formed(text);
    }
    EXPECT_GT(right, 600) << name;
    EXPECT_LT(right, 1600) << name;
    EXPECT_NEAR(formed, 1400, 110) << name;
  }
}

TEST(Families, AnIndexAlwaysGivesTheSameProblem) {
  for (const std::string name : {"chain_sum", "number_sorting", "base_conversion", "parity", "drills"}) {
    const auto a = test::task(R"({"task": ")" + name + "\"}"), b = test::task(R"({"task": ")" + name + "\"}");
    for (const uint64_t index : {uint64_t{0}, uint64_t{3}, 5 * a->size() + 3}) {
      EXPECT_EQ(a->problem(index).id, index);
      EXPECT_EQ(a->problem(index).text, b->problem(index).text) << name;
      EXPECT_EQ(test::text_of(a->trace(9, index)), test::text_of(b->trace(9, index))) << name;
      EXPECT_EQ(a->trace(9, index).problem.text, a->problem(index).text) << name;
    }
  }
}

TEST(Families, SplitsShareNoProblem) {
  for (const std::string name : {"chain_sum", "number_sorting", "base_conversion", "parity"}) {
    const auto shown = [&](const char* split) {
      const auto task = test::task(R"({"task": ")" + name + R"(", "split": ")" + split + "\"}");
      std::set<std::vector<std::string>> result;
      for (uint64_t i = 0; i < 2000; ++i) {
        std::vector<std::string> items = test::items_of(task->problem(i).text);
        if (name != "parity") items.erase(items.begin());  // the word, which has two languages
        result.insert(items);
      }
      return result;
    };
    const auto train = shown("train");
    for (const std::vector<std::string>& items : shown("held_out"))
      EXPECT_FALSE(train.contains(items)) << name;
  }
}

TEST(Families, LanguagesAlternate) {
  for (const std::string name : {"chain_sum", "number_sorting", "base_conversion", "drills"}) {
    const auto task = test::task(R"({"task": ")" + name + "\"}");
    for (uint64_t i = 0; i + 1 < 10; ++i)
      EXPECT_NE(task->problem(i).row["language"], task->problem(i + 1).row["language"]) << name;
  }
}

TEST(ChainSum, TermsAndSumsStayInRange) {
  const auto task = test::task(R"({"task": "chain_sum"})");
  std::set<size_t> lengths;
  for (uint64_t i = 0; i < 1000; ++i) {
    const Problem problem = task->problem(i);
    const std::vector<int> terms = problem.row["terms"];
    int sum = 0;
    for (const int term : terms) {
      EXPECT_TRUE(std::abs(term) >= 1 && std::abs(term) <= 9);
      sum += term;
      EXPECT_TRUE(sum >= 0 && sum <= 99) << problem.text;
    }
    EXPECT_EQ(problem.row["answer"], std::to_string(sum));
    lengths.insert(terms.size());
  }
  EXPECT_EQ(lengths, (std::set<size_t>{4, 5}));
}

TEST(ChainSum, LayoutIsAsDocumented) {
  const auto task = test::task(perfect("chain_sum"));
  for (uint64_t i = 0; i < 50; ++i) {
    const Example example = task->trace(1, i);
    const std::vector<int> terms = example.problem.row["terms"];
    std::string prompt = "sum " + std::to_string(terms[0]), steps = "<think>";
    int sum = terms[0];
    for (size_t t = 1; t < terms.size(); ++t) {
      const std::string step = (terms[t] < 0 ? " - " : " + ") + std::to_string(std::abs(terms[t]));
      prompt += step;
      steps += (t > 1 ? " then " : " ") + std::to_string(sum) + step;
      steps += " = " + std::to_string(sum += terms[t]);
    }
    const std::string last = std::to_string(sum);
    EXPECT_EQ(example.problem.text, prompt + " :");
    EXPECT_EQ(test::text_of(example), steps + " so " + last + "</think><answer> " + last + "</answer>");
  }
}

TEST(NumberSorting, NumbersAreDifferentAndTheAnswerIsSorted) {
  const auto task = test::task(R"({"task": "number_sorting", "min_numbers": 3, "max_numbers": 7})");
  std::set<size_t> lengths;
  for (uint64_t i = 0; i < 1000; ++i) {
    const Problem problem = task->problem(i);
    std::vector<int> numbers = problem.row["numbers"];
    EXPECT_EQ(numbers, numbers_in(problem.text));
    std::sort(numbers.begin(), numbers.end());
    EXPECT_EQ(numbers, numbers_in(problem.row["answer"]));
    EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end());
    lengths.insert(numbers.size());
  }
  EXPECT_EQ(lengths, (std::set<size_t>{3, 4, 5, 6, 7}));
}

TEST(BaseConversion, AnswersAreBinary) {
  const auto task = test::task(R"({"task": "base_conversion", "split": "all"})");
  EXPECT_EQ(task->size(), 64u);
  for (uint64_t i = 0; i < 64; ++i) {
    const Problem problem = task->problem(i);
    const std::vector<int> bits = numbers_in(problem.row["answer"]);
    int value = 0;
    for (const int bit : bits) value = 2 * value + bit;
    EXPECT_EQ(value, problem.row["number"].get<int>());
    EXPECT_TRUE(bits[0] == 1 || bits.size() == 1) << "leading zero";
  }
}

TEST(BaseConversion, LayoutIsAsDocumented) {
  auto spec = perfect("base_conversion");
  spec.insert(spec.size() - 1, R"(, "split": "all")");
  EXPECT_EQ(test::text_of(test::task(spec)->trace(1, 5)),
            "<think> try 4 yes 1 try 2 no try 1 yes 0 so 1 0 1</think><answer> 1 0 1</answer>");
  EXPECT_EQ(test::text_of(test::task(spec)->trace(1, 0)), "<think> try 1 no so 0</think><answer> 0</answer>");
}

TEST(Parity, DemonstrationsAreAllPrefixesOrTheLast) {
  const Dataset dataset = test::dataset(R"({"task": "parity", "bits": 12})");
  int chains = 0;
  for (uint64_t k = 0; k < 4000; ++k) {
    const Example example = dataset.trace(1, k);
    const std::vector<int> bits = numbers_in(example.problem.text), said = numbers_in(test::text_of(example));
    ASSERT_EQ(bits.size(), 12u);
    ASSERT_EQ(bits, example.problem.row["bits"].get<std::vector<int>>());
    std::vector<int> prefixes;
    int parity = 0;
    for (const int bit : bits) prefixes.push_back(parity = (parity + bit) % 2);
    EXPECT_EQ(example.problem.row["answer"], std::to_string(parity));
    chains += said.size() > 1;
    EXPECT_EQ(said, said.size() > 1 ? prefixes : std::vector<int>{parity});
  }
  EXPECT_NEAR(chains, 1000, 140);  // p_cot 0.25
}

TEST(Parity, BothAnswersAreCommon) {
  const auto task = test::task(R"({"task": "parity", "split": "held_out"})");
  int ones = 0;
  for (uint64_t i = 0; i < 2000; ++i) ones += task->problem(i).row["answer"] == "1";
  EXPECT_NEAR(ones, 1000, 120);
}

TEST(Families, ASplitWithoutProblemsIsAnErrorNotALoop) {
  const auto attempt = [] {
    // Single bits: both fall on one side for some share.
    for (const char* share : {"0.01", "0.02", "0.05"})
      test::dataset(R"({"task": "parity", "bits": 1, "split": "held_out", "held_out": )" +
                    std::string(share) + "}");
  };
  test::expect_says([&] { attempt(); }, {"recipe.json:1", "held_out", "without a problem"});
}

TEST(Families, BadOptionsAreNamed) {
  test::expect_says([&] { test::dataset(R"({"task": "chain_sum", "min_terms": 5, "max_terms": 4})"); },
                    {"max_terms", "4", "5"});
  test::expect_says([&] { test::dataset(R"({"task": "number_sorting", "size": 0})"); }, {"size", "0"});
  test::expect_says([&] { test::dataset(R"({"task": "parity", "languages": ["en"]})"); },
                    {"languages", "unknown key"});
  test::expect_says([&] { test::dataset(R"({"task": "parity", "p_cot": 2})"); }, {"p_cot", "2"});
}

}  // namespace
}  // namespace hone
