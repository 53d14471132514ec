#include "rl/stage_table.h"

#include <gtest/gtest.h>

#include <fstream>

#include "core/error.h"
#include "tests/core/temp_folder.h"

namespace hone {
namespace {

const Json kRecipe =
    Json::parse(R"({"stages": [{"name": "zero", "type": "grpo"}, {"name": "cold", "type": "sft"},
                                                {"name": "later", "type": "grpo"}]})");

Json step(const std::string& stage, int64_t step, double accuracy) {
  return {{"stage", stage},
          {"step", step},
          {"reward/accuracy/mean", accuracy},
          {"response_length/mean", 10.0 * double(step)},
          {"time/step_s", 2.0},
          {"tokens/sampled", 1000},
          {"tokens/trained", 500}};
}

TEST(StageTable, WithoutEvaluationsTakesTheEndsOfTraining) {
  std::vector<Json> metrics;
  for (int64_t i = 1; i <= 20; ++i) metrics.push_back(step("zero", i, double(i)));
  const auto stages = summarize_stages(kRecipe, metrics);
  ASSERT_EQ(stages.size(), 1u) << "stages that have not begun are left out";
  EXPECT_EQ(stages[0].name, "zero");
  EXPECT_FALSE(stages[0].held_out);
  EXPECT_EQ(stages[0].steps, 20);
  EXPECT_EQ(stages[0].accuracy.before, 3.0);
  EXPECT_EQ(stages[0].accuracy.after, 18.0);
  EXPECT_EQ(stages[0].length.after, 180.0);
  EXPECT_FALSE(stages[0].language.before);
  EXPECT_EQ(stages[0].seconds, 40.0);
  EXPECT_EQ(stages[0].tokens_sampled, 20000);
  EXPECT_EQ(stages[0].tokens_trained, 10000);
}

TEST(StageTable, EvaluationsTakePrecedence) {
  const auto eval = [](int64_t step, double accuracy) {
    return Json{{"stage", "cold"},
                {"step", step},
                {"eval/held_out/avg@4", accuracy},
                {"eval/held_out/avg@4/se", 0.01},
                {"eval/held_out/response_length/mean", 50},
                {"eval/held_out/reward/language_consistency/mean", accuracy / 2},
                {"eval/held_out/reward/format/mean", 0.9},
                {"time/eval_s", 1.5}};
  };
  Json last = step("cold", 2, 0.1);
  last.update(eval(2, 0.8));
  const auto stages = summarize_stages(kRecipe, {eval(0, 0.2), step("cold", 1, 0.0), last});
  ASSERT_EQ(stages.size(), 1u);
  EXPECT_TRUE(stages[0].held_out);
  EXPECT_EQ(stages[0].accuracy.before, 0.2);
  EXPECT_EQ(stages[0].accuracy.after, 0.8);
  EXPECT_EQ(stages[0].language.after, 0.4);
  EXPECT_EQ(stages[0].format.after, 0.9);
  EXPECT_EQ(stages[0].seconds, 7.0);
  EXPECT_EQ(stage_table_text(stages),
            "stage  type  steps  accuracy        length  format  language        time  sampled  trained\n"
            "cold   sft   2      0.200 -> 0.800  50.0    0.900   0.100 -> 0.400  0:07  2.00k    1.00k\n");
}

TEST(StageTable, StandsOddLines) {
  const auto stages = summarize_stages(
      Json::parse(R"({"stages": [1, {"name": "zero"}]})"),
      {{{"stage", "zero"}, {"step", "x"}}, {{"stage", 3}}, {{"stage", "zero"}, {"loss", nullptr}}});
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(stages[1].steps, 0);
  EXPECT_TRUE(summarize_stages(Json::object(), {}).empty());
}

TEST(LoadMetrics, LeavesOutALineThatIsCutShort) {
  const TempFolder temp;
  std::ofstream(temp / "m") << "{\"step\": 1}\n{\"step\": 2}\n{\"st";
  EXPECT_EQ(load_metrics(temp / "m").size(), 2u);
  std::ofstream(temp / "m") << "{\"st";
  EXPECT_TRUE(load_metrics(temp / "m").empty());
  std::ofstream(temp / "m") << "{}\n[1]\n";
  EXPECT_THROW(load_metrics(temp / "m"), InputError);
}

}  // namespace
}  // namespace hone
