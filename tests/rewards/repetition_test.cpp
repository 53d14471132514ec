#include "rewards/repetition.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <sstream>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

TEST(Repetition, IsTheShareOfRepeatedGrams) {
  EXPECT_EQ(repetition("", 2), 0.0);
  EXPECT_EQ(repetition("a b", 3), 0.0);
  EXPECT_EQ(repetition("a b c d", 1), 0.0);
  EXPECT_EQ(repetition("a a a a", 1), 0.75);
  EXPECT_EQ(repetition("a b a b a b", 2), 1.0 - 2.0 / 5.0);
  EXPECT_EQ(repetition("A b a B a\tb", 2), 1.0 - 2.0 / 5.0);
  EXPECT_EQ(repetition("a b c a b d a b e", 3), 0.0);
  EXPECT_EQ(repetition("\u6240\u4EE5\u6240\u4EE5", 2), 1.0 - 2.0 / 3.0);
  EXPECT_EQ(repetition("\u305D\u3057\u305D\u3057", 1), 0.5);
}

/// open-r1's zipngram: 1 - len(set) / total over lower-cased, white-space separated words.
double slow_repetition(const std::string& text, size_t n) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  if (words.size() < n) return 0.0;
  std::set<std::vector<std::string>> different;
  const size_t total = words.size() - n + 1;
  for (size_t i = 0; i < total; ++i)
    different.insert(
        {words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i + n)});
  return 1.0 - static_cast<double>(different.size()) / static_cast<double>(total);
}

TEST(Repetition, AgreesWithOpenR1OnRandomWords) {
  uint32_t state = 1;
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < round % 60; ++i) {
      state = state * 1664525u + 1013904223u;
      text +=
          std::string(1, static_cast<char>('a' + (state >> 24) % 4)) + ((state >> 20) % 3 == 0 ? "\n" : " ");
    }
    for (size_t n = 1; n <= 5; ++n)
      EXPECT_EQ(repetition(text, static_cast<int>(n)), slow_repetition(text, n)) << text;
  }
}

TEST(RepetitionRule, PaysItsShareOfThePenalty) {
  EXPECT_EQ(score(R"({"rule": "repetition", "n": 1, "max_penalty": -2})", {"a a a a"}).value, -1.5);
  EXPECT_EQ(score(R"({"rule": "repetition_penalty", "ngram_size": 1, "max_penalty": -2})", {"a a a a"}).value,
            -1.5);
  EXPECT_FALSE(std::signbit(score(R"({"rule": "repetition"})", {"a"}).value));
  EXPECT_THROW(score(R"({"rule": "repetition", "n": 0})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "repetition", "n": 2, "ngram_size": 2})", {""}), InputError);
  EXPECT_THROW(score(R"({"rule": "repetition", "max_penalty": 1})", {""}), InputError);
}

}  // namespace
}  // namespace hone
