// Two ways to split a file into rows with line numbers, one way to check a row.
#include "datasets/rows.h"

#include <re2/re2.h>

#include <filesystem>
#include <functional>
#include <memory>

#include "core/files.h"
#include "core/json_lines.h"
#include "datasets/conversation.h"

namespace hone {
namespace {

using OrderedJson = nlohmann::ordered_json;
using InOrder = std::function<OrderedJson()>;  // the row again, its keys in the order of the file
using EachRow = std::function<void(int64_t line, Json row, const InOrder& in_order)>;

void each_element(const std::string& file, const EachRow& each) {
  Document document = load_document(file);
  check_input(document.root.is_array(), file, ": got ", document.root.type_name(),
              ", expected an array of rows");
  OrderedJson ordered;  // read only for a row that needs it
  for (size_t i = 0; i < document.root.size(); ++i)
    each(document.line_of.at(concat('/', i)), std::move(document.root[i]), [&] {
      if (ordered.is_null()) ordered = OrderedJson::parse(read_file(file), nullptr, true, true);
      return ordered.at(i);
    });
}

/// A field that must be there.
const Json& required(const std::string& where, const Json& row, const std::string& field) {
  if (const auto found = row.find(field); found != row.end()) return *found;
  std::vector<std::string> known;
  for (const auto& item : row.items()) known.push_back(item.key());
  const std::string near = nearest_name(field, known);
  throw InputError(concat(where, ": field \"", field, "\" is missing",
                          near.empty() ? "" : concat("; did you mean \"", near, "\"?")));
}

/// A field that must be there: a string, or with `any` any number or boolean as text.
std::string text_of_field(const std::string& where, const Json& row, const std::string& field, bool any) {
  const Json& value = required(where, row, field);
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

  Example read(uint64_t id, int64_t line, Json row, const InOrder& in_order) const {
    const std::string where = place_of_row(options_.file, id, line);
    check_input(row.is_object(), where, ": got ", row.type_name(), ", expected an object");
    Example example;
    example.problem.id = id;
    example.line = line;
    const std::string messages = messages_field(row), completion = completion_field(row);
    if (!messages.empty()) required(where, row, messages);
    if (!completion.empty()) required(where, row, completion);
    if (!messages.empty())
      read_messages(where, in_order(), messages, example);
    else if (is_conversation(required(where, row, options_.prompt_field)))
      read_conversation(where, in_order(), completion, example);
    else
      read_text(where, row, example);
    if (!options_.answer_field.empty()) row["answer"] = answer(where, row);
    example.problem.row = std::move(row);
    return example;
  }

 private:
  /// The field of a whole conversation, or "" where the row has a prompt.
  std::string messages_field(const Json& row) const {
    if (!options_.messages_field.empty()) return options_.messages_field;
    const bool implied = options_.prompt_field == RowsOptions().prompt_field && !row.contains("prompt") &&
                         row.contains("messages") && is_conversation(row["messages"]);
    return implied ? "messages" : "";
  }

  std::string completion_field(const Json& row) const {
    if (!options_.completion_field.empty()) return options_.completion_field;
    const bool implied =
        row.contains("completion") && (row["completion"].is_string() || is_conversation(row["completion"]));
    return implied ? "completion" : "";
  }

  void read_text(const std::string& where, const Json& row, Example& example_) const {
    example_.problem.text = text_of_field(where, row, options_.prompt_field, false);
    if (const std::string field = completion_field(row); !field.empty())
      example_.pieces = {{text_of_field(where, row, field, false), true}};
  }

  void read_conversation(const std::string& where, const OrderedJson& row, const std::string& completion,
                         Example& example_) const {
    OrderedJson messages = messages_of(where, row, options_.prompt_field);
    example_.problem.text = last_user_text(messages);
    if (!completion.empty()) {
      example_.messages = messages;
      example_.prompt_messages = messages.size();
      for (const OrderedJson& message : messages_of(where, row, completion))
        example_.messages.push_back(message);
    }
    example_.problem.chat = conversation_of(where, row, std::move(messages));
  }

  void read_messages(const std::string& where, const OrderedJson& row, const std::string& field,
                     Example& example_) const {
    example_.messages = messages_of(where, row, field);
    OrderedJson prompt = before_answer(example_.messages);
    example_.problem.text = last_user_text(prompt);
    example_.problem.chat = conversation_of(where, row, std::move(prompt));
  }

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
  const std::filesystem::path beside =
      options.folder() / result.file;  // result.file itself if that is absolute
  if (std::filesystem::exists(beside)) result.file = beside.string();
  result.prompt_field = options.get("prompt_field", result.prompt_field);
  result.answer_field = options.get("answer_field", result.answer_field);
  result.answer_regex = options.get("answer_regex", result.answer_regex);
  result.completion_field = options.get("completion_field", result.completion_field);
  result.messages_field = options.get("messages_field", result.messages_field);
  if (!result.answer_regex.empty() && result.answer_field.empty())
    throw options.error("answer_regex", "given without answer_field");
  return result;
}

std::string place_of_row(const std::string& file, uint64_t id, int64_t line) {
  return concat(file, ':', line, file.ends_with(".json") ? concat(": [", id, "]") : "");
}

std::vector<Example> load_rows(const RowsOptions& options) {
  const RowReader reader(options);
  std::vector<Example> examples;
  const EachRow each = [&](int64_t line, Json row, const InOrder& in_order) {
    examples.push_back(reader.read(examples.size(), line, std::move(row), in_order));
  };
  if (options.file.ends_with(".json"))
    each_element(options.file, each);
  else
    for_each_json_line(options.file, [&](const JsonLine& line) {
      each(line.number, line.value, [&] { return OrderedJson::parse(line.text); });
    });
  check_input(!examples.empty(), options.file, ": no rows, expected at least one");
  return examples;
}

}  // namespace hone
