// Two ways to split a file into rows with line numbers, one way to check a row.
#include "datasets/rows.h"

#include <re2/re2.h>

#include <functional>
#include <memory>

#include "core/json_lines.h"

namespace hone {
namespace {

using EachRow = std::function<void(const std::string& where, Json row)>;

void each_element(const std::string& file, const EachRow& each) {
  Document document = load_document(file);
  check_input(document.root.is_array(), file, ": got ", document.root.type_name(),
              ", expected an array of rows");
  for (size_t i = 0; i < document.root.size(); ++i)
    each(document.where(concat('/', i)), std::move(document.root[i]));
}

/// A field that must be there: a string, or with `any` any number or boolean as text.
std::string text_of_field(const std::string& where, const Json& row, const std::string& field, bool any) {
  if (!row.contains(field)) {
    std::vector<std::string> known;
    for (const auto& item : row.items()) known.push_back(item.key());
    const std::string near = nearest_name(field, known);
    throw InputError(concat(where, ": field \"", field, "\" is missing",
                            near.empty() ? "" : concat("; did you mean \"", near, "\"?")));
  }
  const Json& value = row[field];
  if (value.is_string()) return value.get<std::string>();
  check_input(any && (value.is_number() || value.is_boolean()), where, ": field \"", field, "\" is a ",
              value.type_name(), ", expected a string");
  return value.dump();
}

class RowReader {
 public:
  explicit RowReader(const RowsOptions& options) : options_(options) {
    if (options.answer_regex.empty()) return;
    RE2::Options quiet;
    quiet.set_log_errors(false);
    pattern_ = std::make_unique<RE2>(options.answer_regex, quiet);
    check_input(pattern_->ok(), "answer_regex: \"", options.answer_regex, "\": ", pattern_->error());
  }

  Example read(uint64_t id, const std::string& where, Json row) const {
    check_input(row.is_object(), where, ": got ", row.type_name(), ", expected an object");
    Example example;
    example.problem.id = id;
    example.problem.text = text_of_field(where, row, options_.prompt_field, false);
    if (!options_.completion_field.empty())
      example.pieces = {{text_of_field(where, row, options_.completion_field, false), true}};
    if (!options_.answer_field.empty()) row["answer"] = answer(where, row);
    example.problem.row = std::move(row);
    return example;
  }

 private:
  std::string answer(const std::string& where, const Json& row) const {
    const std::string text = text_of_field(where, row, options_.answer_field, true);
    if (!pattern_) return text;
    std::string found;
    const bool matches = pattern_->NumberOfCapturingGroups() > 0
                             ? RE2::PartialMatch(text, *pattern_, &found)
                             : RE2::PartialMatch(text, RE2(concat('(', options_.answer_regex, ')')), &found);
    check_input(matches, where, ": field \"", options_.answer_field, "\" does not match answer_regex \"",
                options_.answer_regex, "\": \"", text.substr(0, 80), "\"");
    return found;
  }

  const RowsOptions& options_;
  std::unique_ptr<RE2> pattern_;
};

}  // namespace

RowsOptions read_rows_options(Fields& options) {
  RowsOptions result;
  result.file = options.require<std::string>("file");
  result.prompt_field = options.get("prompt_field", result.prompt_field);
  result.answer_field = options.get("answer_field", result.answer_field);
  result.answer_regex = options.get("answer_regex", result.answer_regex);
  result.completion_field = options.get("completion_field", result.completion_field);
  if (!result.answer_regex.empty() && result.answer_field.empty())
    throw options.error("answer_regex", "given without answer_field");
  return result;
}

std::vector<Example> load_rows(const RowsOptions& options) {
  const RowReader reader(options);
  std::vector<Example> examples;
  const EachRow each = [&](const std::string& where, Json row) {
    examples.push_back(reader.read(examples.size(), where, std::move(row)));
  };
  if (options.file.ends_with(".json"))
    each_element(options.file, each);
  else
    for_each_json_line(options.file, [&](const JsonLine& line) {
      each(concat(options.file, ':', line.number), line.value);
    });
  check_input(!examples.empty(), options.file, ": no rows, expected at least one");
  return examples;
}

}  // namespace hone
