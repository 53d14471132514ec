#include "rewards/answer_anchors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "rewards/byte_block.h"

namespace hone {
namespace {

/// Those with the same first three bytes side by side, longer ones first.
constexpr std::array kAnchors = {
    Anchor{"answers", true},
    Anchor{"answer", true},
    Anchor{"ans", true},
    Anchor{"correct option", true},
    Anchor{"correct choice", true},
    Anchor{"final result", true},
    Anchor{"antwort", true},
    Anchor{"respuesta", true},
    Anchor{"resposta", true},
    Anchor{"risposta", true},
    Anchor{"r\xC3\xA9ponse", false},
    Anchor{"R\xC3\xA9ponse", false},
    Anchor{"\xD0\x9E\xD1\x82\xD0\xB2\xD0\xB5\xD1\x82", false},  // ru: Otvet
    Anchor{"\xE7\xAD\x94\xE6\xA1\x88", false},                  // zh: da an
    Anchor{"\xE7\xAD\x94\xE3\x81\x88", false},                  // ja: kotae
    Anchor{"\xE7\xAD\x94", false, false, "\xE8\xA7\xA3"},       // zh: da, before a colon; not jie da
    Anchor{"\xE6\x95\x85\xE9\x80\x89", false, true},            // zh: gu xuan
    Anchor{"\xE5\xBA\x94\xE9\x80\x89", false, true},            // zh: ying xuan
    Anchor{"\xE6\xAD\xA3\xE8\xA7\xA3", false},                  // ja: seikai
    Anchor{"\xEC\xA0\x95\xEB\x8B\xB5", false},                  // ko: jeongdap
    Anchor{"\xEB\x8B\xB5\xEB\xB3\x80", false},                  // ko: dapbyeon
    Anchor{"\xEB\x8B\xB5", false, false, "\xEB\x8C\x80"},       // ko: dap, not dae-dap
};

/// What anchors begin with: those in ASCII, where small letters stand for large ones too, and the others.
constexpr std::array kAsciiPairs = {"an", "co", "fi",
                                    "re", "ri", "r\xE3"};  // 0xC3 is 0xE3 with the bit of small letters
constexpr std::array kOtherPairs = {"\xD0\x9E", "\xE7\xAD", "\xE6\x95", "\xE5\xBA",
                                    "\xE6\xAD", "\xEC\xA0", "\xEB\x8B"};
static_assert([] {
  for (const Anchor& anchor : kAnchors) {
    const bool ascii = !(anchor.word[0] & 0x80);
    const char bit = ascii ? 0x20 : 0;
    const auto begins = [&](const char* pair) {
      return char(anchor.word[0] | bit) == pair[0] && char(anchor.word[1] | bit) == pair[1];
    };
    if (ascii ? std::none_of(kAsciiPairs.begin(), kAsciiPairs.end(), begins)
              : std::none_of(kOtherPairs.begin(), kOtherPairs.end(), begins))
      return false;
  }
  return true;
}());

constexpr size_t kBuckets = 16384;

/// Three bytes without regard to case, as a number: `first` and the first two of `before`.
constexpr uint32_t three_bytes(char first, uint32_t before) {
  return (before >> 8 | uint32_t{static_cast<unsigned char>(first | 0x20)} << 16) & 0xFFFFFF;
}

constexpr uint32_t begin_of(std::string_view word) {
  return three_bytes(word[0], three_bytes(word[1], three_bytes(word[2], 0)));
}

constexpr size_t bucket_of(uint32_t three) { return three * 2654435761u >> 18; }

/// By the first three bytes: one more than the index of the first anchor that begins so. Zero tells most places of a text at once.
constexpr auto kFirst = [] {
  std::array<uint8_t, kBuckets> first{};
  for (size_t i = kAnchors.size(); i-- > 0;)
    first[bucket_of(begin_of(kAnchors[i].word))] = static_cast<uint8_t>(i + 1);
  return first;
}();

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Letters of each anchor's first word: 7 of "correct option".
constexpr auto kLetters = [] {
  std::array<uint8_t, kAnchors.size()> letters{};
  for (size_t i = 0; i < letters.size(); ++i)
    letters[i] = static_cast<uint8_t>(std::min(kAnchors[i].word.find(' '), kAnchors[i].word.size()));
  return letters;
}();

constexpr auto kBegins = [] {
  std::array<uint32_t, kAnchors.size()> begins{};
  for (size_t i = 0; i < begins.size(); ++i) begins[i] = begin_of(kAnchors[i].word);
  return begins;
}();

/// Whether `what` stands at text[pos]; short, so byte by byte.
bool is_at(std::string_view text, size_t pos, std::string_view what) {
  if (pos + what.size() > text.size()) return false;
  size_t i = what.size();
  while (i > 0 && text[pos + i - 1] == what[i - 1]) --i;
  return i == 0;
}

/// Letters from `pos` on, as far as it matters.
size_t letters_at(std::string_view text, size_t pos) {
  constexpr size_t kEnough = 12;
  size_t count = 0;
  while (count < kEnough && pos + count < text.size() && is_letter(text[pos + count])) ++count;
  return count;
}

/// Where some pair stands; unrolled, so that the pairs are constants in registers.
template <const auto& pairs, size_t... I>
ByteBlock find_pairs(ByteBlock first, ByteBlock next, std::index_sequence<I...>) {
  return ((equals(first, pairs[I][0]) & equals(next, pairs[I][1])) | ...);
}
template <const auto& pairs>
ByteBlock find_pairs(ByteBlock first, ByteBlock next) {
  return find_pairs<pairs>(first, next, std::make_index_sequence<pairs.size()>());
}

/// The places in the block at `pos` where an anchor may begin, told by the first two bytes.
ByteMask may_begin(std::string_view text, size_t pos) {
  const ByteBlock first = load_bytes(text.data() + pos), next = load_bytes(text.data() + pos + 1);
  const ByteBlock bit = ByteBlock{} + uint8_t{0x20};
  ByteBlock found = find_pairs<kAsciiPairs>(first | bit, next | bit);
  if (!ByteMask(first & uint8_t{0x80}).empty()) found |= find_pairs<kOtherPairs>(first, next);
  return ByteMask(found);
}

}  // namespace

bool same_word(std::string_view text, size_t pos, std::string_view word) {
  if (pos + word.size() > text.size() || (pos > 0 && is_letter(text[pos - 1]))) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = text[pos + i];
    if ((word[i] == ' ' ? c : static_cast<char>(c | 0x20)) != word[i]) return false;
  }
  return pos + word.size() == text.size() || !is_letter(text[pos + word.size()]);
}

