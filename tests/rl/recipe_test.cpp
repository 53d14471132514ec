#include "rl/recipe.h"

#include <gtest/gtest.h>

#include "core/files.h"
#include "datasets/dataset.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = source_dir();

/// What parsing tests/recipes/tiny_r1.json says after the assignments; "" if it is fine.
std::string complaint(const std::vector<std::string>& sets) {
  const fs::path path = kRoot / "tests/recipes/tiny_r1.json";
  try {
    Document document = load_document(path);
    for (const std::string& s : sets) set_value(document, s);
    parse_recipe(std::move(document), path.parent_path());
  } catch (const InputError& e) {
    return e.what();
  }
  return "";
}

void expect_complaint(const std::vector<std::string>& sets, const std::vector<std::string>& parts) {
  const std::string text = complaint(sets);
  for (const std::string& part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << "\"" << part << "\" is not in: " << text;
}

TEST(Recipe, ShippedRecipesAreFine) {
  int recipes = 0;
  for (const char* name : {"recipes/countdown_r1.json", "recipes/parity_zero.json",
                           "recipes/base/pretrain.json", "tests/recipes/tiny_r1.json"}) {
    const fs::path path = kRoot / name;
    const Recipe recipe = parse_recipe(load_document(path), path.parent_path());
    EXPECT_FALSE(recipe.stages.empty()) << name;
    ++recipes;
  }
  EXPECT_EQ(recipes, 4);
}

TEST(Recipe, Gsm8kTakesAnyFolder) {
  const fs::path path = kRoot / "recipes/gsm8k_r1_zero.json";
  if (!fs::exists(kRoot / "../shared/data/gsm8k/train.jsonl")) GTEST_SKIP() << "no ../shared/data/gsm8k";
  Document document = load_document(path);
  try {
    parse_recipe(document, path.parent_path());
    ADD_FAILURE() << "no folder is none";
  } catch (const InputError& e) {
    EXPECT_NE(std::string(e.what()).find("--set policy.checkpoint=FOLDER"), std::string::npos) << e.what();
  }
  set_value(document, "policy.checkpoint=anywhere");
  const Recipe recipe = parse_recipe(std::move(document), path.parent_path());
  EXPECT_EQ(recipe.policy.checkpoint, "anywhere");
  const Dataset dataset{Fields(recipe.document, "/stages/0/dataset")};
  EXPECT_EQ(dataset.size(), 7473u);
  EXPECT_EQ(dataset.problem(0).row["answer"], "72");
}

TEST(Recipe, ChatTemplateKeysAreChecked) {
  const auto read = [](const std::string& key, const Json& value) {
    Document document = load_document(kRoot / "tests/recipes/tiny_r1.json");
    set_value(document, "stages.zero." + key + "=" + value.dump());
    return parse_recipe(std::move(document), kRoot / "tests/recipes").stages[1].prompt_template;
  };
  EXPECT_EQ(read("template", "chat").name, "chat");
  EXPECT_EQ(read("chat_template_kwargs", {{"enable_thinking", false}}).variables["enable_thinking"], false);
  EXPECT_EQ(read("system_prompt", "s").system_prompt, "s");
  expect_complaint({"stages.zero.template=chatt"},
                   {"stages[1].template", "\"chatt\"", "expected chat, r1_zero"});
  expect_complaint({"stages.zero.chat_template_kwargs=3"}, {"stages[1].chat_template_kwargs", "an object"});
  expect_complaint({"stages.zero.template=r1_zero", "stages.zero.system_prompt=s"},
                   {"stages[1].system_prompt", "expected chat"});
  expect_complaint({"stages.zero.stop=[\"\"]"}, {"stages[1].stop", "an empty text"});
  expect_complaint({"date=30.11.2026"}, {"date", "2026-11-30"});
}

TEST(Recipe, ResolvedRecipeParsesToItself) {
  const fs::path path = kRoot / "recipes/countdown_r1.json";
  const Recipe recipe = parse_recipe(load_document(path), path.parent_path());
  const Recipe again = parse_recipe(parse_document("resolved", recipe.resolved.dump()), path.parent_path());
  EXPECT_EQ(again.resolved, recipe.resolved);
  EXPECT_EQ(recipe.resolved["stages"][0]["epsilon"], 0.2);
  EXPECT_TRUE(recipe.resolved["stages"][0].contains("adam_beta1"));  // a default is written out
}

TEST(Recipe, UnknownKeysNameTheNearest) {
  expect_complaint({"stages.zero.num_generation=4"},
                   {"--set", "stages[1].num_generation", "num_generations"});
  expect_complaint({"stages.zero.eval.sample=4"}, {"stages[1].eval.sample", "samples"});
  expect_complaint({"stages.zero.dataset.splitt=train"}, {"splitt", "split"});
  expect_complaint({"sed=4"}, {"sed", "seed"});
}

TEST(Recipe, WrongTypesAndValuesNameWhatWasExpected) {
  expect_complaint({"stages.zero.steps=ten"}, {"stages[1].steps", "\"ten\"", "integer"});
  expect_complaint({"stages.zero.steps=0"}, {"stages[1].steps", "0", ">= 1"});
  expect_complaint({"stages.zero.learning_rate=-1"}, {"learning_rate", "-1", "> 0"});
  expect_complaint({"stages.zero.num_generations=1"}, {"num_generations", "1", ">= 2"});
  expect_complaint({"stages.zero.loss_type=grop"}, {"loss_type", "grop", "grpo"});
  expect_complaint({"stages.zero.num_minibatches=9"}, {"num_minibatches", "9", "8"});
  expect_complaint({"stages.zero.top_p=0.9"}, {"top_p", "0.9", "grpo"});
  expect_complaint({"stages.zero.template={promt}"}, {"template", "promt"});
}

TEST(Recipe, StagesMustExist) {
  expect_complaint({"stages.data.from=zeroo"}, {"stages[2].from", "zeroo", "zero"});
  expect_complaint({"stages.zero.from=sft"}, {"stages[1].from", "sft"});  // a later one
  expect_complaint({"stages.sft.data=date"}, {"stages[3].data", "date", "data"});
  expect_complaint({"stages.zero.name=warm-up"}, {"name", "warm-up"});
  expect_complaint({"stages.zero.type=grop"}, {"type", "grop", "grpo"});
}

TEST(Recipe, RulesAndDatasetsAreCheckedAtOnce) {
  expect_complaint({R"(stages.zero.rewards=[{"rule": "acuracy"}])"}, {"acuracy", "accuracy"});
  expect_complaint({"stages.zero.rewards=[]"}, {"rewards", "at least one"});
  expect_complaint({R"(stages.zero.dataset={"task": "countdwn"})"}, {"countdwn", "countdown"});
  expect_complaint({R"(stages.zero.dataset={"file": "nowhere.jsonl", "prompt_field": "q"})"},
                   {"nowhere.jsonl"});
  expect_complaint({R"(stages.data.keep={"min_rewards": 1})"}, {"min_rewards", "min_reward"});
}

TEST(Recipe, APolicyIsAFolderOrAConfig) {
  expect_complaint({"policy={}"}, {"policy.checkpoint", "config"});
  expect_complaint({R"(policy={"config": {}})"}, {"tokenizer"});
  expect_complaint({R"(policy={"checkpoint": "x", "config": {}})"}, {"either"});
}

}  // namespace
}  // namespace hone
