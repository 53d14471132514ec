// A file of rows as a dataset: JSON lines, or one JSON array. Every row is checked when it is loaded.
#pragma once

#include <string>
#include <vector>

#include "core/fields.h"
#include "datasets/task.h"

namespace hone {

struct RowsOptions {
  std::string
      file;  // .json holds an array; anything else is read as JSON lines. Relative to the file that names it, else to the working folder
  std::string prompt_field = "prompt";  // a text, or a list of messages (conversation.h)
  std::string answer_field;             // becomes row["answer"] as text; "" where rows have none
  std::string
      answer_regex;  // RE2; its first group (or the whole match) is the answer. "" takes the field as it is
  std::string
      completion_field;  // a demonstration for SFT: a text, or a list of messages where the prompt is one.
                         // "": "completion" where rows have it
  std::string
      messages_field;  // a whole conversation instead of a prompt. "": "messages" where rows have it and no
                       // prompt
};

RowsOptions read_rows_options(Fields& options);

/// "rows.jsonl:17", or "rows.json:20: [16]", for messages.
std::string place_of_row(const std::string& file, uint64_t id, int64_t line);

/// One example a row; it has no demonstration without a completion or messages. Problem.id is the place in the file. A
/// row that is not an object in UTF-8, lacks a field or has an answer that the pattern does not match is an
/// InputError with file and line, and so is a file without rows.
std::vector<Example> load_rows(const RowsOptions& options);

}  // namespace hone
