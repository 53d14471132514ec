#include "rewards/answer_scan.h"

#include <algorithm>
#include <array>
#include <string>

#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kNone = std::string_view::npos;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Span {
  size_t begin = 0, end = 0;  // of the content
};

/// "\boxed 5": the content of a box without braces is one item, to the next white space or delimiter.
Span bare_box(std::string_view text, size_t pos) {
  while (pos < text.size() && (text[pos] == ' ' || text[pos] == '\t')) ++pos;
  size_t end = pos;
  if (end < text.size() && text[end] == '-') ++end;
  while (end < text.size() && (is_digit(text[end]) || ((text[end] == '.' || text[end] == ',') &&
                                                       end + 1 < text.size() && is_digit(text[end + 1])))) {
    ++end;
  }
  const bool number = end > pos && is_digit(text[end - 1]);
  return number && (end == text.size() || !is_word(text[end])) ? Span{pos, end} : Span{pos, pos};
}

/// "\\boxed\\frac{1}{2}", "\\boxed\\text{B}": a command with the groups that follow it.
Span command_box(std::string_view text, size_t pos) {
  constexpr size_t kLongest = 200;
  if (pos + 1 >= text.size() || text[pos] != '\\' || !is_word(text[pos + 1])) return {pos, pos};
  const size_t limit = std::min(text.size(), pos + kLongest);
  size_t end = pos + 1, groups = 0;
  while (end < limit && is_word(text[end]) && !is_digit(text[end])) ++end;
  for (; groups < 2 && end < limit && text[end] == '{'; ++groups) {
    int depth = 0;
    size_t close = end;
    for (; close < limit; ++close) {
      depth += text[close] == '{' ? 1 : text[close] == '}' ? -1 : 0;
      if (depth == 0) break;
    }
    if (close == limit) return {pos, pos};
    end = close + 1;
  }
  return groups > 0 ? Span{pos, end} : Span{pos, pos};
}

/// What a text that only speaks of boxes or tags puts inside them.
bool is_placeholder(std::string_view content) {
  constexpr auto kPlaceholders = std::to_array<std::string_view>(
      {"...", "\\ldots", "\\dots", "\\cdots", "?", "answer", "your answer", "the answer", "final answer",
       "your final answer", "the final answer", "and", "ans", "\xE2\x80\xA6"});
  if (content.size() > 30) return false;
  if (content.starts_with("\\text{") && content.ends_with('}'))
    content = content.substr(6, content.size() - 7);
  return std::find(kPlaceholders.begin(), kPlaceholders.end(), lower_case(trim(content))) !=
         kPlaceholders.end();
}

/// A box command at text[pos]: the position after it, or kNone.
size_t after_box_command(std::string_view text, size_t pos) {
  const char first = pos + 1 < text.size() ? text[pos + 1] : ' ';
  if (first != 'b' && first != 'f') return kNone;
  for (const std::string_view command : {std::string_view("\\boxed"), std::string_view("\\fbox")}) {
    if (text.compare(pos, command.size(), command) != 0) continue;
    const size_t after = pos + command.size();
    if (after == text.size() || !is_word(text[after]) || is_digit(text[after])) return after;
  }
  return kNone;
}

/// Contents of the closed boxes that are in no other closed box, in order; one pass.
std::vector<Span> outer_boxes(std::string_view text) {
  struct Open {
    size_t depth, begin;
  };
  std::vector<Span> boxes;
  std::vector<Open> open;  // boxes
  const auto add = [&](Span box) {
    while (!boxes.empty() && boxes.back().begin > box.begin) boxes.pop_back();  // inside of this one
    boxes.push_back(box);
  };
  size_t depth = 0, box_brace = kNone;  // the brace that will open a box
  for (size_t pos = 0; pos < text.size(); ++pos) {
    const char c = text[pos];
    if (c == '\\') {
      const size_t after = after_box_command(text, pos);
      if (after == kNone) {
        // An escaped brace does not count; "\\\\boxed" is a box that was escaped twice.
        const bool twice =
            pos + 1 < text.size() && text[pos + 1] == '\\' && after_box_command(text, pos + 1) != kNone;
        if (!twice) ++pos;
        continue;
      }
      size_t brace = after;
      while (brace < text.size() && (text[brace] == ' ' || text[brace] == '\n')) ++brace;
      if (brace < text.size() && text[brace] == '{') {
        box_brace = brace;
      } else if (const Span bare = bare_box(text, after); bare.end > bare.begin) {
        add(bare);
      } else if (const Span item = command_box(text, after); item.end > item.begin) {
        add(item);
      }
      pos = after - 1;
    } else if (c == '{') {
      ++depth;
      if (pos == box_brace) open.push_back({depth, pos + 1});
    } else if (c == '}' && depth > 0) {
      if (!open.empty() && open.back().depth == depth) {
        add({open.back().begin, pos});
        open.pop_back();
      }
      --depth;
    }
  }
  return boxes;
}

