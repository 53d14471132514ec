// JSON lines: one value a line. Blank lines are skipped; a line that is no UTF-8, no JSON or nested too
// deeply is an InputError with file, line and column.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace hone {

using Json = nlohmann::json;

struct JsonLine {
  int64_t number = 0;  // in the file, from 1
  Json value;
  std::string_view text = {};  // as it was read, until the next one is: the order of keys is in it
};

class JsonLinesReader {
 public:
  /// `in` is borrowed; `name` stands for it in messages ("-" or "stdin" for a pipe).
  JsonLinesReader(std::string name, std::istream& in) : name_(std::move(name)), in_(in) {}
  std::optional<JsonLine> next();  // nothing at the end

 private:
  std::string name_, line_;
  std::istream& in_;
  int64_t number_ = 0;
};

void for_each_json_line(const std::filesystem::path& path, const std::function<void(const JsonLine&)>& use);

/// `value` as a line, newline included. Bytes that are not UTF-8 (a policy may sample them) become U+FFFD.
std::string to_json_line(const Json& value);

}  // namespace hone
