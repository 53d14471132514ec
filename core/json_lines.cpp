// The fast parser for lines that are right; the one that knows positions for the message about one that is
// not.
#include "core/json_lines.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/document.h"
#include "core/error.h"

namespace hone {

std::optional<JsonLine> JsonLinesReader::next() {
  while (std::getline(in_, line_)) {
    ++number_;
    if (line_.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (auto value = parse_value(line_)) return JsonLine{number_, *std::move(value), line_};
    return JsonLine{number_, parse_document(name_, line_, int(number_)).root};  // throws, with the position
  }
  check_input(!in_.bad(), name_, ": cannot be read after line ", number_);
  return std::nullopt;
}

void for_each_json_line(const std::filesystem::path& path, const std::function<void(const JsonLine&)>& use) {
  std::ifstream in(path, std::ios::binary);
  check_input(in.is_open() && !std::filesystem::is_directory(path), path.string(),
              ": cannot be opened: ", std::strerror(in.is_open() ? EISDIR : errno));
  JsonLinesReader reader(path.string(), in);
  while (const auto line = reader.next()) use(*line);
}

std::string to_json_line(const Json& value) {
  return value.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hone
