// Brute force over all ways to combine the numbers; the defaults take a few milliseconds.
#include "datasets/countdown_problems.h"

#include <algorithm>
#include <bitset>

namespace hone {
namespace {

using Targets = std::bitset<kMaxValue + 1>;

/// Adds every result that uses all of values[0, n).
void add_targets(const std::vector<int>& values, const std::string& operators, Targets& targets) {
  if (values.size() == 1) targets.set(size_t(values[0]));
  for (size_t i = 0; i < values.size(); ++i) {
    for (size_t j = i + 1; j < values.size(); ++j) {
      std::vector<int> rest = {0};
      for (size_t k = 0; k < values.size(); ++k)
        if (k != i && k != j) rest.push_back(values[k]);
      for (const char op : operators) {
        rest[0] = combine(op, values[i], values[j]);
        if (rest[0] >= 0 && rest[0] <= kMaxValue) add_targets(rest, operators, targets);
      }
    }
  }
}

/// The next multiset in lexicographic order; false after the last.
bool advance(std::vector<int>& numbers, int max_number) {
  size_t i = numbers.size();
  while (i > 0 && numbers[i - 1] == max_number) --i;
  if (i == 0) return false;
  std::fill(numbers.begin() + long(i) - 1, numbers.end(), numbers[i - 1] + 1);
  return true;
}

}  // namespace

CountdownOptions read_countdown(Fields& options) {
  CountdownOptions result;
  result.numbers = options.get("numbers", int64_t{3}, between(3, 4));
  result.max_number = options.get("max_number", int64_t{9}, between(1, result.numbers == 3 ? kMaxValue : 20));
  result.min_target = options.get("min_target", int64_t{1}, between(0, kMaxValue));
  result.max_target =
      options.get("max_target", int64_t{kMaxValue}, between(double(result.min_target), kMaxValue));
  result.operators = options.get("operators", std::string("+-*"));
  const std::string& operators = result.operators;
  for (size_t i = 0; i < operators.size(); ++i)
    if (std::string("+-*/").find(operators[i]) == std::string::npos || operators.find(operators[i]) != i)
      throw options.error("operators",
                          concat("got \"", operators, "\", expected some of + - * /, each once"));
  if (operators.empty()) throw options.error("operators", "got \"\", expected some of + - * /");
  result.languages = read_languages(options);
  result.split = read_split(options);
  return result;
}

std::vector<CountdownProblem> enumerate_countdown(const CountdownOptions& options) {
  struct Hashed {
    uint64_t hash;
    CountdownProblem problem;
  };
  std::vector<Hashed> found;
  std::vector<int> numbers(size_t(options.numbers), 1);
  do {
    if (!in_split(options.split, identity_of(numbers))) continue;
    Targets targets;
    add_targets(numbers, options.operators, targets);
    for (int target = int(options.min_target); target <= int(options.max_target); ++target)
      if (targets[size_t(target)])
        found.push_back({mix(identity_of(numbers), uint64_t(target)), {numbers, target}});
  } while (advance(numbers, int(options.max_number)));
  std::sort(found.begin(), found.end(), [](const Hashed& a, const Hashed& b) { return a.hash < b.hash; });
  std::vector<CountdownProblem> problems;
  for (Hashed& entry : found) problems.push_back(std::move(entry.problem));
  return problems;
}

int combine(char op, int a, int b) {
  const int larger = std::max(a, b), smaller = std::min(a, b);
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return larger - smaller;
    case '*':
      return a * b;
    case '/':
      return smaller > 0 && larger % smaller == 0 ? larger / smaller : -1;
  }
  throw Error(concat("combine: operator '", op, "', expected + - * /"));
}

std::string countdown_prompt(const std::vector<int>& numbers, int target, Language language) {
  std::string text = concat(text_of(Word::kMake, language), ' ', target, ' ', text_of(Word::kFrom, language));
  for (const int number : numbers) text += concat(' ', number);
  return text + " :";
}

std::vector<int> reorder(std::vector<int> numbers, uint64_t variant) {
  PhiloxStream stream(mix(identity_of(numbers), variant));
  for (size_t i = numbers.size(); i > 1; --i) std::swap(numbers[i - 1], numbers[stream.below(uint32_t(i))]);
  return numbers;
}

}  // namespace hone
