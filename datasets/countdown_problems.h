// Countdown, enumerated: every multiset of numbers with every target that it reaches, split by multiset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/split.h"
#include "datasets/words.h"

namespace hone {

inline constexpr int kMaxValue = 99;  // larger results are "big" and lead nowhere

struct CountdownOptions {
  int64_t numbers = 3;     // 3 or 4
  int64_t max_number = 9;  // numbers are from 1 to this
  int64_t min_target = 1, max_target = kMaxValue;
  std::string operators = "+-*";  // in the order in which the search tries them; also /
  std::vector<Language> languages;
  SplitOptions split;
};

CountdownOptions read_countdown(Fields& options);

struct CountdownProblem {
  std::vector<int> numbers;  // ascending
  int target = 0;
};

/// All problems of the split that have a solution, in an order by hash, so that any first part is a fair
/// sample.
std::vector<CountdownProblem> enumerate_countdown(const CountdownOptions& options);

/// The result of two numbers; the larger stands first in differences and quotients. -1: a quotient that is
/// not whole. May be over kMaxValue.
int combine(char op, int a, int b);

/// `make 24 from 3 5 9 :`
std::string countdown_prompt(const std::vector<int>& numbers, int target, Language language);

/// The numbers in the order that the `variant`-th wording of a problem gives them.
std::vector<int> reorder(std::vector<int> numbers, uint64_t variant);

}  // namespace hone
