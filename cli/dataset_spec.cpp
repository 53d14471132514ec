#include "cli/dataset_spec.h"

#include <filesystem>

#include "core/document.h"
#include "core/error.h"

namespace hone {
namespace {

const std::vector<std::string> kTasks = {"countdown", "chain_sum", "number_sorting", "base_conversion",
                                         "parity"};

/// The pointer of the last evaluation's dataset, else of the last stage's; `stage` receives the stage that has it.
std::string recipe_dataset(const Document& recipe, std::string& stage) {
  std::string found;
  const Json& stages = recipe.root["stages"];
  for (size_t i = 0; i < stages.size(); ++i) {
    const std::string at = concat("/stages/", i);
    if (stages[i].is_object() && stages[i].contains("dataset")) found = at + "/dataset", stage = at;
    if (!stages[i].is_object() || !stages[i].contains("eval")) continue;
    const Json& eval = stages[i]["eval"];
    if (eval.is_object() && eval.contains("dataset")) found = at + "/eval/dataset", stage = at;
    for (size_t j = 0; eval.is_array() && j < eval.size(); ++j)
      if (eval[j].is_object() && eval[j].contains("dataset"))
        found = concat(at, "/eval/", j, "/dataset"), stage = at;
  }
  check_input(!found.empty(), recipe.file, ": no stage has a dataset");
  return found;
}

DatasetSpec from_document(const Document& document) {
  if (!document.root.is_object() || !document.root.contains("stages")) return {Dataset(Fields(document)), ""};
  std::string stage;
  const std::string pointer = recipe_dataset(document, stage);
  const Json& holder = document.root.at(Json::json_pointer(stage));
  const bool named = holder.contains("template") && holder["template"].is_string();
  return {Dataset(Fields(document, pointer)), named ? holder["template"].get<std::string>() : ""};
}

}  // namespace

DatasetSpec load_dataset_spec(const std::string& spec) {
  for (const std::string& task : kTasks)
    if (spec == task)
      return from_document(parse_document("--dataset", Json{{"task", task}, {"split", "held_out"}}.dump()));
  const size_t first = spec.find_first_not_of(" \t\n");
  if (first != std::string::npos && spec[first] == '{')
    return from_document(parse_document("--dataset", spec));
  const std::string near = nearest_name(spec, kTasks);
  check_input(std::filesystem::is_regular_file(spec), "--dataset: got \"", spec,
              "\", expected a task's name, a file of rows, a JSON text or file, or a recipe",
              near.empty() ? "" : "; did you mean " + near + "?");
  if (std::filesystem::path(spec).extension() == ".json") return from_document(load_document(spec));
  return from_document(parse_document("--dataset", Json{{"file", spec}, {"answer_field", "answer"}}.dump()));
}

}  // namespace hone
