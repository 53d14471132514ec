// Every rule on completions that are made to break it: each is judged, in time that grows no faster than the text. Prints what a
// megabyte costs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <iostream>
#include <map>

#include "tests/rewards/score_helper.h"

namespace hone {
namespace {

std::string repeated(const std::string& piece, size_t size) {
  std::string text;
  while (text.size() < size) text += piece;
  text.resize(size);
  return text;
}

/// Different words, so that nothing is found in a cache.
std::string many_words(size_t size) {
  std::string text;
  for (uint32_t i = 0, state = 1; text.size() < size; ++i) {
    state = state * 1664525u + 1013904223u;
    for (uint32_t rest = state >> 8; rest > 0; rest /= 26) text += static_cast<char>('a' + rest % 26);
    text += ' ';
  }
  return text;
}

std::map<std::string, std::string> hostile_texts(size_t size) {
  std::map<std::string, std::string> all = {
      {"different words", many_words(size)},
      {"one word", repeated("a", size)},
      {"white space", repeated(" \n\t", size)},
      {"NUL bytes", std::string(size, '\0')},
      {"broken UTF-8", repeated("\xFF\xC3\xE4\xBD", size)},
      {"Han", repeated("\u6240\u4EE5\u8BD5", size)},
      {"kana", repeated("\u305D\u3057\u3066", size)},
      {"marks", "a" + repeated("\u0301\u0323", size)},
      {"think tags", repeated("<think></think>", size)},
      {"answer tags", repeated("<answer></answer>", size)},
      {"angles", repeated("<", size)},
      {"brackets", repeated("[{", size)},
      {"dollars", repeated("$a$ $", size)},
      {"ticks", repeated("`a ", size)},
      {"backslashes", repeated("\\(\\", size)},
      {"steps", repeated("\n- Step 1: First,", size)},
      {"letters", repeated("A, ", size)},
      {"capitals", repeated("Ab ", size)},
      {"apostrophes", repeated("a'", size)},
      {"end tokens", repeated("</s>", size)},
      {"JSON array", "[" + repeated("1,", size) + "1]"},
      {"JSON strings", "[" + repeated("\"a\",", size / 4 * 4) + "1]"},
      {"repeats", repeated("so it is ", size)},
  };
  all["in an answer"] = "<answer>" + many_words(size) + "</answer>";
  all["letters in an answer"] = "<answer>" + repeated("A, ", size) + "A</answer>";
  all["marks in an answer"] = "<answer>a" + repeated("\u0301\u0323", size) + "</answer>";
  return all;
}

const std::map<std::string, std::string> kRules = {
    {"format", R"({"rule": "format"})"},
    {"tag_count", R"({"rule": "tag_count"})"},
    {"reasoning_steps", R"({"rule": "reasoning_steps", "steps": 1000000})"},
    {"choice", R"({"rule": "choice"})"},
    {"exact_match", R"({"rule": "exact_match", "ignore_case": true, "ignore_punctuation": true})"},
    {"json_schema",
     R"({"rule": "json_schema", "schema": {"items": {"type": ["integer", "string"]}, "uniqueItems": true}})"},
    {"repetition", R"({"rule": "repetition", "n": 40})"},
    {"language (en)", R"({"rule": "language_consistency", "language": "en"})"},
    {"language (ja)", R"({"rule": "language_consistency", "language": "ja"})"},
    {"overlong", R"({"rule": "overlong", "max_length": 9, "cache_length": 3, "unit": "characters"})"},
    {"pattern", R"x({"rule": "pattern", "pattern": "(\\w+) (\\w+)", "per_match": 1, "max_matches": 100})x"},
};

/// Of the processor: what else the machine does does not count.
double seconds(const RewardSet& set, const std::string& completion) {
  const Rollout rollout = rollout_of({completion});
  const Problem problem{1, "q", {{"answer", "B"}, {"options", {"x", "y"}}}};
  double best = INFINITY;
  for (int round = 0; round < 2; ++round) {
    const std::clock_t start = std::clock();
    const Reward reward = set.score_one({problem, "q", rollout, {&rollout, 1}}).front();
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    EXPECT_TRUE(std::isfinite(reward.value));
  }
  return best;
}

TEST(SlowHostileRules, TimeGrowsNoFasterThanTheText) {
  constexpr size_t kSmall = 100'000, kLarge = 1'000'000;
  const auto small = hostile_texts(kSmall), large = hostile_texts(kLarge);
  for (const auto& [name, rule] : kRules) {
    const RewardSet set = reward_set("[" + rule + "]");
    double slowest = 0;
    std::string slowest_text;
    for (const auto& [kind, text] : large) {
      const double time = seconds(set, text);
      if (time > slowest) slowest = time, slowest_text = kind;
      // Ten times the text: linear work takes ten times as long, quadratic a hundred. 20 ms are for the machine's own moods.
      EXPECT_LE(time, 40 * seconds(set, small.at(kind)) + 0.02) << name << " on " << kind;
    }
    std::cout << name << ": at most " << slowest * 1e3 << " ms a MB (" << slowest_text << ")\n";
  }
}

}  // namespace
}  // namespace hone
