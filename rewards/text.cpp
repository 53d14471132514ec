#include "rewards/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace hone {
namespace {

/// More marks behind one letter than any writing has: reordering them takes quadratic time, so such text is left alone.
bool has_heap_of_marks(std::string_view text) {
  constexpr int kMostMarks = 32;
  int marks = 0;
  for (size_t pos = 0; pos < text.size();) {
    const CodePoint c = decode(text, pos);
    marks = is_mark(c.value) ? marks + 1 : 0;
    if (marks > kMostMarks) return true;
    pos += c.length;
  }
  return false;
}

std::string normal_form(std::string_view text, int options) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (std::all_of(text.begin(), text.end(), is_ascii)) return std::string(text);
  if (has_heap_of_marks(text)) return std::string(text);
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &out, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(out, &std::free);
  if (size < 0) return std::string(text);
  return {reinterpret_cast<const char*>(out), static_cast<size_t>(size)};
}

}  // namespace

CodePoint decode(std::string_view text, size_t pos) {
  const auto first = static_cast<unsigned char>(text[pos]);
  if (first < 0x80) return {first, 1};
  utf8proc_int32_t value = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data() + pos);
  const utf8proc_ssize_t length =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - pos), &value);
  if (length <= 0) return {kBroken, 1};
  return {static_cast<char32_t>(value), static_cast<int>(length)};
}

bool is_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_letter(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool is_mark(char32_t c) {
  if (c < 0x300) return false;
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

bool is_punctuation(char32_t c) {
  const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

int64_t count_code_points(std::string_view text) {
  int64_t n = 0;
  for (size_t pos = 0; pos < text.size(); ++n) {
    pos += static_cast<unsigned char>(text[pos]) < 0x80 ? 1 : static_cast<size_t>(decode(text, pos).length);
  }
  return n;
}

std::string composed(std::string_view text) { return normal_form(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE); }

std::string compatible(std::string_view text) {
  return normal_form(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

namespace {

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string_view trim(std::string_view text) {
  size_t begin = 0, end = text.size();
  while (begin < end && is_ascii_space(text[begin])) ++begin;
  while (end > begin && is_ascii_space(text[end - 1])) --end;
  while (begin < end) {
    const CodePoint c = decode(text, begin);
    if (!is_space(c.value)) break;
    begin += c.length;
  }
  while (end > begin) {
    size_t start = end - 1;
    while (start > begin && end - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80)
      --start;
    const CodePoint c = decode(text, start);
    if (start + c.length != end || !is_space(c.value)) break;
    end = start;
  }
  return text.substr(begin, end - begin);
}

std::string collapse_space(std::string_view text) {
  text = trim(text);
  std::string out;
  out.reserve(text.size());
  bool pending = false;
  for (size_t pos = 0; pos < text.size();) {
    const CodePoint c = decode(text, pos);
    if (is_space(c.value)) {
      pending = true;
    } else {
      if (pending) out += ' ';
      pending = false;
      out.append(text, pos, c.length);
    }
    pos += c.length;
  }
  return out;
}

bool same_but_space(std::string_view a, std::string_view b) {
  if (a == b) return true;
  a = trim(a), b = trim(b);
  // Past a run of white space; false if there is none.
  const auto skip = [](std::string_view& text) {
    const size_t before = text.size();
    while (!text.empty()) {
      const CodePoint c = decode(text, 0);
      if (!is_space(c.value)) break;
      text.remove_prefix(static_cast<size_t>(c.length));
    }
    return text.size() != before;
  };
  while (!a.empty() && !b.empty()) {
    if (skip(a) != skip(b) || a.front() != b.front()) return false;
    a.remove_prefix(1), b.remove_prefix(1);
  }
  return a.empty() && b.empty();
}

std::string excerpt(std::string_view text, size_t limit) {
  std::string out;
  size_t pos = 0;
  while (pos < text.size() && out.size() < limit) {
    const CodePoint c = decode(text, pos);
    if (c.value == kBroken && c.length == 1) {
      out += "\xEF\xBF\xBD";
    } else {
      out.append(text, pos, c.length);
    }
    pos += c.length;
  }
  if (pos < text.size()) out += "...";
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t pos = 0; pos < text.size();) {
    const CodePoint c = decode(text, pos);
    if (c.value < 0x80) {
      out += static_cast<char>(c.value >= 'A' && c.value <= 'Z' ? c.value + 32 : c.value);
    } else if (c.value == kBroken && c.length == 1) {
      out += text[pos];
    } else {
      utf8proc_uint8_t bytes[4];
      const auto lower = utf8proc_tolower(static_cast<utf8proc_int32_t>(c.value));
      out.append(reinterpret_cast<const char*>(bytes),
                 static_cast<size_t>(utf8proc_encode_char(lower, bytes)));
    }
    pos += c.length;
  }
  return out;
}

}  // namespace hone
