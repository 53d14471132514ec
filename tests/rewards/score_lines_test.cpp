#include "rewards/score_lines.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace hone {
namespace {

std::string scored(const std::string& lines, const std::string& spec, ScoreOptions options = {}) {
  std::istringstream in(lines);
  std::ostringstream out;
  score_lines(in, out, load_reward_spec(spec), options);
  return out.str();
}

TEST(ScoreLines, KeepsTheLineAndAddsTheRewards) {
  const std::string line =
      R"({"id": 12345678901234567890123, "completion": "<answer>4</answer>", "answer": "4", "x": 1.50})";
  EXPECT_EQ(
      scored(line, "exact_match"),
      R"({"id": 12345678901234567890123, "completion": "<answer>4</answer>", "answer": "4", "x": 1.50,)"
      R"("rewards":{"exact_match":1.0},"reward":1.0,"detail":{"exact_match":{"answer":"4","at":[8,9],"from":"tag","verdict":"correct"}}})"
      "\n");
}

TEST(ScoreLines, ReplacesRewardsThatWereThere) {
  const std::string out = scored(R"({"completion": "a", "reward": 9, "rewards": {"x": 1}, "detail": {}})"
                                 "\n",
                                 R"({"rule": "pattern", "pattern": "a"})");
  EXPECT_EQ(
      out,
      R"({"completion":"a","rewards":{"pattern":1.0},"reward":1.0,"detail":{"pattern":{"match":"a","verdict":"holds"}}})"
      "\n");
}

TEST(ScoreLines, SameBytesForAnyNumberOfThreadsAndBatches) {
  std::string lines;
  for (int i = 0; i < 500; ++i) {
    lines += R"({"completion": "<answer>)" + std::to_string(i % 3) + R"(</answer>", "answer": 1, "ids": [)" +
             (i % 2 ? "1,2" : "1") + R"(], "group": )" + std::to_string(i / 4) + "}\n\n";
  }
  const std::string spec = R"([{"rule": "exact_match"}, {"rule": "length"}, {"rule": "format"}])";
  const std::string one = scored(lines, spec, {"f", 1, 1000});
  EXPECT_NE(one.find("\"length\":0.5"), std::string::npos);
  for (const ScoreOptions& options :
       {ScoreOptions{"f", 2, 1000}, ScoreOptions{"f", 3, 7}, ScoreOptions{"f", 0, 1}}) {
    EXPECT_EQ(scored(lines, spec, options), one);
  }
}

void expect_error(const std::string& lines, const std::string& message) {
  std::istringstream in(lines);
  std::ostringstream out;
  try {
    score_lines(in, out, load_reward_spec("exact_match"), {"f.jsonl"});
    FAIL() << message;
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find(message), std::string::npos) << e.what();
  }
  EXPECT_EQ(std::count(out.view().begin(), out.view().end(), '\n'), 1) << "the line before it is written";
}

TEST(ScoreLines, BadLinesAreNamedAfterTheGoodOnesBeforeThem) {
  const std::string good = R"({"completion": "a", "answer": "a"})"
                           "\n";
  expect_error(good + "\n{\"completion\": \n" + good, "f.jsonl:3:");
  expect_error(good + "[1]\n" + good, "f.jsonl:2: got array, expected an object");
  expect_error(good + R"({"answer": "a"})", "f.jsonl:2: \"completion\" is missing");
  expect_error(good + R"({"completion": 3})", "f.jsonl:2: completion: got 3, expected a string");
  expect_error(good + R"({"completion": "a", "finish_reason": "eos"})",
               "f.jsonl:2: finish_reason: got \"eos\"");
  expect_error(good + R"({"completion": "a"})", "f.jsonl:2: reward rule \"exact_match\"");
  expect_error(good + "{\"completion\": \"\xFF\"}", "f.jsonl:2:");
}

TEST(ScoreLines, OddFilesAreReadOrNamed) {
  const std::string good = R"({"completion": "a", "answer": "a"})";
  const std::string plain = scored(good + "\n" + good + "\n", "exact_match");
  EXPECT_EQ(scored("\xef\xbb\xbf" + good + "\r\n\r\n \n" + good, "exact_match"), plain)
      << "a byte order mark, CRLF, blank lines, no newline at the end";
  EXPECT_EQ(scored("", "exact_match"), "");
  expect_error(good + "\n{\"completion\": \"a\xff\", \"answer\": 1}\n", "f.jsonl:2:18: not UTF-8: byte 0xff");
  expect_error(good + "\n{\"completion\": \"a\"\n", "f.jsonl:2:19: syntax error");
  expect_error(good + "\n" + R"({"completion": "a", "answer": 1, "ids": [1, 99999999999]})",
               "ids: got 99999999999");
  expect_error(good + "\n" + R"({"completion": "a", "answer": 1, "ids": [-1]})", "ids: got -1");
  const std::string deep =
      R"({"completion": "a", "answer": 1, "x": )" + std::string(200000, '[') + std::string(200000, ']') + "}";
  expect_error(good + "\n" + deep, "f.jsonl:2: nested over 256 levels deep");
}

TEST(RewardSpec, IsANameAListAFileOrARecipe) {
  const std::string line = R"({"completion": "ab"})"
                           "\n";
  const auto reward = [&](const std::string& spec) {
    return Json::parse(scored(line, spec))["reward"].get<double>();
  };
  EXPECT_EQ(reward("repetition"), 0.0);
  EXPECT_EQ(reward(R"([{"rule": "pattern", "pattern": "a", "weight": 3}])"), 3.0);
  EXPECT_EQ(reward(R"({"rewards": [{"rule": "pattern", "pattern": "a", "weight": 4}]})"), 4.0);
  const auto path = std::filesystem::path(testing::TempDir()) / "rewards_recipe.json";
  std::ofstream(path)
      << R"({"name": "r", "stages": [{"name": "one", "rewards": [{"rule": "pattern", "pattern": "a", "weight": 5}]},
      {"name": "two", "rewards": [{"rule": "pattern", "pattern": "b", "weight": 6}]}, {"name": "three"}]} // a comment)";
  EXPECT_EQ(reward(path.string()), 6.0);
  std::istringstream in(line);
  std::ostringstream out;
  score_lines(in, out, load_reward_spec(path.string(), "one"), {});
  EXPECT_NE(out.str().find("\"reward\":5.0"), std::string::npos);
}

TEST(RewardSpec, WhatItIsNotIsNamed) {
  EXPECT_THROW(load_reward_spec("countdwn"), InputError);
  EXPECT_THROW(load_reward_spec("[]"), InputError);
  EXPECT_THROW(load_reward_spec("{}"), InputError);
  EXPECT_THROW(load_reward_spec("[1]"), InputError);
  EXPECT_THROW(load_reward_spec(R"({"stages": []})"), InputError);
  EXPECT_THROW(load_reward_spec(R"({"rule": "format", "typo": 1})"), InputError);
}

}  // namespace
}  // namespace hone
