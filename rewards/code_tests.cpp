#include "rewards/code_tests.h"

#include "core/document.h"
#include "core/error.h"

namespace hone {
namespace {

/// Where a value stands, for messages.
struct Place {
  const std::string& field;
  std::string inside;
  template <class... What>
  InputError error(const What&... what) const {
    return InputError(
        concat("code: the row's \"", field, "\"", inside.empty() ? "" : ", " + inside, ": ", what...));
  }
};

/// A string that holds JSON, parsed; anything else as it is.
Json parsed(const Json& value, const Place& place) {
  if (!value.is_string()) return value;
  std::optional<Json> inner = parse_value(value.get_ref<const std::string&>());
  if (!inner) throw place.error("is a text that is not JSON");
  return std::move(*inner);
}

std::string text_of(const Json& value, const Place& place) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  if (!value.is_array())
    throw place.error("got ", value.type_name(), ", expected a string or a list of lines");
  std::string lines;
  for (const Json& line : value) {
    if (!line.is_string()) throw place.error("got a list with a ", line.type_name(), ", expected lines");
    lines += line.get_ref<const std::string&>() + "\n";
  }
  return lines;
}

/// The arguments of a call: a list, or a text with one JSON value a line.
Json arguments_of(const Json& value, const Place& place) {
  if (value.is_array()) return value;
  if (!value.is_string()) throw place.error("got ", value.type_name(), ", expected a list of arguments");
  Json arguments = Json::array();
  const std::string& text = value.get_ref<const std::string&>();
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find('\n', pos), text.size());
    const std::string line = text.substr(pos, end - pos);
    pos = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::optional<Json> argument = parse_value(line);
    if (!argument) throw place.error("a line of arguments is not JSON");
    arguments.push_back(std::move(*argument));
  }
  return arguments;
}

CodeTest test_of(const Json& input, const Json& output, const std::string& function, const Place& place) {
  if (function.empty()) return {text_of(input, place), text_of(output, place), {}};
  CodeTest test;
  test.input = Json{{"fn_name", function}, {"args", arguments_of(input, place)}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
  // Where arguments are texts of JSON, so is the value.
  const bool as_text = input.is_string() && output.is_string();
  test.value = as_text ? parsed(output, place) : output;
  return test;
}

std::string string_member(const Json& object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    const auto member = object.is_object() ? object.find(key) : object.end();
    if (member != object.end() && member->is_string()) return member->get<std::string>();
  }
  return "";
}

std::string function_in_row(const Json& row) {
  if (std::string name = string_member(row, {"fn_name", "func_name"}); !name.empty()) return name;
  const auto metadata = row.find("metadata");
  if (metadata == row.end()) return "";
  if (!metadata->is_string()) return string_member(*metadata, {"fn_name", "func_name"});
  const std::optional<Json> inner = parse_value(metadata->get_ref<const std::string&>());
  return inner ? string_member(*inner, {"fn_name", "func_name"}) : "";
}

bool is_functional(const Json& test) { return string_member(test, {"testtype"}) == "functional"; }

CodeTests from_list(const Json& list, const Json& row, const std::string& field) {
  CodeTests tests;
  for (size_t i = 0; i < list.size(); ++i) {
    const Place place{field, concat("[", i, "]")};
    const Json& test = list[i];
    if (!test.is_object() || !test.contains("input") || !test.contains("output"))
      throw place.error("expected an object with \"input\" and \"output\"");
    if (i == 0 && (is_functional(test) || !test.contains("testtype"))) {
      tests.function = function_in_row(row);
      if (tests.function.empty()) tests.function = string_member(test, {"fn_name", "func_name"});
      if (tests.function.empty() && is_functional(test))
        throw place.error("is functional, but neither it nor the row has a \"fn_name\" or \"func_name\"");
    }
    if (is_functional(test) != is_functional(list[0])) throw place.error("calls and programs are mixed");
    tests.tests.push_back(test_of(test["input"], test["output"], tests.function, place));
  }
  return tests;
}

CodeTests from_object(const Json& object, const Json& row, const std::string& field) {
  const auto inputs = object.find("inputs"), outputs = object.find("outputs");
  if (inputs == object.end() || outputs == object.end() || !inputs->is_array() || !outputs->is_array())
    throw Place{field, ""}.error("expected two lists, \"inputs\" and \"outputs\"");
  if (inputs->size() != outputs->size())
    throw Place{field, ""}.error(inputs->size(), " inputs and ", outputs->size(), " outputs");
  CodeTests tests;
  tests.function = string_member(object, {"fn_name", "func_name"});
  if (tests.function.empty()) tests.function = function_in_row(row);
  for (size_t i = 0; i < inputs->size(); ++i)
    tests.tests.push_back(test_of((*inputs)[i], (*outputs)[i], tests.function, {field, concat("test ", i)}));
  return tests;
}

}  // namespace

CodeTests read_tests(const Json& row, const std::string& field) {
  const auto member = row.is_object() ? row.find(field) : row.end();
  if (!row.is_object() || member == row.end() || member->is_null())
    throw InputError("code: the row has no \"" + field + "\"");
  const Json value = parsed(*member, {field, ""});
  if (!value.is_array() && !value.is_object())
    throw Place{field, ""}.error("got ", value.type_name(), ", expected an object or a list");
  CodeTests tests = value.is_array() ? from_list(value, row, field) : from_object(value, row, field);
  if (tests.tests.empty()) throw Place{field, ""}.error("holds no test");
  return tests;
}

}  // namespace hone
