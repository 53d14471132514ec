// \boxed{..} and \fbox{..}, with or without braces.
#include <algorithm>
#include <string>

#include "rewards/answer_scan.h"
#include "rewards/text.h"
#include "rewards/text_search.h"

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

/// "\\boxed\\frac{1}{2}", "\\boxed\\frac12", "\\boxed\\text{B}": a command with what it takes, groups or figures; "\\boxed\\pi".
Span command_box(std::string_view text, size_t pos) {
  constexpr size_t kLongest = 200;
  if (pos + 1 >= text.size() || text[pos] != '\\' || !is_word(text[pos + 1])) return {pos, pos};
  const size_t limit = std::min(text.size(), pos + kLongest);
  size_t end = pos + 1, groups = 0;
  while (end < limit && is_word(text[end]) && !is_digit(text[end])) ++end;
  const std::string_view name = text.substr(pos + 1, end - pos - 1);
  for (; groups < 2 && end < limit && (text[end] == '{' || is_digit(text[end])); ++groups) {
    if (is_digit(text[end])) {
      ++end;
      continue;
    }
    int depth = 0;
    size_t close = end;
    for (; close < limit; ++close) {
      depth += text[close] == '{' ? 1 : text[close] == '}' ? -1 : 0;
      if (depth == 0) break;
    }
    if (close == limit) return {pos, pos};
    end = close + 1;
  }
  return groups > 0 || name == "pi" || name == "infty" ? Span{pos, end} : Span{pos, pos};
}

/// Tells most commands from boxes by two letters.
inline bool may_be_box(std::string_view text, size_t pos) {
  if (pos + 2 >= text.size()) return false;
  const char first = text[pos + 1], second = text[pos + 2];
  return (first == 'b' && second == 'o') || (first == 'f' && second == 'b');
}

/// A box command at text[pos]: the position after it, or kNone.
size_t after_box_command(std::string_view text, size_t pos) {
  for (const std::string_view command : {std::string_view("\\boxed"), std::string_view("\\fbox")}) {
    if (text.compare(pos, command.size(), command) != 0) continue;
    const size_t after = pos + command.size();
    if (after == text.size() || !is_word(text[after]) || is_digit(text[after])) return after;
  }
  return kNone;
}

/// Contents of the closed boxes from `begin` on that are in no other closed box, in order; one pass.
std::vector<Span> outer_boxes(std::string_view text, size_t begin) {
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
  constexpr size_t kPlain = 8;          // bytes one by one, then the next that matters is looked for
  size_t plain = 0;
  for (size_t pos = begin; pos < text.size(); ++pos) {
    if (plain >= kPlain && (pos = find_any(text, "\\{}", pos)) == kNone) break;
    const char c = text[pos];
    plain = c == '\\' || c == '{' || c == '}' ? 0 : plain + 1;
    if (c == '\\') {
      const size_t after = may_be_box(text, pos) ? after_box_command(text, pos) : kNone;
      if (after == kNone) {
        // An escaped brace does not count; "\\\\boxed" is a box that was escaped twice.
        const bool twice =
            may_be_box(text, pos + 1) && text[pos + 1] == '\\' && after_box_command(text, pos + 1) != kNone;
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

/// The part of a text in which boxes are read.
std::string_view boxed_part(std::string_view text) {
  if (text.size() <= kBoxBytes) return text;
  const auto last_box = [](std::string_view part) {
    const size_t boxed = find_last_text(part, "\\boxed"), fbox = find_last_text(part, "\\fbox");
    return boxed == kNone || fbox == kNone ? std::min(boxed, fbox) : std::max(boxed, fbox);
  };
  const std::string_view end = text.substr(text.size() - kBoxBytes);
  if (last_box(end) != kNone) return end;
  const size_t last = last_box(text);
  if (last == kNone) return {};
  return text.substr(last - std::min(last, kBoxBytes / 2), kBoxBytes);
}

/// Where the scan begins so that at most kMostFinds boxes of a kind lie behind; kNone if there is no box.
size_t begin_of_boxes(std::string_view text) {
  constexpr std::string_view kBoxed = "\\boxed", kFbox = "\\fbox";
  if (find_text(text, "box") == kNone) return kNone;  // most texts without boxes in one pass
  const size_t first = std::min(find_text(text, kBoxed), find_text(text, kFbox));
  if (first == kNone || text.size() < kMostFinds * kFbox.size()) return first;
  const size_t boxed = nth_last_text(text, kBoxed, kMostFinds), fbox = nth_last_text(text, kFbox, kMostFinds);
  return std::max({first, boxed == kNone ? 0 : boxed, fbox == kNone ? 0 : fbox});
}

}  // namespace

std::vector<std::string_view> scan_boxes(std::string_view text, ScanWork* work) {
  std::vector<std::string_view> found;
  text = boxed_part(text);
  const size_t begin = begin_of_boxes(text);
  if (begin == kNone) return found;
  const std::vector<Span> boxes = outer_boxes(text, begin);
  for (const Span& box : boxes) add_find(found, unboxed(trim(text.substr(box.begin, box.end - box.begin))));
  if (work) work->bytes += text.size() - begin, work->places += boxes.size();
  return found;
}

}  // namespace hone
