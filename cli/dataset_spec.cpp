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

/// What a stage says about its prompts.
void take_template(const Json& stage, DatasetSpec& spec_) {
  if (const auto stop = stage.find("stop"); stop != stage.end() && stop->is_array())
    for (const Json& text : *stop) spec_.stop.push_back(text.get<std::string>());
  if (!stage.contains("template") && !stage.contains("system_prompt") &&
      !stage.contains("chat_template_kwargs"))
    return;
  const TemplateOptions usual;
  spec_.prompt_template = {stage.value("template", usual.name),
                           stage.value("system_prompt", usual.system_prompt),
                           stage.value("chat_template_kwargs", usual.variables)};
}

DatasetSpec from_document(const Document& document) {
  if (!document.root.is_object() || !document.root.contains("stages"))
    return {Dataset(Fields(document)), std::nullopt, {}};
  std::string stage;
  const std::string pointer = recipe_dataset(document, stage);
  DatasetSpec spec{Dataset(Fields(document, pointer)), std::nullopt, {}};
  take_template(document.root.at(Json::json_pointer(stage)), spec);
  return spec;
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
