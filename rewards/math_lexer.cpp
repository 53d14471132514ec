#include "rewards/math_lexer.h"

#include <algorithm>
#include <array>

namespace hone {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Commands that only move things on the page.
constexpr auto kSpacing = std::to_array<std::string_view>(
    {"Big",      "Bigg",         "Biggl",     "Biggr", "Bigl",  "Bigr",       "Huge",        "LARGE",
     "Large",    "big",          "bigg",      "biggl", "biggr", "bigl",       "bigr",        "displaystyle",
     "enspace",  "footnotesize", "huge",      "large", "left",  "limits",     "mathstrut",   "middle",
     "nolimits", "normalsize",   "qquad",     "quad",  "right", "scriptsize", "scriptstyle", "small",
     "strut",    "textstyle",    "thinspace", "tiny"});
static_assert(std::is_sorted(kSpacing.begin(), kSpacing.end()));

bool is_spacing(std::string_view name) { return std::binary_search(kSpacing.begin(), kSpacing.end(), name); }

constexpr int kMaxExponent = 10000;

}  // namespace

/// Past everything that is not seen. True if some of it was white space.
bool Lexer::skip_spacing() {
  bool space = false;
  for (;;) {
    const char c = at(pos_);
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '~') {
      space = true;
      ++pos_;
    } else if (c == '$') {
      ++pos_;
    } else if (c == '\\') {
      const char next = at(pos_ + 1);
      if (next == ',' || next == ';' || next == ':' || next == '>' || next == ' ') {
        space = true;
        pos_ += 2;
      } else if (next == '!' || next == '(' || next == ')' || next == '[' || next == ']') {
        pos_ += 2;
      } else if (next == '\0' && pos_ + 1 >= text_.size()) {
        ++pos_;  // what trimming left of a last "\ "
      } else if (is_ascii_letter(next)) {
        size_t end = pos_ + 1;
        while (is_ascii_letter(at(end))) ++end;
        const std::string_view name = text_.substr(pos_ + 1, end - pos_ - 1);
        if (!is_spacing(name)) return space;
        pos_ = end;
        if ((name == "left" || name == "right") && at(pos_) == '.') ++pos_;
        space = space || name.ends_with("quad") || name.ends_with("space");
      } else {
        return space;
      }
    } else {
      return space;
    }
  }
}

Token Lexer::next(Commas commas) {
  Token token;
  token.space_before = skip_spacing();
  token.begin = pos_;
  token.end = pos_;
  if (pos_ >= text_.size()) return token;
  const char c = text_[pos_];
  if (is_digit(c) || (c == '.' && is_digit(at(pos_ + 1)))) return number(token, commas);
  if (c == '\\') return command(token);
  if (is_ascii_letter(c)) {
    token.kind = TokenKind::kLetters;
    while (is_ascii_letter(at(pos_))) ++pos_;
  } else if (static_cast<unsigned char>(c) >= 0x80) {
    token.kind = TokenKind::kForeign;
    while (static_cast<unsigned char>(at(pos_)) >= 0x80) ++pos_;
  } else {
    token.kind = TokenKind::kMark;
    token.mark = c;
    ++pos_;
  }
  token.end = pos_;
  return token;
}

Token Lexer::next_argument() {
  Token token;
  token.space_before = skip_spacing();
  token.begin = pos_;
  token.end = pos_;
  if (pos_ >= text_.size() || text_[pos_] == '\\' || static_cast<unsigned char>(text_[pos_]) >= 0x80)
    return next(Commas::kGroup);
  const char c = text_[pos_++];
  token.end = pos_;
  if (is_digit(c)) {
    token.kind = TokenKind::kNumber;
    token.number = {c - '0', c == '0' ? 0 : 1};
  } else if (is_ascii_letter(c)) {
    token.kind = TokenKind::kLetters;
  } else {
    token.kind = TokenKind::kMark;
    token.mark = c;
  }
  return token;
}

/// Exactly `count` digits stand at `position`.
bool Lexer::digits_at(size_t position, size_t count) const {
  for (size_t i = 0; i < count; ++i) {
    if (!is_digit(at(position + i))) return false;
  }
  return !is_digit(at(position + count));
}

namespace {

struct Separator {
  size_t length = 0;
  bool plain_comma = false;
};

/// A comma, an apostrophe, a space or a dot in one of the ways that latex sets them, with the \! around it.
Separator separator_at(std::string_view rest, bool dots) {
  constexpr std::string_view kMarks[] = {",", "{,}", "\\text{,}", "\\,", "\\;", "\\:", "\\ ", "~", " ", "'"};
  constexpr std::string_view kNegative = "\\!";
  Separator out;
  while (rest.substr(out.length).starts_with(kNegative)) out.length += kNegative.size();
  const size_t before = out.length;
  for (const std::string_view mark : kMarks) {
    if (!rest.substr(out.length).starts_with(mark)) continue;
    out.plain_comma = before == 0 && mark == ",";
    out.length += mark.size();
    break;
  }
  if (out.length == before) return dots && rest.starts_with(".") ? Separator{1} : Separator{};
  while (rest.substr(out.length).starts_with(kNegative)) {
    out.length += kNegative.size();
    out.plain_comma = false;
    while (rest.substr(out.length).starts_with(" ")) ++out.length;
  }
  return out;
}

}  // namespace