/// Unwraps "\boxed{5}" that is all of a box's content, a few times over; `text` has its braces in pairs.
std::string_view unboxed(std::string_view text) {
  constexpr int kLevels = 4;
  std::string_view inside[kLevels + 1] = {text};
  int levels = 0;
  while (levels < kLevels) {
    const std::string_view outer = inside[levels];
    const size_t after = outer.empty() || outer[0] != '\\' ? kNone : after_box_command(outer, 0);
    if (after == kNone || after >= outer.size() || outer[after] != '{' || outer.back() != '}') break;
    inside[++levels] = trim(outer.substr(after + 1, outer.size() - after - 2));
  }
  // A brace that closes more than was opened inside ends a box before the last brace: that box is not all.
  const std::string_view innermost = inside[levels];
  int depth = 0, lowest = 0;
  for (size_t pos = 0; pos < innermost.size() && levels + lowest > 0; ++pos) {
    const char c = innermost[pos];
    if (c == '\\') ++pos;
    if (c == '{') ++depth;
    if (c == '}') lowest = std::min(lowest, --depth);
  }
  return inside[levels + lowest];
}

void add(std::vector<std::string_view>& found, std::string_view text) {
  text = trim(text);
  if (!text.empty() && !is_placeholder(text)) found.push_back(text);
}

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

}  // namespace

std::vector<std::string_view> scan_blocks(std::string_view text, std::string_view open,
                                          std::string_view close) {
  std::vector<std::string_view> found;
  for (size_t pos = text.find(open); pos != kNone; pos = text.find(open, pos)) {
    pos += open.size();
    const size_t end = text.find(close, pos);
    if (end == kNone) break;
    add(found, text.substr(pos, end - pos));
    pos = end + close.size();
  }
  return found;
}

std::vector<std::string_view> scan_boxes(std::string_view text) {
  std::vector<std::string_view> found;
  if (text.find("\\boxed") == kNone && text.find("\\fbox") == kNone) return found;
  for (const Span& box : outer_boxes(text))
    add(found, unboxed(trim(text.substr(box.begin, box.end - box.begin))));
  return found;
}

std::vector<std::string_view> scan_hashes(std::string_view text) {
  std::vector<std::string_view> found;
  for (size_t pos = text.find("####"); pos != kNone; pos = text.find("####", pos)) {
    while (pos < text.size() && text[pos] == '#') ++pos;
    const size_t end = std::min(text.find('\n', pos), text.size());
    const std::string_view line = undecorated(text.substr(pos, end - pos));
    const bool last = trim(text.substr(end, 64)).empty();
    if (last || !is_heading(line)) add(found, line);
    pos = end;
  }
  return found;
}

std::vector<std::string_view> last_latex(std::string_view text) {
  struct Delimiters {
    std::string_view open, close;
  };
  constexpr std::array kDelimiters = {Delimiters{"$$", "$$"}, Delimiters{"$", "$"}, Delimiters{"\\(", "\\)"},
                                      Delimiters{"\\[", "\\]"}};
  std::string_view last;
  for (size_t pos = 0; pos < text.size();) {
    size_t next = pos + 1;
    if (text[pos] == '\\' || text[pos] == '$') {
      for (const auto& [open, close] : kDelimiters) {
        if (text.compare(pos, open.size(), open) != 0) continue;
        const size_t end = text.find(close, pos + open.size());
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

std::vector<std::string_view> last_number(std::string_view text) {
  size_t end = text.size();
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
    const auto strip = [&](std::string_view open, std::string_view close) {
      if (text.size() <= open.size() + close.size() || !text.starts_with(open) || !text.ends_with(close))
        return;
      const std::string_view inner = text.substr(open.size(), text.size() - open.size() - close.size());
      if (inner.find(open) != kNone || inner.find(close) != kNone) return;
      text = inner, changed = true;
    };
    strip("**", "**");
    strip("$$", "$$");
    strip("$", "$");
    strip("\\(", "\\)");
    strip("\\[", "\\]");
    strip("`", "`");
    strip("``", "''");
    strip("\"", "\"");
    strip("'", "'");
    strip("\xE2\x80\x9C", "\xE2\x80\x9D");  // curly quotation marks
    for (const std::string_view stop : {std::string_view("."), std::string_view("\xE3\x80\x82")}) {
      if (text.size() > stop.size() && text.ends_with(stop)) text.remove_suffix(stop.size()), changed = true;
    }
  }
  return text;
}

}  // namespace hone
