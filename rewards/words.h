// The words of a text, with what is known of each before any language is considered.
//
// A word is a run of letters and marks of one script, apostrophes inside included. It counts as one; Han and kana count one a
// character (they are written without spaces, and a run would make a whole sentence one word), Thai one per four letters for the
// same reason. Single Latin and Greek letters are variables and no words.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rewards/script.h"

namespace hone {

struct TextWord {
  std::string_view text;
  Script script = Script::kNone;
  int64_t count = 0;      // how many words it counts for
  uint32_t sentence = 0;  // which sentence it is in, from 0
  bool opens_sentence = false;
  bool capital = false;  // its first letter is one
};

/// Outside of neutral_spans.h's spans.
std::vector<TextWord> split_words(std::string_view text);

using WordCounts = std::array<int64_t, kNumScripts>;  // by script
WordCounts count_words(const std::vector<TextWord>& words);

}  // namespace hone
