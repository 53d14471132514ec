// Text as Python's str sees it: a row of code points, with Python's ideas of blanks, words, cases and what
// can be printed. Texts are UTF-8 and known to be well formed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hone {

size_t jinja_char_length(std::string_view text);               // bytes of its first character; 0 if empty
char32_t jinja_next_char(std::string_view text, size_t& at_);  // the character at byte at_, which moves on
void jinja_append_char(std::string& text_, char32_t c);

size_t jinja_count_chars(std::string_view text);
/// The byte at which character `index` begins; text.size() if there are not so many.
size_t jinja_byte_of(std::string_view text, size_t index);
std::vector<std::string_view> jinja_chars(std::string_view text);

/// Bytes of the blank (str.isspace) or word character (\w) that `text` begins with, or 0.
size_t jinja_space_length(std::string_view text);
size_t jinja_word_length(std::string_view text);

std::string_view jinja_lstrip(std::string_view text);
std::string_view jinja_rstrip(std::string_view text);
/// Without the leading or trailing characters that are in `chars`.
std::string_view jinja_strip(std::string_view text, std::string_view chars, bool left, bool right);

std::string jinja_upper(std::string_view text);
std::string jinja_lower(std::string_view text);
std::string jinja_title(std::string_view text);
std::string jinja_capitalize(std::string_view text);
std::string jinja_swapcase(std::string_view text);
std::string jinja_casefold(std::string_view text);

/// Upper or title case of a character that has a longer one (up to three, filled up with 0), or null.
const char32_t* jinja_special_case(char32_t c, bool title);

/// str.splitlines().
std::vector<std::string_view> jinja_lines(std::string_view text, bool keep_ends);

enum class JinjaCharClass {
  kAlpha,
  kAlnum,
  kDecimal,
  kDigit,
  kNumeric,
  kSpace,
  kPrintable,
  kLower,
  kUpper,
  kTitle,
  kCased
};
bool jinja_is(char32_t c, JinjaCharClass what);
/// str.isalpha() and the like: no character fails, and there is one (printable: or none; lower, upper, title:
/// as Python has them).
bool jinja_all(std::string_view text, JinjaCharClass what);

}  // namespace hone
