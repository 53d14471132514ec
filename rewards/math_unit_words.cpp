// The parser's view of units and other words behind a quantity: "5 cm^2", "12 right triangles", "4:30 p.m.", "3 (mod 7)".
#include <algorithm>

#include "rewards/math_parser.h"
#include "rewards/math_units.h"
#include "rewards/text.h"

namespace hone {
namespace {

/// In \mathrm behind a number: a unit, or words: "cm", "square units", "dogs". No function, except for minutes.
bool is_unit_name(std::string_view content) {
  if (content.size() < 2) return false;
  if (content == "min" || find_unit(content)) return true;
  const bool all_words = std::all_of(content.begin(), content.end(),
                                     [](char c) { return (c >= 'a' && c <= 'z') || c == ' ' || c == '.'; });
  return all_words && is_prose(content) && find_word(content).name.empty();
}

}  // namespace

/// Whether the token begins a unit, or other words, behind a quantity.
bool MathParser::at_unit(bool after_number) const {
  if (at_modulus()) return true;
  switch (token_.kind) {
    case TokenKind::kForeign:
      return true;
    case TokenKind::kLetters: {
      if (token_.begin < split_until_) return false;
      const std::string_view run = letters();
      if (is_link_word(run) || run == "U" || run == "to" || !find_word(run).name.empty()) {
        return run == "min" && after_number;
      }
      if (after_number && lexer_.text().substr(token_.end).starts_with(".m") && (run == "a" || run == "p"))
        return true;
      return is_prose(run) || (run.size() >= 2 && after_number && find_unit(run) != nullptr);
    }
    case TokenKind::kCommand: {
      if (token_.command == Command::kMod) return true;
      if (token_.command != Command::kText && token_.command != Command::kMathFont) return false;
      if (at_function_in_text()) return false;
      size_t end = 0;
      const std::string_view content = trim(text_content(end));
      if (token_.command == Command::kMathFont)
        return after_number ? is_unit_name(content) : find_word(content).name.empty() && find_unit(content);
      if (is_link_word(content) || content == "to" || content == ",") return false;
      return !content.starts_with(", and") && !content.starts_with(", or") && !content.ends_with(" or") &&
             !content.ends_with(" and");
    }
    default:
      return false;
  }
}

/// \text{cis} is a function; but \text{sec} behind a number are seconds.
bool MathParser::at_function_in_text() const {
  if (!is_command(Command::kText)) return false;
  size_t end = 0;
  const std::string_view content = trim(text_content(end));
  const Command command = find_word(content).command;
  return (command == Command::kFunction || command == Command::kCall) && !find_unit(content);
}

/// \text{ } is a space.
bool MathParser::skip_blank_text() {
  if (!is_command(Command::kText)) return false;
  size_t end = 0;
  if (!trim(text_content(end)).empty() || end == 0) return false;
  reread(end);
  return true;
}

/// "degrees", in or out of \text, behind the argument of a function.
bool MathParser::skip_degree_word() {
  const auto is_degree = [](std::string_view word) {
    return word == "degrees" || word == "degree" || word == "deg";
  };
  if (token_.kind == TokenKind::kLetters && is_degree(letters())) {
    advance();
    return true;
  }
  if (!is_command(Command::kText) && !is_command(Command::kMathFont)) return false;
  size_t end = 0;
  if (!is_degree(trim(text_content(end)))) return false;
  reread(end);
  return true;
}

/// Reads a unit with its exponents and quotients: "cm^2", "\text{ m}/\text{s}", "sq. units", and any words.
void MathParser::unit() {
  if (unit_end_ == 0) unit_begin_ = token_.begin;
  for (;;) {
    if (token_.kind == TokenKind::kCommand &&
        (token_.command == Command::kText || token_.command == Command::kMathFont) && !at_separator()) {
      size_t end = 0;
      text_content(end);
      if (end == 0) return;
      unit_end_ = end;
      reread(end);
    } else if (at_modulus()) {
      skip_modulus();
    } else if (is_mark('^') || is_command(Command::kMod)) {
      advance();
      argument(token_.begin);
      unit_end_ = std::min(token_.begin, lexer_.text().size());
    } else if (token_.kind == TokenKind::kLetters || token_.kind == TokenKind::kForeign || is_mark('.') ||
               is_mark('/') || is_mark('-') || is_mark('*') || is_command(Command::kTimes)) {
      if (at_separator()) return;
      unit_end_ = token_.end;
      advance();
    } else {
      return;
    }
    if (failed_) return;
  }
}

/// "(mod 7)", "mod 7".
bool MathParser::at_modulus() const {
  const std::string_view rest = lexer_.text().substr(token_.begin);
  return rest.starts_with("(mod ") || rest.starts_with("mod ");
}

void MathParser::skip_modulus() {
  const std::string_view text = lexer_.text();
  size_t end =
      text[token_.begin] == '(' ? text.find(')', token_.begin) : text.find_first_not_of(' ', token_.end);
  if (end == std::string_view::npos) end = text.size();
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == ')')) ++end;
  unit_end_ = end;
  reread(end);
}

}  // namespace hone
