// A JSON text with comments that remembers on which line each value stands, so that every complaint can name
// file, line, key.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hone {

using Json = nlohmann::json;

constexpr int kSetLine = 0;  // the "line" of a value that `--set` gave

struct Document {
  std::string file;  // as the user named it; "--set" and "--reward" texts have names of their own
  Json root;
  std::unordered_map<std::string, int> line_of;  // JSON pointer ("/stages/0/steps") -> line, from 1

  /// "file:12: stages[0].steps" for messages.
  std::string where(const std::string& pointer) const;
};

/// Comments (// and /* */) are allowed. Syntax errors, duplicate keys, non-UTF-8 and nesting over 256 are
/// InputErrors with file, line and column.
Document parse_document(std::string file, std::string_view text, int first_line = 1);
Document load_document(const std::filesystem::path& path);

/// A value of strict JSON without its lines, several times as fast. Nothing if it is not one or is nested
/// over 256 levels deep.
std::optional<Json> parse_value(std::string_view text);

/// Applies `--set key.path=value`. Path parts are keys, array indices, or the "name" of an array's element
/// (stages.zero.steps). The value is JSON if it parses, else a string. A path whose parent does not exist is
/// an InputError with the nearest known name.
void set_value(Document& document, std::string_view assignment);

/// The candidate that is closest by edit distance, or "" if none is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace hone
