// Tokens of a Jinja template, cut as Jinja 3.1 cuts them under the settings of chat templates: trim_blocks
// (the newline after a block goes), lstrip_blocks (blanks before a block that begins its line go), no line
// statements, the template's last newline dropped, every line ending read as "\n".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

enum class JinjaTokenKind : uint8_t {
  kData,           // text between tags, to be printed as it is
  kBlockBegin,     // {%
  kBlockEnd,       // %}
  kVariableBegin,  // {{
  kVariableEnd,    // }}
  kName,
  kString,   // `text` has its escapes resolved
  kInteger,  // `integer`
  kFloat,    // `number`
  kOperator,
  kEnd,
};

struct JinjaToken {
  JinjaTokenKind kind = JinjaTokenKind::kEnd;
  std::string text;  // of a name, string, operator or data
  int64_t integer = 0;
  double number = 0;
  int line = 1, column = 1;  // of its first byte
};

/// The tokens of `source`, which must be UTF-8; the last one is kEnd. `file` is for messages: what is no
/// Jinja is an InputError that says file:line:column.
std::vector<JinjaToken> lex_jinja(const std::string& file, std::string_view source);

}  // namespace hone
