// The words that say that an answer follows: "answer", "ans", "correct option" and their like in other languages.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace hone {

struct Anchor {
  std::string_view word;
  bool ascii;                       // matched without regard to case, as a whole word
  bool alone = false;               // needs no link: "gu xuan B"
  std::string_view not_after = {};  // what makes another word of it, right before
};

/// The one that begins at text[pos]; null if none does.
const Anchor* anchor_at(std::string_view text, size_t pos);

/// Where the last anchors begin, at most `most`, in order.
std::vector<size_t> last_anchors(std::string_view text, size_t most);

/// Whether `word`, in small letters, stands at text[pos], as a whole word and in whatever case.
bool same_word(std::string_view text, size_t pos, std::string_view word);

}  // namespace hone
