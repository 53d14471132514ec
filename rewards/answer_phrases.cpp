// "The answer is 42." and its relatives in other languages.
#include <array>
#include <string>

#include "rewards/answer_scan.h"
#include "rewards/text.h"

namespace hone {
namespace {

constexpr size_t kNone = std::string_view::npos;

struct Anchor {
  std::string_view word;
  bool ascii;  // matched without regard to case, as a whole word
};
constexpr std::array kAnchors = {
    Anchor{"answer", true},
    Anchor{"\xE7\xAD\x94\xE6\xA1\x88", false},  // zh: da an
    Anchor{"\xE7\xAD\x94\xE3\x81\x88", false},  // ja: kotae
    Anchor{"\xEC\xA0\x95\xEB\x8B\xB5", false},  // ko: jeongdap
    Anchor{"\xEB\x8B\xB5", false},              // ko: dap
    Anchor{"\xE7\xAD\x94", false},              // zh: da, before a colon
};
/// Longer ones first.
constexpr std::array<std::string_view, 14> kLinks = {
    "is",
    "are",
    "\xE5\xBA\x94\xE8\xAF\xA5\xE6\x98\xAF",  // zh: ying gai shi
    "\xE5\xBA\x94\xE4\xB8\xBA",              // zh: ying wei
    "\xE7\xAD\x89\xE4\xBA\x8E",              // zh: deng yu
    "\xE6\x98\xAF",
    "\xE4\xB8\xBA",
    "\xE7\x82\xBA",  // zh: shi, wei, wei (traditional)
    "\xE3\x81\xAF",  // ja: wa
    "\xEC\x9D\x80",
    "\xEB\x8A\x94",  // ko: eun, neun
    "\xEF\xBC\x9A",
    ":",
    "="};
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
  const auto first = static_cast<unsigned char>(text[pos]);
  if (first < 0x80 && (first | 0x20) != 'a') return 0;
  for (const Anchor& anchor : kAnchors) {
    if (anchor.ascii ? same_word(text, pos, anchor.word)
                     : text.compare(pos, anchor.word.size(), anchor.word) == 0) {
      return anchor.word.size();
    }
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
  for (size_t pos = 0; pos < text.size();) {
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
