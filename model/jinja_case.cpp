// Upper, lower and title case with what one-to-one mappings leave out: special casing and the final sigma.
#include <utf8proc.h>

#include "model/jinja_unicode.h"

namespace hone {
namespace {

void append_upper(std::string& text_, char32_t c, bool title) {
  if (c < 0x80) {
    text_ += char(c >= 'a' && c <= 'z' ? c - 32 : c);
    return;
  }
  if (const char32_t* special = jinja_special_case(c, title)) {
    for (int i = 0; i < 3 && special[i]; ++i) jinja_append_char(text_, special[i]);
    return;
  }
  const auto code = utf8proc_int32_t(c);
  jinja_append_char(text_, char32_t(title ? utf8proc_totitle(code) : utf8proc_toupper(code)));
}

/// What the rule of the final sigma looks through: marks, format characters and signs within words.
bool is_case_ignorable(char32_t c) {
  switch (utf8proc_category(utf8proc_int32_t(c))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return c == '\'' || c == '.' || c == ':' || c == 0xB7 || c == 0x387 || c == 0x2018 || c == 0x2019 ||
             c == 0x2024 || c == 0x2027;
  }
}

/// Whether the sigma that ends at byte `end` of `text` and begins at `begin` is a word's last letter.
bool is_final_sigma(std::string_view text, size_t begin, size_t end) {
  bool before = false;
  while (begin > 0) {
    do --begin;
    while (begin > 0 && (text[begin] & 0xC0) == 0x80);
    size_t at = begin;
    const char32_t c = jinja_next_char(text, at);
    if (is_case_ignorable(c)) continue;
    before = jinja_is(c, JinjaCharClass::kCased);
    break;
  }
  if (!before) return false;
  while (end < text.size()) {
    const char32_t c = jinja_next_char(text, end);
    if (!is_case_ignorable(c)) return !jinja_is(c, JinjaCharClass::kCased);
  }
  return true;
}

/// Lower case of the character of `text` at byte at_, which moves on.
void append_lower(std::string& result_, std::string_view text, size_t& at_) {
  const size_t begin = at_;
  const char32_t c = jinja_next_char(text, at_);
  if (c < 0x80) {
    result_ += char(c >= 'A' && c <= 'Z' ? c + 32 : c);
  } else if (c == 0x130) {
    result_ += "i\u0307";
  } else if (c == 0x3A3) {
    jinja_append_char(result_, is_final_sigma(text, begin, at_) ? 0x3C2 : 0x3C3);
  } else {
    jinja_append_char(result_, char32_t(utf8proc_tolower(utf8proc_int32_t(c))));
  }
}

}  // namespace

std::string jinja_upper(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) append_upper(result, jinja_next_char(text, at), false);
  return result;
}

std::string jinja_lower(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) append_lower(result, text, at);
  return result;
}

std::string jinja_title(std::string_view text) {
  std::string result;
  bool in_word = false;
  for (size_t at = 0; at < text.size();) {
    size_t next = at;
    const char32_t c = jinja_next_char(text, next);
    if (in_word)
      append_lower(result, text, at);
    else
      append_upper(result, c, true);
    at = next;
    in_word = jinja_is(c, JinjaCharClass::kCased);
  }
  return result;
}

std::string jinja_capitalize(std::string_view text) {
  std::string result;
  size_t at = 0;
  if (!text.empty()) append_upper(result, jinja_next_char(text, at), true);
  while (at < text.size()) append_lower(result, text, at);
  return result;
}

std::string jinja_swapcase(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    size_t next = at;
    const char32_t c = jinja_next_char(text, next);
    if (jinja_is(c, JinjaCharClass::kUpper))
      append_lower(result, text, at);
    else if (jinja_is(c, JinjaCharClass::kLower))
      append_upper(result, c, false);
    else
      jinja_append_char(result, c);
    at = next;
  }
  return result;
}

std::string jinja_casefold(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    utf8proc_int32_t folded[8];
    int bound = UTF8PROC_BOUNDCLASS_START;
    const auto c = utf8proc_int32_t(jinja_next_char(text, at));
    const auto count = utf8proc_decompose_char(c, folded, 8, UTF8PROC_CASEFOLD, &bound);
    for (int i = 0; i < count; ++i) jinja_append_char(result, char32_t(folded[i]));
  }
  return result;
}

}  // namespace hone
