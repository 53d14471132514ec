#include "rl/rollout_log.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "core/files.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

ScoredGroup sample_group() {
  ScoredGroup group;
  group.group.prompt = {
      .problem = {.id = 7, .text = "3 5", .row = {}}, .text = "make 8 from 3 5 :", .ids = {1, 2}};
  group.group.rollouts = {
      {.ids = {4, 5, 6}, .logprobs = {-1, -1, -1}, .text = "3 + 5", .policy_version = 9},
      {.ids = {4}, .logprobs = {-1}, .text = "\xff", .finish_reason = FinishReason::kLength}};
  group.rules = {"accuracy", "format"};
  group.by_rule = {{{1, "equal"}, {0, nullptr}}, {{1, nullptr}, {0.5, nullptr}}};
  group.rewards = {2, 0.5};
  return group;
}

std::vector<Json> read(const std::filesystem::path& path, bool whole = true) {
  std::vector<Json> out;
  EXPECT_EQ(for_each_rollout(path, [&](const Json& line) { out.push_back(line); }), whole);
  return out;
}

TEST(RolloutLog, HoldsWhatHappenedToEveryCompletion) {
  const TempFolder temp;
  const std::vector<double> advantages{0.7, -0.7};
  std::ofstream(temp / "zero.jsonl.zst") << compress_frame(rollout_lines(3, sample_group(), advantages));
  const auto lines = read(temp / "zero.jsonl.zst");
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], Json::parse(R"({"step": 3, "problem": 7, "rollout": 0, "prompt": "make 8 from 3 5 :",
      "completion": "3 + 5", "tokens": 3, "finish_reason": "stop", "policy_version": 9,
      "rewards": {"accuracy": 1.0, "format": 1.0}, "detail": {"accuracy": "equal"}, "reward": 2.0, "advantage": 0.7})"));
  EXPECT_EQ(lines[1]["completion"], "\xef\xbf\xbd") << "what is not UTF-8 is replaced";
  EXPECT_EQ(lines[1]["finish_reason"], "length");
  EXPECT_THROW(rollout_lines(3, sample_group(), std::vector<double>{1}), Error);
}

TEST(RolloutLog, IsReadFrameByFrame) {
  const TempFolder temp;
  std::string log, big;
  for (int i = 0; i < 50000; ++i) big += "[" + std::to_string(i) + "]\n";
  for (const std::string& lines : {std::string("1\n2\n"), std::string(), big, std::string("3\n")}) {
    log += compress_frame(lines);
  }
  std::ofstream(temp / "log") << log;
  const auto lines = read(temp / "log");
  ASSERT_EQ(lines.size(), 50003u);
  EXPECT_EQ(lines[2][0], 0);
  EXPECT_EQ(lines.back(), 3);
}

TEST(RolloutLog, AFrameThatIsCutShortIsLeftOut) {
  const TempFolder temp;
  const std::string first = compress_frame("1\n"), second = compress_frame("2\n3\n");
  for (size_t cut = 1; cut < second.size(); ++cut) {
    std::ofstream(temp / "log", std::ios::binary) << first + second.substr(0, cut);
    ASSERT_EQ(read(temp / "log", false), std::vector<Json>{1}) << cut;
  }
}

TEST(RolloutLog, DamageIsAnInputErrorOrSeenAsACut) {
  const TempFolder temp;
  const std::string log = compress_frame("[1, 2, 3]\n[4]\n") + compress_frame("[5]\n");
  const std::vector<Json> good{{1, 2, 3}, {4}, {5}};
  int errors = 0;
  for (size_t bit = 0; bit < log.size() * 8; bit += 7) {
    std::string bad = log;
    bad[bit / 8] ^= char(1 << bit % 8);
    std::ofstream(temp / "log", std::ios::binary) << bad;
    std::vector<Json> lines;
    try {
      const bool whole = for_each_rollout(temp / "log", [&](const Json& line) { lines.push_back(line); });
      // Some bits of a frame's header say only how much memory to set aside.
      ASSERT_TRUE(lines == good || !whole || lines.size() < good.size()) << bit;
    } catch (const InputError&) {
      ++errors;
    }
  }
  EXPECT_GT(errors, int(log.size()) / 2);
  std::ofstream(temp / "log") << "not zstd at all";
  EXPECT_THROW(read(temp / "log"), InputError);
  EXPECT_THROW(read(temp / "absent"), InputError);
}

}  // namespace
}  // namespace hone
