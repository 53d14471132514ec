// Python's unicode-escape, as Jinja applies it: characters beyond ASCII are written as escapes first, so that
// a backslash right before one yields the backslash and the escape's letters.
#include "model/jinja_literal.h"

#include <cstdio>

#include "core/error.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

/// The value of `count` hexadecimal digits at literal[at], or -1.
int64_t hex_value(std::string_view literal, size_t at, size_t count) {
  if (at + count > literal.size()) return -1;
  int64_t value = 0;
  for (size_t i = at; i < at + count; ++i) {
    const char c = literal[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/// "xe9", "u20ac" or "U0001f600": the escape of a character without its backslash.
std::string escape_letters(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, c < 0x100 ? "x%02x" : c < 0x10000 ? "u%04x" : "U%08x", unsigned(c));
  return text;
}

class Unescaper {
 public:
  Unescaper(std::string_view literal, std::string& error_) : literal_(literal), error_(error_) {}

  std::string run() {
    while (at_ < literal_.size() && error_.empty()) {
      if (literal_[at_] != '\\' || at_ + 1 == literal_.size())
        text_ += literal_[at_++];
      else
        escape();
    }
    return std::move(text_);
  }

 private:
  void escape() {
    static constexpr std::string_view kFrom = "\\'\"abfnrtv", kTo = "\\'\"\a\b\f\n\r\t\v";
    const char c = literal_[at_ + 1];
    if (const size_t known = kFrom.find(c); known != std::string_view::npos) {
      text_ += kTo[known], at_ += 2;
    } else if (c == '\n') {
      at_ += 2;
    } else if (c >= '0' && c <= '7') {
      octal();
    } else if (c == 'x' || c == 'u' || c == 'U') {
      hexadecimal(c == 'x' ? 2 : c == 'u' ? 4 : 8);
    } else if (c == 'N') {
      error_ = "\\N{name} escapes are not supported; write the character itself";
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      size_t next = at_ + 1;
      text_ += '\\' + escape_letters(jinja_next_char(literal_, next));
      at_ = next;
    } else {
      text_ += {'\\', c};
      at_ += 2;
    }
  }

  void octal() {
    char32_t value = 0;
    size_t end = at_ + 1;
    for (; end < literal_.size() && end < at_ + 4 && literal_[end] >= '0' && literal_[end] <= '7'; ++end)
      value = value * 8 + char32_t(literal_[end] - '0');
    jinja_append_char(text_, value);
    at_ = end;
  }

  void hexadecimal(size_t digits) {
    const int64_t value = hex_value(literal_, at_ + 2, digits);
    if (value < 0 || value > 0x10FFFF) {
      error_ = concat("\\", literal_[at_ + 1], ": expected ", digits, " hexadecimal digits of a character");
    } else if (value >= 0xD800 && value <= 0xDFFF) {
      error_ = concat("\\", literal_[at_ + 1], ": half of a surrogate pair is no character");
    } else {
      jinja_append_char(text_, char32_t(value));
      at_ += 2 + digits;
    }
  }

  std::string_view literal_;
  std::string& error_;
  std::string text_;
  size_t at_ = 0;
};

}  // namespace

std::string unescape_jinja(std::string_view literal, std::string& error_) {
  return Unescaper(literal, error_).run();
}

}  // namespace hone
