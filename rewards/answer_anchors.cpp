#include "rewards/answer_anchors.h"

#include <algorithm>
#include <array>
#include <cstdint>

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

/// Letters from `pos` on, as far as it matters.
size_t letters_at(std::string_view text, size_t pos) {
  constexpr size_t kEnough = 12;
  size_t count = 0;
  while (count < kEnough && pos + count < text.size() && is_letter(text[pos + count])) ++count;
  return count;
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
  const bool inside_word = pos > 0 && is_letter(text[pos - 1]);
  const size_t letters = is_letter(text[pos]) ? letters_at(text, pos) : 0;
  for (; i < kAnchors.size() && begin_of(kAnchors[i].word) == begin; ++i) {
    const Anchor& anchor = kAnchors[i];
    if (anchor.ascii && (inside_word || letters != kLetters[i])) continue;  // a word is whole
    const bool here = anchor.ascii ? same_word(text, pos, anchor.word)
                                   : text.compare(pos, anchor.word.size(), anchor.word) == 0;
    const bool other = !anchor.not_after.empty() && text.substr(0, pos).ends_with(anchor.not_after);
    if (here && !other) return &anchor;
  }
  return nullptr;
}

std::vector<size_t> last_anchors(std::string_view text, size_t most) {
  std::vector<size_t> places;
  uint32_t three = 0;
  for (size_t pos = text.size(); pos-- > 0 && places.size() < most;) {
    three = three_bytes(text[pos], three);
    if (kFirst[bucket_of(three)] == 0) continue;
    const bool inside_word = pos > 0 && is_letter(text[pos]) && is_letter(text[pos - 1]);
    if (!inside_word && anchor_at(text, pos)) places.push_back(pos);
  }
  std::reverse(places.begin(), places.end());
  return places;
}

}  // namespace hone
