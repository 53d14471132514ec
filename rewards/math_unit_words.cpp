// The parser's view of units and other words behind a quantity: "5 cm^2", "12 right triangles", "4:30 p.m.", "3 (mod 7)".
#include <algorithm>

#include "rewards/math_measure.h"
#include "rewards/math_parser.h"
#include "rewards/math_units.h"
#include "rewards/text.h"

namespace hone {
namespace {

/// In \mathrm behind a number: a unit, or words: "cm", "square units", "dogs". No function, except for minutes.
bool is_unit_name(std::string_view content) {
  if (content.size() < 2) return false;
  if (const auto measure = measure_of(content); measure && !measure->partial) return true;
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
      if (run.size() == 1 && after_number && find_unit(run) && at_unit_quotient()) return true;
      return is_prose(run) || (run.size() >= 2 && after_number && find_unit(run) != nullptr);
    }
    case TokenKind::kCommand: {
      if (token_.command == Command::kMod || token_.command == Command::kDollar) return true;
      if (token_.command == Command::kFrac) return after_number && at_unit_fraction();
      if (token_.command != Command::kText && token_.command != Command::kMathFont) return false;
      if (at_function_in_text()) return false;
      size_t end = 0;
      const std::string_view content = trim(text_content(end));
      if (token_.command == Command::kMathFont && content.size() == 1 &&
          after_number)  // \mathrm{m}/\mathrm{s}
        return find_unit(content) && lexer_.text().substr(end).starts_with('/');
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

/// "USD 15", "Rs. 5", "US\$5": a currency before its amount. True if it was read.
bool MathParser::currency() {
  const Unit* unit = find_unit(letters());
  if (!unit || unit->quantity != hone::Quantity::kMoney) return false;
  std::string_view rest = lexer_.text().substr(token_.end);
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '.')) rest.remove_prefix(1);
  if (rest.empty() || !((rest[0] >= '0' && rest[0] <= '9') || rest.starts_with("\\$"))) return false;
  unit_begin_ = token_.begin;
  unit_end_ = token_.end;
  reread(static_cast<size_t>(rest.data() - lexer_.text().data()));
  if (is_command(Command::kDollar)) advance();
  return true;
}

/// "5 feet 6 inches": the sum, in the first unit. The token is the number behind the first unit.
NodeId MathParser::with_more_units(NodeId first) {
  const size_t begin = unit_begin_, end = unit_end_;
  auto before = measure_of(slice(begin, end));
  const auto whole = before;
  const size_t from = pending_.size();
  pending_.push_back(first);
  while (!failed_ && token_.kind == TokenKind::kNumber) {
    unit_begin_ = unit_end_ = 0;
    const NodeId value = product();
    if (failed_) return 0;
    const auto next = unit_end_ > unit_begin_
                          ? measure_of(slice(unit_begin_, unit_end_), before ? &*before : nullptr)
                          : std::nullopt;
    const auto ratio =
        whole && next && next->same_dimensions(*whole) ? quotient(next->factor, whole->factor) : std::nullopt;
    if (!ratio || ratio->numerator > INT64_MAX || ratio->denominator > INT64_MAX)
      return fail("a number behind a unit");
    const NodeId scale = binary(Op::kQuotient, integer(static_cast<int64_t>(ratio->numerator)),
                                integer(static_cast<int64_t>(ratio->denominator)));
    pending_.push_back(binary(Op::kProduct, value, scale));
    before = next;
  }
  unit_begin_ = begin;
  unit_end_ = end;
  return failed_ ? 0 : nary(Op::kSum, from);
}

/// "m/s": the letter is a unit and no variable, since another unit is below the line.
bool MathParser::at_unit_quotient() const {
  const std::string_view rest = lexer_.text().substr(token_.end);
  if (!rest.starts_with('/')) return false;
  size_t end = 1;
  while (end < rest.size() && ((rest[end] | 32) >= 'a' && (rest[end] | 32) <= 'z')) ++end;
  return end > 1 && find_unit(rest.substr(1, end - 1)) != nullptr;
}

/// \frac{\text{m}}{\text{s}}.
bool MathParser::at_unit_fraction() const {
  std::string_view rest = trim(lexer_.text().substr(token_.end));
  return rest.starts_with("{\\text{") || rest.starts_with("{\\mathrm{");
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
    } else if (is_command(Command::kFrac) && at_unit_fraction()) {
      size_t end = 0;
      for (int i = 0; i < 2; ++i) {
        text_content(end);
        if (end == 0) return;
        token_.end = end;
      }
      unit_end_ = end;
      reread(end);
    } else if (is_command(Command::kDollar)) {
      unit_end_ = token_.end;
      advance();
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