/// The length of a thousands separator at the position, 0 if there is none; `group` is the length of the digits before it.
size_t Lexer::separator(Commas commas, size_t group) {
  if (group == 0 || group > 3) return 0;
  const char c = at(pos_);
  if (c != ',' && c != '{' && c != '\\' && c != ' ' && c != '~' && c != '\'' && c != '.') return 0;
  // "1.234.567": one dot may be a decimal point, two can't.
  const bool dots = c == '.' && digits_at(pos_ + 1, 3) &&
                    (commas == Commas::kDecimal || (at(pos_ + 4) == '.' && digits_at(pos_ + 5, 3)) ||
                     (pos_ >= 4 && at(pos_ - 4) == '.'));
  const Separator found = separator_at(text_.substr(std::min(pos_, text_.size()), 16), dots);
  if (found.length == 0) return 0;
  if (found.plain_comma && commas == Commas::kIndian && digits_at(pos_ + 1, 2) && at(pos_ + 3) == ',')
    return 1;
  if (!digits_at(pos_ + found.length, 3)) return 0;
  if (c == ' ' && at(pos_ + 4) == '/') return 0;  // "1 123/456" is a mixed number
  if (!found.plain_comma) return found.length;
  if (commas == Commas::kDecimal) return 0;
  if (commas == Commas::kIndian) return found.length;
  if (pos_ < rejected_until_) return 0;
  if (pos_ < checked_until_) return commas == Commas::kDivide ? 0 : found.length;
  // All groups behind plain commas have three digits, or none of the commas divides thousands.
  size_t end = pos_;
  while (at(end) == ',' && is_digit(at(end + 1))) {
    if (!digits_at(end + 1, 3)) {
      rejected_until_ = end + 1;
      return 0;
    }
    end += 4;
  }
  ambiguous_comma_ = true;
  checked_until_ = end;
  return commas == Commas::kDivide ? 0 : found.length;
}

void Lexer::read_digit(Number& n) {
  const int value = text_[pos_++] - '0';
  if (n.digits > 0 || value > 0) ++n.digits;
  if (n.digits <= 18) n.mantissa = n.mantissa * 10 + value;
}

/// The groups behind the first one. True if a dot divided some.
bool Lexer::read_groups(Number& n, Commas commas, size_t group) {
  bool dots = false;
  for (size_t length; (length = separator(commas, group)) > 0; group = 3) {
    dots = dots || at(pos_) == '.';
    pos_ += length;
    while (is_digit(at(pos_))) read_digit(n);
  }
  return dots;
}

/// The decimal mark, ".", "{,}" or a comma where it can be nothing else, and the digits behind it.
void Lexer::read_fraction(Number& n, Commas commas) {
  size_t mark = at(pos_) == '.' ? 1 : 0;
  if (commas == Commas::kDecimal && mark == 0 && at(pos_) == ',') mark = 1;
  if (mark == 0 && text_.substr(std::min(pos_, text_.size()), 3) == "{,}") mark = 3;
  if (mark > 0 && is_digit(at(pos_ + mark))) {
    n.has_point = true;
    pos_ += mark;
    while (is_digit(at(pos_))) read_digit(n), ++n.scale;
    return;
  }
  if (at(pos_) != '.' || at(pos_ + 1) == '.') return;
  ++pos_;  // "5." is 5, "0.\overline{3}" and "0.(3)" are decimals
  const std::string_view rest = text_.substr(pos_);
  n.has_point = rest.starts_with("\\overline") || rest.starts_with("\\dot") || rest.starts_with("\\bar") ||
                (rest.starts_with("(") && is_digit(at(pos_ + 1)));
}

/// "e-5" of 6.7e-5.
void Lexer::read_exponent(Number& n) {
  if (at(pos_) != 'e' && at(pos_) != 'E') return;
  const size_t sign = at(pos_ + 1) == '-' || at(pos_ + 1) == '+' ? 1 : 0;
  if (!is_digit(at(pos_ + 1 + sign))) return;
  int exponent = 0;
  size_t end = pos_ + 1 + sign;
  while (is_digit(at(end)) && exponent <= kMaxExponent) exponent = exponent * 10 + (text_[end++] - '0');
  if (is_ascii_letter(at(end)) || is_digit(at(end)) || at(end) == '_') return;
  n.scale += at(pos_ + 1) == '-' ? exponent : -exponent;
  n.has_point = true;
  pos_ = end;
}

Token Lexer::number(Token token, Commas commas) {
  token.kind = TokenKind::kNumber;
  Number& n = token.number;
  while (is_digit(at(pos_))) read_digit(n);
  n.leading_zero = text_[token.begin] == '0' && pos_ > token.begin + 1;
  const bool dots = read_groups(n, commas, n.leading_zero || n.mantissa == 0 ? 0 : pos_ - token.begin);
  read_fraction(n, dots ? Commas::kDecimal : commas);
  read_exponent(n);
  token.end = pos_;
  return token;
}

Token Lexer::command(Token token) {
  const char c = at(pos_ + 1);
  token.kind = TokenKind::kCommand;
  if (is_ascii_letter(c)) {
    size_t end = pos_ + 1;
    while (is_ascii_letter(at(end))) ++end;
    const CommandInfo info = find_command(text_.substr(pos_ + 1, end - pos_ - 1));
    token.command = info.command;
    token.aux = info.aux;
    if (info.name == "cr") token.kind = TokenKind::kRowEnd;  // TeX's own
    pos_ = end;
  } else {
    pos_ = std::min(pos_ + 2, text_.size());
    switch (c) {
      case '{':
        token.command = Command::kOpenBrace;
        break;
      case '}':
        token.command = Command::kCloseBrace;
        break;
      case '%':
        token.command = Command::kPercent;
        break;
      case '$':
        token.command = Command::kDollar;
        break;
      case '|':
        token.command = Command::kBar;
        break;
      case '\\':
        token.kind = TokenKind::kRowEnd;
        break;
      default:
        token.kind = TokenKind::kMark;
        token.mark = c;
    }
  }
  token.end = pos_;
  return token;
}

}  // namespace hone
