// SPEC of `--dataset`: a task's name, a file of rows (.jsonl), a JSON text or file as in a recipe's "dataset", or a recipe, of which
// the last evaluation's dataset is taken (or the last stage's).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "datasets/dataset.h"
#include "rl/prompt_renderer.h"

namespace hone {

struct DatasetSpec {
  Dataset dataset;
  std::optional<TemplateOptions> prompt_template;  // of the recipe's stage
  std::vector<std::string> stop;                   // likewise
};

DatasetSpec load_dataset_spec(const std::string& spec);

}  // namespace hone
