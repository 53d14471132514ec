// What can go wrong with a recipe's model, tokenizer, chat template and data, found out before anything is written.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "model/model_folder.h"
#include "rl/recipe.h"
#include "rl/run_date.h"

namespace hone {

/// Where the tokenizer's files lie: beside the weights unless the recipe says otherwise.
std::filesystem::path tokenizer_folder_of(const Recipe& recipe);

/// The weights that "base" names.
Model base_model(const Recipe& recipe);

/// Their description; the files are checked and no weight is read.
DecoderConfig base_config(const Recipe& recipe);

using Say = std::function<void(const std::string& line)>;

/// InputError with the recipe's line or the file that is wrong. `date`: the run's. Gold answers that a rule can't understand are
/// no error: `say` (may be empty) gets a line that counts them.
void check_inputs(const Recipe& recipe, TimePoint date, const Say& say);

}  // namespace hone