const Anchor* anchor_at(std::string_view text, size_t pos) {
  if (pos + 3 > text.size()) return nullptr;
  const uint32_t begin = begin_of(text.substr(pos, 3));
  size_t i = kFirst[bucket_of(begin)];
  if (i-- == 0) return nullptr;
  const bool word = is_letter(text[pos]);
  if (word && pos > 0 && is_letter(text[pos - 1])) return nullptr;
  const size_t letters = word ? letters_at(text, pos) : 0;
  for (; i < kAnchors.size() && kBegins[i] == begin; ++i) {
    const Anchor& anchor = kAnchors[i];
    if (anchor.ascii) {
      if (letters == kLetters[i] && same_word(text, pos, anchor.word)) return &anchor;  // a word is whole
    } else if (is_at(text, pos, anchor.word)) {
      const size_t before = anchor.not_after.size();
      const bool other = before > 0 && pos >= before && is_at(text, pos - before, anchor.not_after);
      if (!other) return &anchor;
    }
  }
  return nullptr;
}

std::vector<size_t> last_anchors(std::string_view text, size_t most) {
  constexpr size_t kMostPlaces =
      20000;  // with the first two bytes of an anchor; no text that means something has more
  std::vector<size_t> places;
  size_t looked_at = 0;
  const auto add = [&](size_t pos) {
    ++looked_at;
    if (places.size() < most && anchor_at(text, pos)) places.push_back(pos);
  };
  // The end byte by byte, then blocks that have a byte behind them.
  size_t end = text.size();
  for (const size_t rest = end - std::min(end, sizeof(ByteBlock) + end % sizeof(ByteBlock)); end > rest;)
    add(--end);
  for (; end > 0 && places.size() < most && looked_at < kMostPlaces; end -= sizeof(ByteBlock)) {
    const size_t begin = end - sizeof(ByteBlock);
    for (ByteMask mask = may_begin(text, begin); !mask.empty(); mask.pop_back()) add(begin + mask.back());
  }
  std::reverse(places.begin(), places.end());
  return places;
}

}  // namespace hone
