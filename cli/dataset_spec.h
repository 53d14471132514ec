// SPEC of `--dataset`: a task's name, a file of rows (.jsonl), a JSON text or file as in a recipe's "dataset", or a recipe, of which
// the last evaluation's dataset is taken (or the last stage's).
#pragma once

#include <string>

#include "datasets/dataset.h"

namespace hone {

struct DatasetSpec {
  Dataset dataset;
  std::string prompt_template;  // of the recipe's stage; "" where the spec has none
};

DatasetSpec load_dataset_spec(const std::string& spec);

}  // namespace hone
