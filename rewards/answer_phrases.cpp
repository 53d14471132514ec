// "The answer is 42." and its relatives in other languages, headings above an answer included.
#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "rewards/answer_anchors.h"
#include "rewards/answer_scan.h"
#include "rewards/text.h"
#include "rewards/text_search.h"

namespace hone {
namespace {

constexpr size_t kNone = std::string_view::npos;

constexpr int kMostWords = 8;  // links in a row, "is: ", and fillers

/// Longer ones first where one begins another.
constexpr std::array<std::string_view, 35> kLinks = {
    "is equal to",
    "is given by",
    "is as follows",
    "is",
    "are",
    "was",
    "would be",
    "will be",
    "must be",
    "should be",
    "equals",
    "comes out to be",
    "es",
    "est",
    "ist",
    "lautet",
    "\xC3\xA9",                              // pt: e
    "\xE5\xBA\x94\xE8\xAF\xA5\xE6\x98\xAF",  // zh: ying gai shi
    "\xE5\xBA\x94\xE4\xB8\xBA",              // zh: ying wei
    "\xE5\xBA\x94\xE9\x80\x89",              // zh: ying xuan
    "\xE7\xAD\x89\xE4\xBA\x8E",              // zh: deng yu
    "\xE6\x98\xAF",
    "\xE4\xB8\xBA",
    "\xE7\x82\xBA",
    "\xE9\x80\x89",  // zh: shi, wei, wei (traditional), xuan
    "\xE3\x81\xAF",
    "\xEC\x9D\x80",
    "\xEB\x8A\x94",  // ja: wa; ko: eun, neun
    "\xEF\xBC\x9A",
    "\xE2\x86\x92",
    "->",
    ":",
    "=",
    "\\(=\\)",
    "\\to"};
/// Words between the link and the answer.
constexpr std::array<std::string_view, 12> kFillers = {"therefore", "thus",     "then",       "simply",
                                                       "just",      "clearly",  "hence",      "indeed",
                                                       "also",      "actually", "definitely", "so"};
constexpr std::array<std::string_view, 4> kBeforeAnchor = {"the", "my", "our", "final"};
/// What ends an answer inside its line.
constexpr auto kEnds = std::to_array<std::string_view>(
    {". ", "\xE3\x80\x82", " because ", " since ", ", because", ", since ", ", so ", ", as ", ", which ",
     " (since ", " (because ", ", and the ", " and this ", ", and this ", " as required", " as desired",
     "\xEF\xBC\x8C\xE5\x9B\xA0\xE4\xB8\xBA"});
/// What ends a sentence in Japanese and Korean: desu, de aru, da; imnida, ida, yeyo.
constexpr auto kTails = std::to_array<std::string_view>(
    {"\xE3\x81\xA7\xE3\x81\x99", "\xE3\x81\xA7\xE3\x81\x82\xE3\x82\x8B", "\xE3\x81\xA0",
     "\xEC\x9E\x85\xEB\x8B\x88\xEB\x8B\xA4", "\xEC\x9D\xB4\xEB\x8B\xA4", "\xEC\x98\x88\xEC\x9A\x94"});

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

size_t skip_markup(std::string_view text, size_t pos, bool lines = false) {
  const size_t stop = std::min(pos + kLongestSentence, text.size());
  while (pos < stop && (text[pos] == ' ' || text[pos] == '*' || text[pos] == '_' || text[pos] == '\t' ||
                        (lines && (text[pos] == '\n' || text[pos] == '\r' || text[pos] == '>')))) {
    ++pos;
  }
  return pos;
}

size_t link_at(std::string_view text, size_t pos) {
  for (const std::string_view link : kLinks) {
    if (is_ascii_letter(link[0]) ? same_word(text, pos, link) : text.compare(pos, link.size(), link) == 0)
      return link.size();
  }
  return 0;
}

/// Where the answer begins if a link such as "is" or ":" stands at `pos`, else kNone. "is:" and "is: " are one link.
size_t after_links(std::string_view text, size_t pos, bool linked) {
  for (int links = 0;; ++links) {
    pos = skip_markup(text, pos);
    const size_t length = links < kMostWords ? link_at(text, pos) : 0;
    if (length == 0) return linked ? pos : kNone;
    linked = true;
    pos += length;
  }
}

/// "to the problem is", ", then, is", "(in cm) is" behind the anchor: the position of "is", in the same sentence; or kNone.
size_t after_qualifier(std::string_view text, size_t pos) {
  const size_t begin = skip_markup(text, pos);
  const bool comma = pos < text.size() && (text[begin < text.size() ? begin : pos] == ',' ||
                                           text[begin < text.size() ? begin : pos] == '(');
  bool word = false;
  for (const std::string_view start : {"to", "of", "for", "in", "here", "then", "therefore"})
    word = word || same_word(text, begin, start);
  if (!comma && !word) return kNone;
  const size_t stop = std::min(begin + 80, text.size());
  for (size_t at = begin; at < stop && text[at] != '\n' && text[at] != ':'; ++at) {
    if (text[at] == '.' && at + 1 < text.size() && text[at + 1] == ' ') return kNone;
    if (text[at] == ' ' && (same_word(text, at + 1, "is") || same_word(text, at + 1, "are"))) return at + 1;
  }
  return kNone;
}

/// A line of its own, "### Final answer" or "**Answer**": where the next line begins, or kNone.
size_t after_heading(std::string_view text, size_t anchor, size_t end) {
  constexpr size_t kLongest = 40;
  const std::string_view near = text.substr(anchor - std::min(anchor, kLongest), std::min(anchor, kLongest));
  const size_t newline = near.rfind('\n');
  if (newline == kNone && anchor > kLongest) return kNone;
  const size_t line = newline == kNone ? anchor - near.size() : anchor - near.size() + newline + 1;
  std::string before;
  for (const char c : text.substr(line, anchor - line)) {
    if (is_ascii_letter(c)) before += static_cast<char>(c | 0x20);
    if (c == '.' && before.empty()) continue;
    if (!is_ascii_letter(c) && c != ' ' && c != '#' && c != '*' && c != '_' && c != '.' &&
        (c < '0' || c > '9'))
      return kNone;
  }
  if (!before.empty() && before != "final" && before != "thefinal" && before != "the") return kNone;
  end = skip_markup(text, end);
  return end < text.size() && text[end] == '\n' ? end : kNone;
}

size_t skip_words(std::string_view text, size_t pos, std::span<const std::string_view> words) {
  bool again = true;
  for (int rounds = 0; again && rounds < kMostWords; ++rounds) {
    again = false;
    pos = skip_markup(text, pos);
    for (const std::string_view word : words) {
      if (!same_word(text, pos, word)) continue;
      pos += word.size();
      if (pos < text.size() && text[pos] == ',') ++pos;
      again = true;
    }
  }
  return pos;
}

/// Whether what ends an answer stands at `pos`. Most places are told by two bytes.
bool ends_sentence(std::string_view text, size_t pos) {
  const char next = pos + 1 < text.size() ? text[pos + 1] : '\0';
  for (const std::string_view end : kEnds) {
    if (end[0] == text[pos] && end[1] == next && text.compare(pos, end.size(), end) == 0) return true;
  }
  return false;
}

/// The end of the sentence or the line that begins at `begin`. Reads no further, so that all of them together cost one pass.
size_t sentence_end(std::string_view text, size_t begin, ScanWork& work) {
  const size_t stop = std::min(begin + kLongestSentence, text.size());
  size_t pos = begin;
  for (; pos < stop && text[pos] != '\n'; ++pos) {
    const auto c = static_cast<unsigned char>(text[pos]);
    if (c != '.' && c != ' ' && c != ',' && c != 0xE3 && c != 0xEF) continue;
    const bool option = pos == begin + 1 && text[begin] >= 'A' && text[begin] <= 'J';  // "B. blue"
    if (!(option && c == '.') && ends_sentence(text, pos)) break;
  }
  work.bytes += pos - begin;
  return pos == stop ? std::min(text.find('\n', pos), text.size()) : pos;
}

/// From `begin` to the end of the sentence, the line, or the display that begins there. `displays` says whether some may still be
/// closed: what is not closed once is not closed later.
std::string_view answer_from(std::string_view text, size_t begin, std::array<bool, 2>& displays,
                             ScanWork& work) {
  constexpr std::array<std::string_view, 2> kOpen = {"\\[", "$$"}, kClose = {"\\]", "$$"};
  for (size_t i = 0; i < kOpen.size(); ++i) {
    if (!displays[i] || text.compare(begin, 2, kOpen[i]) != 0) continue;
    const size_t end = find_text(text, kClose[i], begin + 2);
    if (end != kNone) return undecorated(text.substr(begin + 2, end - begin - 2));
    displays[i] = false;
  }
  std::string_view rest = text.substr(begin, sentence_end(text, begin, work) - begin);
  rest = undecorated(rest);
  while (rest.ends_with("*") || rest.ends_with("_")) rest.remove_suffix(1);
  rest = undecorated(rest);
  for (const std::string_view tail : kTails) {
    if (rest.size() > tail.size() && rest.ends_with(tail)) rest.remove_suffix(tail.size());
  }
  while (rest.ends_with(',')) rest.remove_suffix(1);
  return undecorated(rest);
}

}  // namespace

std::vector<std::string_view> scan_phrases(std::string_view text, ScanWork* counted) {
  std::vector<std::string_view> found;
  ScanWork work;
  std::array<bool, 2> displays = {true, true};
  size_t read_until = 0;
  for (const size_t pos : last_anchors(text, kMostFinds)) {
    if (pos < read_until) continue;
    ++work.places;
    const Anchor* anchor = anchor_at(text, pos);
    const size_t end = pos + anchor->word.size();
    size_t linked = after_links(text, end, anchor->alone);
    if (linked == kNone && anchor->ascii) {
      const size_t qualified = after_qualifier(text, end);
      linked = qualified != kNone ? after_links(text, qualified, false) : after_heading(text, pos, end);
    }
    read_until = end;
    if (linked == kNone) continue;
    const size_t begin = skip_markup(text, skip_words(text, linked, kFillers), /*lines=*/true);
    if (same_word(text, begin, "not")) continue;
    if (const size_t again = skip_words(text, begin, kBeforeAnchor);
        again < text.size() && anchor_at(text, again)) {
      read_until = again;  // "Final answer: the final answer is 5"
      continue;
    }
    const std::string_view answer = answer_from(text, begin, displays, work);
    if (answer.empty()) continue;
    found.push_back(answer);
    read_until = std::max(end, static_cast<size_t>(answer.data() - text.data()) + answer.size());
  }
  if (counted) counted->bytes += work.bytes + text.size(), counted->places += work.places;
  return found;
}

}  // namespace hone
