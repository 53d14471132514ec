// What happens to the matches of a pattern and to the text between them: the behaviours of Split, as a filter
// of pieces.
#pragma once

#include <string>

#include "model/tokenizer_json.h"
#include "model/tokenizer_pretokenizer.h"

namespace hone {

enum class SplitBehavior { kIsolated, kRemoved, kMergedWithPrevious, kMergedWithNext, kContiguous };

SplitBehavior parse_split_behavior(const TokenizerJson& json, const char* key);

/// Takes the matches in order, adds what lies between them, and hands on the pieces.
class Splitter {
 public:
  Splitter(SplitBehavior behavior, bool invert, const TextPiece& piece, PieceSink& sink)
      : behavior_(behavior), invert_(invert), piece_(piece), sink_(sink) {}

  void match(size_t begin, size_t end);
  void finish();

 private:
  void part(size_t begin, size_t end, bool is_match);
  void flush();
  void emit(size_t begin, size_t end);

  const SplitBehavior behavior_;
  const bool invert_;
  const TextPiece& piece_;
  PieceSink& sink_;
  size_t at_ = 0;                         // end of the last part
  size_t held_begin_ = 0, held_end_ = 0;  // a piece that the next part may join
  bool holds_ = false, last_was_match_ = false;
};

}  // namespace hone
