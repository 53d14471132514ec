#include "datasets/dataset.h"

#include <map>
#include <set>

#include "tests/datasets/helpers.h"

namespace hone {
namespace {

TEST(Dataset, APassShowsEveryProblemOnceInItsOwnOrder) {
  const Dataset dataset = test::dataset(R"({"task": "countdown", "split": "held_out"})");
  std::vector<std::vector<uint64_t>> passes(2);
  for (uint64_t k = 0; k < 2 * dataset.size(); ++k)
    passes[k / dataset.size()].push_back(dataset.draw(7, k).id % dataset.size());
  EXPECT_NE(passes[0], passes[1]);
  for (const std::vector<uint64_t>& pass : passes)
    EXPECT_EQ(std::set<uint64_t>(pass.begin(), pass.end()).size(), dataset.size());
}

TEST(Dataset, DrawsDependOnSeedAndNumberAlone) {
  const std::string spec =
      R"({"mixture": [{"weight": 1, "task": "countdown"}, {"weight": 2, "task": "chain_sum"}]})";
  const Dataset a = test::dataset(spec), b = test::dataset(spec);
  int same = 0;
  for (uint64_t k = 200; k-- > 0;) {  // in another order
    EXPECT_EQ(a.draw(1, k).text, b.draw(1, k).text);
    EXPECT_EQ(test::text_of(a.trace(1, k)), test::text_of(b.trace(1, k)));
    EXPECT_EQ(a.trace(1, k).problem.text, a.draw(1, k).text);
    same += a.draw(1, k).text == a.draw(2, k).text;
  }
  EXPECT_LT(same, 20);
}

TEST(Dataset, MixturesKeepTheirWeights) {
  const Dataset dataset = test::dataset(R"({"mixture": [
      {"weight": 0.6, "task": "countdown"}, {"weight": 0.3, "task": "chain_sum"},
      {"weight": 0.1, "task": "parity"}]})");
  std::map<std::string, int> counts;
  std::string first;
  for (uint64_t k = 0; k < 2000; ++k) {
    const std::string task = dataset.draw(1, k).row["task"];
    ++counts[task];
    if (k < 40) first += task[0] == 'p' ? 'p' : task[1];
  }
  EXPECT_EQ(counts["countdown"], 1200);
  EXPECT_EQ(counts["chain_sum"], 600);
  EXPECT_EQ(counts["parity"], 200);
  EXPECT_NE(first.find_first_of("hp"), std::string::npos) << "not mixed: " << first;
  EXPECT_NE(first.find('o'), std::string::npos) << "not mixed: " << first;
}

TEST(Dataset, PartsOfAMixtureSkipNothing) {
  const Dataset dataset = test::dataset(R"({"mixture": [
      {"weight": 1, "task": "countdown", "split": "held_out"}, {"weight": 1, "task": "chain_sum"}]})");
  const uint64_t size = test::dataset(R"({"task": "countdown", "split": "held_out"})").size();
  std::map<uint64_t, int> times;
  // 1000 draws of countdown in 2000, so each problem two or three times.
  for (uint64_t k = 0; k < 2000; ++k) {
    const Problem problem = dataset.draw(1, k);
    if (problem.row["task"] == "countdown") ++times[problem.id % size];
  }
  EXPECT_EQ(times.size(), size);
  for (const auto& [id, count] : times) EXPECT_TRUE(count == 2 || count == 3) << id << ": " << count;
}

TEST(Dataset, AMixtureIsTheSumOfItsPartsAndMayNest) {
  const Dataset dataset = test::dataset(R"({"mixture": [
      {"weight": 1, "task": "base_conversion", "split": "all"},
      {"weight": 1, "mixture": [{"weight": 1, "task": "parity", "size": 10},
                                {"weight": 1, "task": "chain_sum", "size": 5}]}]})");
  ASSERT_EQ(dataset.size(), 79u);
  EXPECT_EQ(dataset.problem(63).row["task"], "base_conversion");
  EXPECT_EQ(dataset.problem(64).row["task"], "parity");
  EXPECT_EQ(dataset.problem(78).row["task"], "chain_sum");
  EXPECT_THROW(dataset.problem(79), Error);
}

TEST(Dataset, BadSpecsAreNamed) {
  test::expect_says([&] { test::dataset("{}"); }, {"recipe.json:1", "task", "file", "mixture"});
  test::expect_says([&] { test::dataset(R"({"task": "parity", "file": "x.jsonl"})"); }, {"2 of"});
  test::expect_says([&] { test::dataset(R"({"mixture": []})"); }, {"mixture", "empty"});
  test::expect_says([&] { test::dataset(R"({"mixture": [{"task": "parity"}]})"); }, {"weight"});
  test::expect_says([&] { test::dataset(R"({"mixture": [{"task": "parity", "weight": 0}]})"); },
                    {"weight", "0"});
  test::expect_says(
      [&] {
        test::dataset(
            R"({"mixture": [{"task": "parity", "weight": 1}, {"task": "parity", "weight": 1e-6}]})");
      },
      {"mixture", "part 1", "thousandth"});
  test::expect_says(
      [&] { test::dataset("{\"mixture\": [\n{\"task\": \"parity\", \"weight\": 1, \"wait\": 1}]}"); },
      {"recipe.json:2", "wait", "unknown key"});
  test::expect_says([&] { test::dataset(R"({"task": "parity", "weight": 1})"); }, {"weight", "unknown key"});
}

}  // namespace
}  // namespace hone
