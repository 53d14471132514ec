// `--set key.path=value`.
#include <algorithm>
#include <charconv>

#include "core/document.h"
#include "core/error.h"
#include "core/utf8.h"

namespace hone {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (size_t begin = 0;;) {
    const size_t end = text.find(separator, begin);
    parts.emplace_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    begin = end + 1;
  }
}

/// The element of `array` that has the index or the name `part`.
std::optional<size_t> array_index(const Json& array, std::string_view part) {
  size_t index = 0;
  const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), index);
  if (status == std::errc() && end == part.data() + part.size() && index < array.size()) return index;
  for (size_t i = 0; i < array.size(); ++i) {
    if (array[i].is_object() && array[i].contains("name") && array[i]["name"] == part) return i;
  }
  return std::nullopt;
}

std::vector<std::string> names_in(const Json& value) {
  std::vector<std::string> names;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) names.push_back(key);
  } else if (value.is_array()) {
    for (const Json& element : value) {
      if (element.is_object() && element.contains("name") && element["name"].is_string()) {
        names.push_back(element["name"]);
      }
    }
  }
  return names;
}

/// The member of `parent` that a part of a path names, and its pointer; null if there is none.
Json* step_into(Json& parent, const std::string& part, Json::json_pointer& pointer) {
  if (parent.is_object()) {
    pointer /= part;
    const auto member = parent.find(part);
    return member == parent.end() ? nullptr : &*member;
  }
  const auto index = parent.is_array() ? array_index(parent, part) : std::nullopt;
  if (!index) return nullptr;
  pointer /= *index;
  return &parent[*index];
}

}  // namespace

void set_value(Document& document, std::string_view assignment) {
  const size_t equals = assignment.find('=');
  check_input(!first_invalid_utf8(assignment), "--set: not UTF-8");
  check_input(equals != std::string_view::npos && equals > 0, "--set ", assignment,
              ": expected key.path=value");
  const std::string_view path = assignment.substr(0, equals), text = assignment.substr(equals + 1);
  const std::vector<std::string> parts = split(path, '.');
  Json::json_pointer pointer;
  Json* at = &document.root;
  for (size_t i = 0; i < parts.size(); ++i) {
    Json& parent = *at;
    at = step_into(parent, parts[i], pointer);
    if (!at && i + 1 == parts.size() && parent.is_object()) at = &(parent[parts[i]] = nullptr);
    if (at) continue;
    const std::string near = nearest_name(parts[i], names_in(parent));
    throw InputError(concat("--set ", path, ": there is no ", Json(parts[i]).dump(),
                            parent.is_structured() ? "" : concat(" in a ", parent.type_name()),
                            near.empty() ? "" : "; did you mean " + near + "?"));
  }
  *at = parse_value(text).value_or(std::string(text));
  const std::string prefix = pointer.to_string();
  std::erase_if(document.line_of, [&](const auto& entry) { return entry.first.starts_with(prefix + "/"); });
  document.line_of[prefix] = kSetLine;
}

}  // namespace hone
