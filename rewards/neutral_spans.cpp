#include "rewards/neutral_spans.h"

#include <algorithm>

namespace hone {
namespace {

constexpr size_t kNone = std::string_view::npos;
constexpr size_t kLongestTag = 32;

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace

size_t NeutralSpans::end(size_t pos, bool at_word) {
  switch (text_[pos]) {
    case '<':
      return tag(pos);
    case '\\':
      return command(pos);
    case '$':
      return dollar(pos);
    case '`':
      return text_.compare(pos, 3, "```") == 0 ? between(pos, "```", fence_, false)
                                               : between(pos, "`", tick_, true);
    case '[':
      return text_.compare(pos, 5, "[asy]") == 0 ? between(pos, "[/asy]", drawing_, false) : pos;
    case 'h':
    case 'w':
      return at_word ? address(pos) : pos;
    default:
      return pos;
  }
}

/// Past the next `mark`. `exhausted` remembers that there is none any more.
size_t NeutralSpans::between(size_t pos, std::string_view mark, bool& exhausted, bool inside_paragraph) {
  if (exhausted) return pos;
  const size_t close = text_.find(mark, pos + mark.size());
  exhausted = close == kNone;
  if (exhausted || (inside_paragraph && close > paragraph_end(pos))) return pos;
  return close + mark.size();
}

/// "$5 and $6" is money: what closes latex has no white space before it and no digit after it.
size_t NeutralSpans::dollar(size_t pos) {
  if (text_.compare(pos, 2, "$$") == 0) return between(pos, "$$", dollars_, false);
  const size_t end = between(pos, "$", dollar_, true);
  if (end == pos) return pos;
  const bool digit_after = end < text_.size() && text_[end] >= '0' && text_[end] <= '9';
  return is_blank(text_[end - 2]) || digit_after ? pos : end;
}

/// No white space inside, at most kLongestTag bytes.
size_t NeutralSpans::tag(size_t pos) const {
  for (size_t i = pos + 1; i < std::min(text_.size(), pos + kLongestTag); ++i) {
    const char c = text_[i];
    if (c == '>') return i > pos + 1 ? i + 1 : pos;
    if (is_blank(c) || c == '<' || static_cast<unsigned char>(c) >= 0x80) return pos;
  }
  return pos;
}

size_t NeutralSpans::command(size_t pos) {
  if (text_.compare(pos, 2, "\\(") == 0) return between(pos, "\\)", round_, false);
  if (text_.compare(pos, 2, "\\[") == 0) return between(pos, "\\]", square_, false);
  size_t end = pos + 1;
  while (end < text_.size() && is_ascii_letter(text_[end])) ++end;
  return std::min(std::max(end, pos + 2), text_.size());
}

size_t NeutralSpans::address(size_t pos) const {
  const auto begins = [&](std::string_view what) { return text_.compare(pos, what.size(), what) == 0; };
  if (!begins("http://") && !begins("https://") && !begins("www.")) return pos;
  while (pos < text_.size() && !is_blank(text_[pos]) && static_cast<unsigned char>(text_[pos]) < 0x80) ++pos;
  return pos;
}

size_t NeutralSpans::paragraph_end(size_t pos) {
  if (paragraph_end_ != kNone && paragraph_end_ <= pos) paragraph_end_ = text_.find("\n\n", pos);
  return paragraph_end_;
}

}  // namespace hone
