// recipes/schema.json says what the code says: keys, defaults, enumerated values and bounds, and it covers the shipped recipes.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "core/document.h"
#include "core/error.h"
#include "core/fields.h"
#include "core/files.h"
#include "rewards/rule.h"
#include "rl/recipe.h"
#include "tests/source_dir.h"

namespace hone {
namespace {

const std::filesystem::path kRecipes = source_dir() / "recipes";

const Json& schema() {
  static const Json value = Json::parse(read_file(kRecipes / "schema.json"));
  return value;
}

const Json& properties(const std::string& definition) { return schema()["$defs"][definition]["properties"]; }

/// The recipe of one stage of the type, with only what must be there; `extra` is merged into the stage.
Json recipe_of(const std::string& type, const Json& extra = Json::object()) {
  Json stage = {{"type", type}};
  const Json dataset = {{"task", "parity"}}, rewards = Json::array({{{"rule", "format"}}});
  if (type != "sft") stage["dataset"] = dataset, stage["rewards"] = rewards;
  if (type == "sft") stage["dataset"] = dataset, stage["steps"] = 1;
  if (type == "eval") stage["eval"] = Json::object();
  stage.update(extra);
  return {{"policy", {{"checkpoint", "somewhere"}}}, {"stages", Json::array({stage})}};
}

Recipe parse(const Json& recipe) { return parse_recipe(parse_document("test.json", recipe.dump()), "."); }

/// Why the code refuses the recipe, or "".
std::string refusal(const Json& recipe) {
  try {
    parse(recipe);
    return "";
  } catch (const InputError& e) {
    return e.what();
  }
}

/// What the schema's "default" of a key and the code's differ in, one line a key. Keys given in the recipe are passed over.
std::vector<std::string> differences(const Json& resolved, const Json& given, const Json& known) {
  std::vector<std::string> all;
  for (const auto& [key, value] : resolved.items()) {
    if (!known.contains(key))
      all.push_back(key + ": the schema does not know it");
    else if (!given.contains(key) && known[key].contains("default") && known[key]["default"] != value)
      all.push_back(
          concat(key, ": the schema says ", known[key]["default"].dump(), ", the code ", value.dump()));
  }
  return all;
}

class SchemaOfStage : public testing::TestWithParam<const char*> {};

TEST_P(SchemaOfStage, HasTheKeysAndDefaultsOfTheCode) {
  const std::string type = GetParam();
  const Json recipe = recipe_of(type), resolved = parse(recipe).resolved["stages"][0];
  Json given = recipe["stages"][0];
  given["name"] = given["from"] = "chosen by position";
  EXPECT_EQ(differences(resolved, given, properties(type + "_stage")), std::vector<std::string>{});
}

TEST_P(SchemaOfStage, HasNoKeyThatTheCodeRefuses) {
  const std::string type = GetParam();
  for (const auto& [key, property] : properties(type + "_stage").items()) {
    if (key == "type" || key == "data" || !property.contains("default")) continue;
    Json extra = {{key, property["default"]}};
    if (key == "name") extra[key] = "a";
    const std::string why = refusal(recipe_of(type, extra));
    const bool allowed = why.empty() || (type == "sft" && key == "steps");  // 0 steps need a sample stage
    EXPECT_TRUE(allowed) << key << ": " << why;
  }
}

TEST_P(SchemaOfStage, HasTheBoundsOfTheCode) {
  const std::string type = GetParam();
  for (const auto& [key, property] : properties(type + "_stage").items()) {
    const auto refused = [&](const Json& value) { return !refusal(recipe_of(type, {{key, value}})).empty(); };
    const bool whole = property.value("type", "") == "integer";
    if (property.contains("minimum")) {
      EXPECT_TRUE(refused(whole ? Json(property["minimum"].get<int64_t>() - 1)
                                : Json(property["minimum"].get<double>() - 1e-3)))
          << key;
    }
    if (property.contains("maximum")) {
      EXPECT_TRUE(refused(property["maximum"].get<double>() + 1e-3)) << key;
    }
    if (property.contains("exclusiveMinimum")) {
      EXPECT_TRUE(refused(property["exclusiveMinimum"])) << key;
    }
    if (property.contains("enum") && key != "type") {
      EXPECT_TRUE(refused("nonsense")) << key;
      for (const Json& value : property["enum"]) EXPECT_FALSE(refused(value)) << key << " " << value;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, SchemaOfStage, testing::Values("grpo", "sft", "sample", "eval"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Schema, HasTheKeysOfTheRest) {
  const Json recipe = recipe_of("eval"), resolved = parse(recipe).resolved;
  EXPECT_EQ(differences(resolved, recipe, schema()["properties"]), std::vector<std::string>{});
  EXPECT_EQ(differences(resolved["policy"], recipe["policy"], properties("policy")),
            std::vector<std::string>{});
  EXPECT_EQ(differences(resolved["stages"][0]["eval"], Json::object(), properties("eval")),
            std::vector<std::string>{});
}

TEST(Schema, ListsEveryRule) {
  std::set<std::string> listed;
  for (const Json& name : properties("rule")["rule"]["enum"]) listed.insert(name);
  const std::vector<std::string> names = rule_names();
  EXPECT_EQ(listed, std::set<std::string>(names.begin(), names.end()));
}

/// What must be given for a rule to load.
Json required_options(const std::string& rule) {
  if (rule == "overlong") return {{"max_completion_len", 10}, {"soft_punish_cache", 5}};
  return Json::object();
}

TEST(Schema, HasTheOptionsAndDefaultsOfTheRules) {
  size_t described = 0;
  for (const std::string& rule : rule_names()) {
    if (!schema()["$defs"].contains(rule + "_options")) continue;  // keys of their own pages
    ++described;
    Json given = required_options(rule);
    given["rule"] = rule;
    const Document document = parse_document("test.json", given.dump());
    const Fields fields(document);
    make_rule(fields);
    Json resolved = fields.resolved();
    resolved.erase("rule");
    EXPECT_EQ(differences(resolved, given, properties(rule + "_options")), std::vector<std::string>{})
        << rule;
    for (const auto& [key, property] : properties(rule + "_options").items()) {
      if (!property.contains("default")) continue;
      EXPECT_TRUE(fields.resolved().contains(key)) << rule << " has no " << key;
    }
  }
  EXPECT_GE(described, 11u);
}

TEST(Schema, ListsEveryTask) {
  for (const Json& task : properties("dataset")["task"]["enum"])
    EXPECT_EQ(refusal(recipe_of("grpo", {{"dataset", {{"task", task}}}})), "") << task;
  EXPECT_NE(refusal(recipe_of("grpo", {{"dataset", {{"task", "chess"}}}})), "");
}

/// Keys of datasets, wherever they stand in `value`, that the schema does not know.
void unknown_dataset_keys(const Json& value, std::vector<std::string>& found_) {
  if (value.is_object() && (value.contains("task") || value.contains("mixture"))) {
    for (const auto& [key, inner] : value.items())
      if (!properties("dataset").contains(key)) found_.push_back(key);
  }
  if (value.is_structured())
    for (const Json& inner : value) unknown_dataset_keys(inner, found_);
}

TEST(Schema, CoversTheShippedRecipes) {
  for (const char* name : {"countdown_r1.json", "parity_zero.json", "base/pretrain.json"}) {
    const Document document = load_document(kRecipes / name);
    const Recipe recipe = parse_recipe(document, (kRecipes / name).parent_path());
    std::vector<std::string> unknown;
    for (const Json& stage : recipe.resolved["stages"]) {
      for (const auto& [key, value] : stage.items())
        if (!properties(stage["type"].get<std::string>() + "_stage").contains(key)) unknown.push_back(key);
      unknown_dataset_keys(stage, unknown);
    }
    EXPECT_EQ(unknown, std::vector<std::string>{}) << name;
  }
}

TEST(Schema, ComparisonSeesWhatDiffers) {
  EXPECT_EQ(differences({{"steps", 3}, {"stepz", 1}}, Json::object(), {{"steps", {{"default", 4}}}}).size(),
            2u);
}

TEST(Schema, MayBeNamedInARecipe) {
  Json recipe = recipe_of("eval");
  recipe["$schema"] = "schema.json";
  EXPECT_EQ(refusal(recipe), "");
}

}  // namespace
}  // namespace hone
