#include "rewards/math_lexer.h"

#include <algorithm>
#include <array>

namespace hone {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Commands that only move things on the page.
constexpr std::array<std::string_view, 26> kSpacing = {
    "left",   "right",    "quad",      "qquad",   "displaystyle", "textstyle", "scriptstyle",
    "limits", "nolimits", "thinspace", "enspace", "strut",        "mathstrut", "big",
    "Big",    "bigg",     "Bigg",      "bigl",    "bigr",         "Bigl",      "Bigr",
    "biggl",  "biggr",    "Biggl",     "Biggr",   "middle"};

bool is_spacing(std::string_view name) {
  return std::find(kSpacing.begin(), kSpacing.end(), name) != kSpacing.end();
}

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

Token Lexer::next(bool commas_divide) {
  Token token;
  token.space_before = skip_spacing();
  token.begin = pos_;
  token.end = pos_;
  if (pos_ >= text_.size()) return token;
  const char c = text_[pos_];
  if (is_digit(c) || (c == '.' && is_digit(at(pos_ + 1)))) return number(token, commas_divide);
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
    return next(false);
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

/// The length of a thousands separator at the position, 0 if there is none; `group` is the length of the digits before it.
size_t Lexer::separator(bool commas_divide, size_t group) {
  if (group == 0 || group > 3) return 0;
  size_t length = 0;
  bool plain_comma = false;
  const std::string_view rest = text_.substr(std::min(pos_, text_.size()), 8);
  if (rest.starts_with(",\\!")) {
    length = 3;
    while (at(pos_ + length) == ' ') ++length;
  } else if (rest.starts_with("{,}")) {
    length = 3;
  } else if (rest.starts_with("\\,") || rest.starts_with("\\ ")) {
    length = 2;
  } else if (rest.starts_with(" ")) {
    length = 1;
  } else if (rest.starts_with(",")) {
    length = 1;
    plain_comma = true;
  } else {
    return 0;
  }
  for (size_t i = 0; i < 3; ++i) {
    if (!is_digit(at(pos_ + length + i))) return 0;
  }
  if (is_digit(at(pos_ + length + 3))) return 0;
  if (rest[0] == ' ' && at(pos_ + 4) == '/') return 0;  // "1 123/456" is a mixed number
  if (!plain_comma) return length;
  if (pos_ < rejected_until_) return 0;
  if (pos_ < checked_until_) return commas_divide ? 0 : length;
  // All groups behind plain commas have three digits, or none of the commas divides thousands.
  size_t end = pos_;
  while (at(end) == ',' && is_digit(at(end + 1))) {
    size_t digits = 0;
    while (is_digit(at(end + 1 + digits))) ++digits;
    if (digits != 3) {
      rejected_until_ = end + 1;
      return 0;
    }
    end += 4;
  }
  ambiguous_comma_ = true;
  checked_until_ = end;
  return commas_divide ? 0 : length;
}

Token Lexer::number(Token token, bool commas_divide) {
  token.kind = TokenKind::kNumber;
  Number& n = token.number;
  const auto digit = [&] {
    const int value = text_[pos_++] - '0';
    if (n.digits > 0 || value > 0) ++n.digits;
    if (n.digits <= 18) n.mantissa = n.mantissa * 10 + value;
  };
  size_t group = pos_;
  while (is_digit(at(pos_))) digit();
  n.leading_zero = text_[token.begin] == '0' && pos_ > token.begin + 1;
  size_t group_length = n.leading_zero || n.mantissa == 0 ? 0 : pos_ - group;
  for (size_t length; (length = separator(commas_divide, group_length)) > 0; group_length = 3) {
    pos_ += length;
    for (int i = 0; i < 3; ++i) digit();
  }
  if (at(pos_) == '.' && is_digit(at(pos_ + 1))) {
    n.has_point = true;
    ++pos_;
    while (is_digit(at(pos_))) digit(), ++n.scale;
  } else if (at(pos_) == '.' && at(pos_ + 1) != '.') {
    ++pos_;  // "5." is 5, "0.\overline{3}" a decimal
    n.has_point = text_.substr(pos_).starts_with("\\overline") || text_.substr(pos_).starts_with("\\dot");
  }
  const size_t sign = at(pos_ + 1) == '-' || at(pos_ + 1) == '+' ? 1 : 0;
  if ((at(pos_) == 'e' || at(pos_) == 'E') && is_digit(at(pos_ + 1 + sign))) {
    int exponent = 0;
    size_t end = pos_ + 1 + sign;
    while (is_digit(at(end)) && exponent <= kMaxExponent) exponent = exponent * 10 + (text_[end++] - '0');
    if (!is_ascii_letter(at(end)) && !is_digit(at(end))) {
      n.scale += at(pos_ + 1) == '-' ? exponent : -exponent;
      n.has_point = true;
      pos_ = end;
    }
  }
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
