// Characters, blanks and lines; cases are in jinja_case.cpp.
#include "model/jinja_unicode.h"

#include <utf8proc.h>

namespace hone {
namespace {

utf8proc_category_t category(char32_t c) { return utf8proc_category(utf8proc_int32_t(c)); }

bool is_letter(utf8proc_category_t k) { return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO; }

bool is_number(utf8proc_category_t k) { return k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO; }

bool is_space(char32_t c) {
  if (c < 0x80) return (c >= 9 && c <= 13) || (c >= 28 && c <= 32);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Digits that are not decimal: superscripts, subscripts and circled ones.
bool is_other_digit(char32_t c) {
  return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x1369 && c <= 0x1371) || c == 0x19DA || c == 0x2070 ||
         (c >= 0x2074 && c <= 0x2079) || (c >= 0x2080 && c <= 0x2089) || (c >= 0x2460 && c <= 0x2468) ||
         (c >= 0x2474 && c <= 0x247C) || (c >= 0x2488 && c <= 0x2490) || c == 0x24EA ||
         (c >= 0x24F5 && c <= 0x24FD) || c == 0x24FF || (c >= 0x2776 && c <= 0x277E) ||
         (c >= 0x2780 && c <= 0x2788) || (c >= 0x278A && c <= 0x2792);
}

bool is_printable(char32_t c) {
  if (c == ' ') return true;
  switch (category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return true;
  }
}

/// Letters that have a case by Unicode's Other_Lowercase and Other_Uppercase.
bool is_other_lower(char32_t c) {
  return c == 0xAA || c == 0xBA || (c >= 0x2B0 && c <= 0x2B8) || c == 0x2C0 || c == 0x2C1 ||
         (c >= 0x2E0 && c <= 0x2E4) || c == 0x345 || c == 0x37A || (c >= 0x1D2C && c <= 0x1D6A) ||
         (c >= 0x2170 && c <= 0x217F) || (c >= 0x24D0 && c <= 0x24E9);
}
bool is_other_upper(char32_t c) { return (c >= 0x2160 && c <= 0x216F) || (c >= 0x24B6 && c <= 0x24CF); }

bool is_lower(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LL || is_other_lower(c); }
bool is_upper(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LU || is_other_upper(c); }
bool is_title(char32_t c) { return category(c) == UTF8PROC_CATEGORY_LT; }

bool is_line_end(char32_t c) {
  return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// str.islower() (`wanted` kLower), str.isupper() or str.istitle().
bool all_of_case(std::string_view text, JinjaCharClass wanted) {
  bool cased = false, after_cased = false;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = jinja_next_char(text, at);
    const bool upper = is_upper(c) || is_title(c), lower = is_lower(c);
    if (wanted == JinjaCharClass::kLower && upper) return false;
    if (wanted == JinjaCharClass::kUpper && (lower || is_title(c))) return false;
    if (wanted == JinjaCharClass::kTitle && ((upper && after_cased) || (lower && !after_cased))) return false;
    after_cased = upper || lower;
    cased = cased || after_cased;
  }
  return cased;
}

}  // namespace

size_t jinja_char_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto c = static_cast<unsigned char>(text[0]);
  return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

char32_t jinja_next_char(std::string_view text, size_t& at_) {
  const auto first = static_cast<unsigned char>(text[at_++]);
  if (first < 0x80) return first;
  const int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  char32_t c = first & (0x3F >> more);
  for (int i = 0; i < more; ++i) c = c << 6 | (static_cast<unsigned char>(text[at_++]) & 0x3F);
  return c;
}

void jinja_append_char(std::string& text_, char32_t c) {
  char bytes[4];
  const auto length = utf8proc_encode_char(utf8proc_int32_t(c), reinterpret_cast<utf8proc_uint8_t*>(bytes));
  text_.append(bytes, size_t(length));
}

size_t jinja_count_chars(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (c & 0xC0) != 0x80;
  return count;
}

size_t jinja_byte_of(std::string_view text, size_t index) {
  size_t at = 0;
  for (; at < text.size() && index > 0; --index) at += jinja_char_length(text.substr(at));
  return at;
}

std::vector<std::string_view> jinja_chars(std::string_view text) {
  std::vector<std::string_view> chars;
  for (size_t at = 0; at < text.size(); at += chars.back().size())
    chars.push_back(text.substr(at, jinja_char_length(text.substr(at))));
  return chars;
}

size_t jinja_space_length(std::string_view text) {
  if (text.empty()) return 0;
  size_t at = 0;
  return is_space(jinja_next_char(text, at)) ? at : 0;
}

size_t jinja_word_length(std::string_view text) {
  if (text.empty()) return 0;
  size_t at = 0;
  const char32_t c = jinja_next_char(text, at);
  return c == '_' || jinja_is(c, JinjaCharClass::kAlnum) ? at : 0;
}

std::string_view jinja_lstrip(std::string_view text) {
  while (const size_t length = jinja_space_length(text)) text.remove_prefix(length);
  return text;
}

namespace {

/// The last character of a text that is not empty.
std::string_view last_char(std::string_view text) {
  size_t at = text.size() - 1;
  while (at > 0 && (text[at] & 0xC0) == 0x80) --at;
  return text.substr(at);
}

}  // namespace

std::string_view jinja_rstrip(std::string_view text) {
  while (!text.empty() && jinja_space_length(last_char(text))) text.remove_suffix(last_char(text).size());
  return text;
}

std::string_view jinja_strip(std::string_view text, std::string_view chars, bool left, bool right) {
  const auto has = [&](std::string_view c) { return chars.find(c) != std::string_view::npos; };
  while (left && !text.empty() && has(text.substr(0, jinja_char_length(text))))
    text.remove_prefix(jinja_char_length(text));
  while (right && !text.empty() && has(last_char(text))) text.remove_suffix(last_char(text).size());
  return text;
}

std::vector<std::string_view> jinja_lines(std::string_view text, bool keep_ends) {
  std::vector<std::string_view> lines;
  size_t begin = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = at;
    const char32_t c = jinja_next_char(text, at);
    if (!is_line_end(c)) continue;
    if (c == '\r' && at < text.size() && text[at] == '\n') ++at;
    lines.push_back(text.substr(begin, (keep_ends ? at : end) - begin));
    begin = at;
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

bool jinja_is(char32_t c, JinjaCharClass what) {
  switch (what) {
    case JinjaCharClass::kAlpha:
      return is_letter(category(c));
    case JinjaCharClass::kAlnum:
      return is_letter(category(c)) || is_number(category(c));
    case JinjaCharClass::kDecimal:
      return category(c) == UTF8PROC_CATEGORY_ND;
    case JinjaCharClass::kDigit:
      return category(c) == UTF8PROC_CATEGORY_ND || is_other_digit(c);
    case JinjaCharClass::kNumeric:
      return is_number(category(c));
    case JinjaCharClass::kSpace:
      return is_space(c);
    case JinjaCharClass::kPrintable:
      return is_printable(c);
    case JinjaCharClass::kLower:
      return is_lower(c);
    case JinjaCharClass::kUpper:
      return is_upper(c);
    case JinjaCharClass::kTitle:
      return is_title(c);
    case JinjaCharClass::kCased:
      return is_lower(c) || is_upper(c) || is_title(c);
  }
  return false;
}

bool jinja_all(std::string_view text, JinjaCharClass what) {
  if (what == JinjaCharClass::kLower || what == JinjaCharClass::kUpper || what == JinjaCharClass::kTitle)
    return all_of_case(text, what);
  for (size_t at = 0; at < text.size();)
    if (!jinja_is(jinja_next_char(text, at), what)) return false;
  return !text.empty() || what == JinjaCharClass::kPrintable;
}

}  // namespace hone
