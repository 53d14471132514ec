#include "rewards/answer_merge.h"

#include <algorithm>
#include <array>
#include <string>

#include "rewards/math_equal.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kMostSpellings = 8;  // of one answer that are compared
constexpr size_t kMostJoined = 32;
constexpr size_t kLongestGap = 60;  // bytes between two boxes of a list

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool same(std::string_view a, std::string_view b) {
  return compare_math(a, b, {}).verdict == Verdict::kCorrect ||
         compare_math(b, a, {}).verdict == Verdict::kCorrect;
}

void remove_all(std::string& text, std::string_view what) {
  for (size_t pos; (pos = text.find(what)) != std::string::npos;) text.erase(pos, what.size());
}

/// What two boxes of a list may have between them: a separator, and a name for the second one.
bool is_link(std::string_view gap) {
  if (gap.size() > kLongestGap || gap.find("\n\n") != std::string_view::npos) return false;
  std::string rest(gap);
  for (const std::string_view markup : {"\\boxed", "\\fbox", "\\text", "\\quad", "\\qquad", "\\(", "\\)",
                                        "\\ ", "$", "{", "}", "*", " ", "\n", "\\,", "~", "\\;"})
    remove_all(rest, markup);
  if (rest.ends_with('=')) {  // "y =" before the box
    rest.pop_back();
    for (size_t name = 1; name <= 4 && name < rest.size(); ++name) {
      const char c = rest[rest.size() - name];
      if (!is_letter_or_digit(c) && c != '_') break;
      if (is_link(std::string_view(rest).substr(0, rest.size() - name))) return true;
    }
    return false;
  }
  constexpr auto kLinks =
      std::to_array<std::string_view>({"", ",", ";", "and", "or", ",and", ",or", "&", "\xE3\x80\x81",
                                       "\xEF\xBC\x8C", "\xE5\x92\x8C", "\xE6\x88\x96"});  // zh: he, huo
  return std::find(kLinks.begin(), kLinks.end(), rest) != kLinks.end();
}

size_t begin_of(std::string_view text, std::string_view part) {
  return static_cast<size_t>(part.data() - text.data());
}

/// From the command of the first box, and "x =" before it, on.
size_t start_of_box(std::string_view text, size_t content) {
  size_t pos = text.rfind("box", content);
  pos = pos == std::string_view::npos ? content : text.rfind('\\', pos);
  if (pos == std::string_view::npos) return content;
  size_t name = pos;
  const auto skip = [&] {
    while (name > 0 && (text[name - 1] == ' ' || text[name - 1] == '$')) --name;
  };
  skip();
  if (name == 0 || text[name - 1] != '=') return pos;
  --name;
  skip();
  const size_t end = name;
  while (name > 0 && end - name < 5 && (is_letter_or_digit(text[name - 1]) || text[name - 1] == '_')) --name;
  return name < end && end - name < 5 ? name : pos;
}

}  // namespace

bool all_agree(const std::vector<std::string_view>& found) {
  std::vector<std::string> spellings;
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    if (*it == found.back() && !spellings.empty()) continue;
    std::string text = collapse_space(*it);
    if (std::find(spellings.begin(), spellings.end(), text) != spellings.end()) continue;
    if (!spellings.empty() && (spellings.size() >= kMostSpellings || !same(spellings[0], text))) return false;
    spellings.push_back(std::move(text));
  }
  return true;
}

std::optional<std::string_view> joined_boxes(std::string_view text,
                                             const std::vector<std::string_view>& boxes) {
  size_t first = boxes.size() - 1;
  const auto end_of = [&](size_t i) { return begin_of(text, boxes[i]) + boxes[i].size(); };
  while (first > 0 && boxes.size() - first < kMostJoined &&
         begin_of(text, boxes[first]) - end_of(first - 1) <= kLongestGap &&
         is_link(text.substr(end_of(first - 1), begin_of(text, boxes[first]) - end_of(first - 1))))
    --first;
  if (boxes.size() - first < 2 || first > kMostSpellings) return std::nullopt;
  for (size_t i = 0; i < first; ++i) {
    const bool again =
        std::any_of(boxes.begin() + static_cast<std::ptrdiff_t>(first), boxes.end(),
                    [&](std::string_view box) { return collapse_space(box) == collapse_space(boxes[i]); });
    if (!again) return std::nullopt;
  }
  const size_t begin = start_of_box(text, begin_of(text, boxes[first]));
  size_t end = end_of(boxes.size() - 1);
  const size_t brace = text.find_first_not_of(' ', end);
  if (brace != std::string_view::npos && text[brace] == '}') end = brace + 1;
  return text.substr(begin, end - begin);
}

}  // namespace hone
