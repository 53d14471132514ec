// "The answer is 42." and its relatives in other languages.
#include <array>
#include <string>

#include "rewards/answer_scan.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kNone = std::string_view::npos;

constexpr std::string_view kAnchor = "answer";  // matched without regard to case, as a whole word
constexpr std::array<std::string_view, 5> kForeignAnchors = {
    "\xE7\xAD\x94\xE6\xA1\x88",  // zh: da an
    "\xE7\xAD\x94\xE3\x81\x88",  // ja: kotae
    "\xEC\xA0\x95\xEB\x8B\xB5",  // ko: jeongdap
    "\xEB\x8B\xB5",              // ko: dap
    "\xE7\xAD\x94",              // zh: da, before a colon
};
/// Longer ones before those that they begin with.
constexpr std::array<std::string_view, 14> kLinks = {
    ":",
    "is",
    "are",
    "=",
    "\xE5\xBA\x94\xE8\xAF\xA5\xE6\x98\xAF",  // zh: ying gai shi
    "\xE5\xBA\x94\xE4\xB8\xBA",              // zh: ying wei
    "\xE7\xAD\x89\xE4\xBA\x8E",              // zh: deng yu
    "\xE6\x98\xAF",
    "\xE4\xB8\xBA",
    "\xE7\x82\xBA",  // zh: shi, wei, wei (traditional)
    "\xE3\x81\xAF",  // ja: wa
    "\xEC\x9D\x80",
    "\xEB\x8A\x94",  // ko: eun, neun
    "\xEF\xBC\x9A"};
/// What ends an answer inside its line.
constexpr std::array<std::string_view, 4> kEnds = {". ", "\xE3\x80\x82", " because ", " since "};

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool same_word(std::string_view text, size_t pos, std::string_view word) {
  if (pos + word.size() > text.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if ((static_cast<unsigned char>(text[pos + i]) | 0x20) != static_cast<unsigned char>(word[i]))
      return false;
  }
  const bool left = pos == 0 || !is_ascii_letter(text[pos - 1]);
  return left && (pos + word.size() == text.size() || !is_ascii_letter(text[pos + word.size()]));
}

/// The length of the anchor at text[pos], 0 if there is none.
size_t anchor_at(std::string_view text, size_t pos) {
  if (static_cast<unsigned char>(text[pos]) < 0x80) return same_word(text, pos, kAnchor) ? kAnchor.size() : 0;
  for (const std::string_view anchor : kForeignAnchors) {
    if (text.compare(pos, anchor.size(), anchor) == 0) return anchor.size();
  }
  return 0;
}

size_t skip_markup(std::string_view text, size_t pos, bool lines = false) {
  while (pos < text.size() && (text[pos] == ' ' || text[pos] == '*' || text[pos] == '_' ||
                               text[pos] == '\t' || (lines && (text[pos] == '\n' || text[pos] == '\r')))) {
    ++pos;
  }
  return pos;
}

/// Where the answer begins if a link such as "is" or ":" stands at `pos`, else kNone. "is:" and "is: " are one link.
size_t after_links(std::string_view text, size_t pos) {
  bool linked = false;
  for (pos = skip_markup(text, pos);; pos = skip_markup(text, pos)) {
    size_t length = 0;
    const auto first = pos < text.size() ? static_cast<unsigned char>(text[pos]) : 0;
    const bool may_link = first >= 0x80 || std::string_view("aAiI:=").find(static_cast<char>(first)) != kNone;
    if (!may_link) return linked ? pos : kNone;
    for (const std::string_view link : kLinks) {
      const bool word = is_ascii_letter(link[0]);
      if (word ? same_word(text, pos, link) : text.compare(pos, link.size(), link) == 0) {
        length = link.size();
        break;
      }
    }
    if (length == 0) return linked ? pos : kNone;
    linked = true;
    pos += length;
  }
}

}  // namespace

std::vector<std::string_view> scan_phrases(std::string_view text) {
  std::vector<std::string_view> found;
  const auto may_begin = [](char c) {  // 'a', 'A', or a byte of the other anchors
    const auto byte = static_cast<unsigned char>(c);
    return (byte | 0x20) == 'a' || byte >= 0xE7;
  };
  for (size_t pos = 0; pos < text.size();) {
    if (!may_begin(text[pos])) {
      ++pos;
      continue;
    }
    const size_t anchor = anchor_at(text, pos);
    if (anchor == 0) {
      ++pos;
      continue;
    }
    pos += anchor;
    const size_t linked = after_links(text, pos);
    if (linked == kNone) continue;
    const size_t begin = skip_markup(text, linked, /*lines=*/true);
    const size_t line_end = std::min(text.find('\n', begin), text.size());
    std::string_view rest = text.substr(begin, line_end - begin);
    for (const std::string_view end : kEnds) rest = rest.substr(0, rest.find(end));
    while (rest.ends_with("*") || rest.ends_with("_")) rest.remove_suffix(1);
    rest = undecorated(rest);
    if (!rest.empty()) found.push_back(rest);
    pos = line_end;
  }
  return found;
}

}  // namespace hone
