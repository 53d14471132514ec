// A file of rows as a dataset: JSON lines, or one JSON array. Every row is checked when it is loaded.
#pragma once

#include <string>
#include <vector>

#include "core/fields.h"
#include "datasets/task.h"

namespace hone {

struct RowsOptions {
  std::string
      file;  // .json holds an array; anything else is read as JSON lines. Relative to the working folder
  std::string prompt_field = "prompt";
  std::string answer_field;  // becomes row["answer"] as text; "" where rows have none
  std::string
      answer_regex;  // RE2; its first group (or the whole match) is the answer. "" takes the field as it is
  std::string completion_field;  // a demonstration for SFT; "" where rows have none
};

RowsOptions read_rows_options(Fields& options);

/// One example a row; its pieces are empty without a completion_field. Problem.id is the place in the file. A
/// row that is not an object in UTF-8, lacks a field or has an answer that the pattern does not match is an
/// InputError with file and line, and so is a file without rows.
std::vector<Example> load_rows(const RowsOptions& options);

}  // namespace hone
