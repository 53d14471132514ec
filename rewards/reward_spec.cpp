// SPEC of `--reward`: what it may be, and where its rules stand in it.
#include <algorithm>
#include <filesystem>

#include "core/document.h"
#include "rewards/score_lines.h"

namespace hone {
namespace {

RewardSet from_list(const Fields& holder, const std::string& key) {
  Fields fields = holder;
  std::vector<Fields> rules = fields.children(key);
  if (rules.empty()) throw fields.error(key, "is empty, expected at least one rule");
  return RewardSet(std::move(rules));
}

/// The stage of a recipe whose rewards are meant.
RewardSet from_recipe(const Document& document, const std::string& stage) {
  std::vector<std::string> names;
  size_t chosen = 0;
  bool found = false;
  const Json& stages = document.root.at("stages");
  for (size_t i = 0; i < stages.size(); ++i) {
    if (!stages[i].is_object() || !stages[i].contains("rewards")) continue;
    names.push_back(stages[i].contains("name") && stages[i]["name"].is_string()
                        ? stages[i]["name"].get<std::string>()
                        : "");
    if (!stage.empty() && names.back() != stage) continue;
    chosen = i;
    found = true;
  }
  check_input(found, document.file, ": no stage ",
              stage.empty() ? "has rewards" : "called \"" + stage + "\" has rewards",
              nearest_name(stage, names).empty() ? "" : "; did you mean " + nearest_name(stage, names) + "?");
  return from_list(Fields(document, concat("/stages/", chosen)), "rewards");
}

/// A list, or one rule, becomes {"rewards": [...]}; the lines move along.
void wrap(Document& document) {
  const bool list = document.root.is_array();
  std::unordered_map<std::string, int> moved;
  for (const auto& [pointer, line] : document.line_of)
    moved[(list ? "/rewards" : "/rewards/0") + pointer] = line;
  document.line_of = std::move(moved);
  Json rules = list ? std::move(document.root) : Json::array({std::move(document.root)});
  document.root = {{"rewards", std::move(rules)}};
}

RewardSet from_document(Document document, const std::string& stage) {
  const Json& root = document.root;
  if (root.is_array() || (root.is_object() && root.contains("rule"))) wrap(document);
  check_input(document.root.is_object(), document.file, ": expected an object or a list of rules");
  if (document.root.contains("stages") && document.root["stages"].is_array())
    return from_recipe(document, stage);
  check_input(document.root.contains("rewards"), document.file,
              ": neither \"rewards\" nor \"stages\" nor \"rule\" in it");
  return from_list(Fields(document), "rewards");
}

}  // namespace

RewardSet load_reward_spec(const std::string& spec, const std::string& stage) {
  const std::vector<std::string> names = rule_names();
  if (std::find(names.begin(), names.end(), spec) != names.end()) {
    return from_document(parse_document("--reward", Json{{"rule", spec}}.dump()), stage);
  }
  const size_t first = spec.find_first_not_of(" \t\n");
  if (first != std::string::npos && (spec[first] == '{' || spec[first] == '[')) {
    return from_document(parse_document("--reward", spec), stage);
  }
  if (std::filesystem::exists(spec)) return from_document(load_document(spec), stage);
  std::vector<std::string> known = names;
  const std::string near = nearest_name(spec, known);
  throw InputError("--reward: got \"" + spec + "\", expected a rule's name, a JSON file or a recipe" +
                   (near.empty() ? "" : "; did you mean " + near + "?"));
}

}  // namespace hone
