#include "rewards/answer_scan.h"

#include <algorithm>
#include <array>
#include <string>

#include "rewards/text.h"
#include "rewards/text_search.h"

namespace hone {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// "#### Step 2: simplify" is a heading of markdown rather than an answer: it holds words.
bool is_heading(std::string_view line) {
  for (size_t i = 0; i + 1 < line.size(); ++i) {
    if (line[i] == '\\') {
      while (i + 1 < line.size() && is_word(line[i + 1])) ++i;
      if (i + 1 < line.size() && line[i + 1] == '{') i = std::min(line.find('}', i), line.size());
      continue;
    }
    if (is_word(line[i]) && !is_digit(line[i]) && is_word(line[i + 1]) && !is_digit(line[i + 1])) return true;
  }
  return false;
}

/// Where the scan begins so that kMostFinds of `what` lie behind; kNone if there is none.
size_t begin_of_last(std::string_view text, std::string_view what) {
  if (text.size() < kMostFinds) return find_text(text, what);
  const size_t begin = nth_last_text(text, what, kMostFinds);
  return begin == kNone ? find_text(text, what) : begin;
}

/// What a text that only speaks of boxes or tags puts inside them.
bool is_placeholder(std::string_view content) {
  constexpr auto kPlaceholders = std::to_array<std::string_view>(
      {"...", "\\ldots", "\\dots", "\\cdots", "?", "answer", "your answer", "the answer", "final answer",
       "your final answer", "the final answer", "and", "ans", "\xE2\x80\xA6"});
  if (content.empty() || content.size() > 30) return false;
  if (std::string_view(".\\?aytfAYTF\xE2").find(content[0]) == kNone || is_digit(content.back()))
    return false;
  if (content.starts_with("\\text{") && content.ends_with('}'))
    content = content.substr(6, content.size() - 7);
  return std::find(kPlaceholders.begin(), kPlaceholders.end(), lower_case(trim(content))) !=
         kPlaceholders.end();
}

}  // namespace

void add_find(std::vector<std::string_view>& found, std::string_view text) {
  text = trim(text);
  if (!text.empty() && !is_placeholder(text)) found.push_back(text);
}

std::vector<std::string_view> scan_blocks(std::string_view text, std::string_view open,
                                          std::string_view close, ScanWork* work) {
  std::vector<std::string_view> found;
  const size_t begin = begin_of_last(text, open);
  if (work && begin != kNone) work->bytes += text.size() - begin;
  for (size_t pos = begin; pos != kNone; pos = find_text(text, open, pos)) {
    if (work) ++work->places;
    pos += open.size();
    const size_t end = find_text(text, close, pos);
    if (end == kNone) break;
    add_find(found, text.substr(pos, end - pos));
    pos = end + close.size();
  }
  return found;
}

std::vector<std::string_view> scan_hashes(std::string_view text, ScanWork* work) {
  std::vector<std::string_view> found;
  const size_t begin = begin_of_last(text, "####");
  for (size_t pos = begin; pos != kNone; pos = find_text(text, "####", pos)) {
    if (work) ++work->places;
    while (pos < text.size() && text[pos] == '#') ++pos;
    const size_t end = std::min(text.find('\n', pos), text.size());
    const std::string_view line = undecorated(text.substr(pos, end - pos));
    const bool last = trim(text.substr(end, 64)).empty();
    if (last || !is_heading(line)) add_find(found, line);
    pos = end;
  }
  if (work && begin != kNone) work->bytes += text.size() - begin;
  return found;
}

std::vector<std::string_view> last_latex(std::string_view text, ScanWork* work) {
  struct Delimiters {
    std::string_view open, close;
  };
  constexpr std::array kDelimiters = {Delimiters{"$$", "$$"}, Delimiters{"$", "$"}, Delimiters{"\\(", "\\)"},
                                      Delimiters{"\\[", "\\]"}};
  std::string_view last;
  if (work) work->bytes += text.size();
  for (size_t pos = 0; pos < text.size();) {
    size_t next = pos + 1;
    if (text[pos] == '\\' || text[pos] == '$') {
      for (const auto& [open, close] : kDelimiters) {
        if (text.compare(pos, open.size(), open) != 0) continue;
        const size_t end = find_text(text, close, pos + open.size());
        // An opening delimiter that is never closed can't be closed later either: the scan ends here.
        if (end == kNone) return last.empty() ? std::vector<std::string_view>{} : std::vector{last};
        const std::string_view content = trim(text.substr(pos + open.size(), end - pos - open.size()));
        if (!content.empty()) last = content;
        next = end + close.size();
        break;
      }
      if (next == pos + 1 && text[pos] == '\\') next = pos + 2;  // "\$" is money
    }
    pos = next;
  }
  return last.empty() ? std::vector<std::string_view>{} : std::vector{last};
}

std::vector<std::string_view> last_number(std::string_view text, ScanWork* work) {
  size_t end = text.size();
  if (work) work->bytes += text.size();
  while (end > 0 && !is_digit(text[end - 1])) --end;
  size_t begin = end;
  while (begin > 0) {
    const char c = text[begin - 1];
    const bool inner = (c == ',' || c == '.') && begin > 1 && is_digit(text[begin - 2]);
    if (!is_digit(c) && !inner) break;
    --begin;
  }
  if (begin == end) return {};
  if (begin > 1 && text[begin - 1] == '.' && !is_word(text[begin - 2])) --begin;
  if (begin > 0 && text[begin - 1] == '-' && (begin == 1 || !is_word(text[begin - 2]))) --begin;
  return {text.substr(begin, end - begin)};
}

std::string_view undecorated(std::string_view text) {
  if (!text.empty() && is_word(text.front()) && is_word(text.back())) return text;  // most answers
  for (bool changed = true; changed;) {
    changed = false;
    text = trim(text);
    if (text.empty()) break;
    const bool marked = std::string_view("*_$\\`\"'\xE2").find(text.front()) != kNone;
    const auto strip = [&](std::string_view open, std::string_view close) {
      if (text.front() != open.front() || text.back() != close.back() ||
          text.size() <= open.size() + close.size() || !text.starts_with(open) || !text.ends_with(close))
        return;
      const std::string_view inner = text.substr(open.size(), text.size() - open.size() - close.size());
      if (inner.find(open) != kNone || inner.find(close) != kNone) return;
      text = inner, changed = true;
    };
    if (marked) {
      strip("**", "**");
      strip("__", "__");
      strip("*", "*");
      strip("$$", "$$");
      strip("$", "$");
      strip("\\(", "\\)");
      strip("\\[", "\\]");
      strip("`", "`");
      strip("``", "''");
      strip("\"", "\"");
      strip("'", "'");
      strip("\xE2\x80\x9C", "\xE2\x80\x9D");  // curly quotation marks
    }
    if (text.back() != '.' && text.back() != '\x82') continue;
    for (const std::string_view stop : {std::string_view("."), std::string_view("\xE3\x80\x82")}) {
      if (text.size() > stop.size() && text.ends_with(stop)) text.remove_suffix(stop.size()), changed = true;
    }
  }
  return text;
}

}  // namespace hone
