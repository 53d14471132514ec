// The parser's view of units and other words behind a quantity: "5 cm^2", "12 right triangles", "4:30 p.m.", "3 (mod 7)".
#include <algorithm>
#include <cstdlib>

#include "rewards/math_measure.h"
#include "rewards/math_parser.h"
#include "rewards/math_units.h"
#include "rewards/text.h"

namespace hone {
namespace {

bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

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
      if (run.size() == 1 && after_number && find_unit(run) &&
          (at_unit_quotient() || in_more_units_ || next_amount(token_.end, run) != std::string_view::npos))
        return true;
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

/// "\text{Rs. }5", "\text{\$}5": the same in \text, whose content ends at `end`. True if it was read.
bool MathParser::text_currency(std::string_view content, size_t end) {
  std::string_view name = trim(content);
  while (name.ends_with('.')) name.remove_suffix(1);
  const Unit* unit = find_unit(name);
  if (name != "\\$" && (!unit || unit->quantity != hone::Quantity::kMoney)) return false;
  const Token start = token_;
  reread(end);
  if (token_.kind == TokenKind::kNumber) {
    unit_begin_ = static_cast<size_t>(name.data() - lexer_.text().data());
    unit_end_ = unit_begin_ + name.size();
    return true;
  }
  token_ = start;
  lexer_.seek(start.end);
  return false;
}

/// "5(cm)", "25(\text{cm}^2)": the token is the bracket behind a number. True if a unit in brackets was read.
bool MathParser::bracketed_unit() {
  const std::string_view text = lexer_.text();
  const size_t close = text.find(')', token_.end);
  if (close == std::string_view::npos || close - token_.end > 40) return false;
  const std::string_view inside = trim(text.substr(token_.end, close - token_.end));
  if (inside.empty()) return false;
  const bool foreign = static_cast<unsigned char>(inside[0]) >= 0x80;
  const size_t exponent = std::min(inside.find('^'), inside.size());
  const bool formula =
      inside.substr(0, exponent).find_first_of("0123456789+-*=<>,(|_") != std::string_view::npos ||
      inside.substr(exponent).find_first_of("+*=<>,(|_") != std::string_view::npos;
  if (formula) return false;
  const bool single = inside.size() < 2 || (inside.size() > 1 && !is_letter(inside[1]) && inside[0] != '\\');
  const auto measure = single ? std::nullopt : measure_of(inside);
  const bool known = (measure && !measure->partial) || inside == "units" || inside == "square units";
  if (!foreign && !known) return false;
  unit_begin_ = static_cast<size_t>(inside.data() - text.data());
  unit_end_ = unit_begin_ + inside.size();
  reread(close + 1);
  return true;
}

/// Where the number stands that a quantity in `unit` goes on with: the 30 of "2 hours and 30 minutes", "2 h 30 min", "2 hours, 30 minutes".
/// npos if none does: the unit behind it has to be a smaller one of the same kind, and the number less than one of the larger.
size_t MathParser::next_amount(size_t begin, std::string_view unit) const {
  const std::string_view text = lexer_.text();
  const auto whole = measure_of(unit);
  if (!whole || whole->partial) return std::string_view::npos;
  std::string_view rest = text.substr(begin);
  const auto skip_spaces = [&] {
    while (!rest.empty() &&
           (rest[0] == ' ' || rest[0] == '~' || rest.starts_with("\\ ") || rest.starts_with("\\,")))
      rest.remove_prefix(rest[0] == '\\' ? 2 : 1);
  };
  skip_spaces();
  bool linked = false;
  if (rest.starts_with(',') && whole->dimensions[static_cast<size_t>(Dimension::kTime)] == 1)
    rest.remove_prefix(1), skip_spaces();
  for (const std::string_view link :
       {"and ", "\\text{ and }", "\\text{and }", "\\text{ and}", "\\text{and}"}) {
    if (!linked && rest.starts_with(link)) rest.remove_prefix(link.size()), linked = true;
  }
  skip_spaces();
  const size_t at = text.size() - rest.size();
  const size_t digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
  if (digits == 0 || digits > 9) return std::string_view::npos;
  const double value = std::strtod(std::string(rest.substr(0, digits)).c_str(), nullptr);
  rest.remove_prefix(digits);
  skip_spaces();
  for (const std::string_view font : {"\\text{", "\\mathrm{", "\\textrm{", "\\mbox{"}) {
    if (rest.starts_with(font)) rest.remove_prefix(font.size());
  }
  skip_spaces();
  size_t end = 0;
  while (end < rest.size() && is_letter(rest[end])) ++end;
  const auto part = end == 0 ? std::nullopt : measure_of(rest.substr(0, end), &*whole);
  if (!part || part->partial || !part->same_dimensions(*whole)) return std::string_view::npos;
  const auto ratio = quotient(whole->factor, part->factor);
  const bool less =
      ratio && value * static_cast<double>(ratio->denominator) < static_cast<double>(ratio->numerator);
  return less ? at : std::string_view::npos;
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
    in_more_units_ = true;
    const NodeId value = product();
    in_more_units_ = false;
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
    go_on_with_amount();
  }
  unit_begin_ = begin;
  unit_end_ = end;
  return failed_ ? 0 : nary(Op::kSum, from);
}

/// Past what stands between a quantity and the rest of it, as in "2 hours and 30 minutes", to the number.
void MathParser::go_on_with_amount() {
  if (token_.kind == TokenKind::kNumber || at_end()) return;
  if (const size_t at = next_amount(token_.begin, slice(unit_begin_, unit_end_));
      at != std::string_view::npos)
    reread(at);
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
