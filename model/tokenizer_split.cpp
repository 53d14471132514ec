#include "model/tokenizer_split.h"

namespace hone {

SplitBehavior parse_split_behavior(const TokenizerJson& json, const char* key) {
  const std::string name = json.text(key);
  if (name == "Isolated") return SplitBehavior::kIsolated;
  if (name == "Removed") return SplitBehavior::kRemoved;
  if (name == "MergedWithPrevious") return SplitBehavior::kMergedWithPrevious;
  if (name == "MergedWithNext") return SplitBehavior::kMergedWithNext;
  if (name == "Contiguous") return SplitBehavior::kContiguous;
  json.check(false, key, ": got ", name,
             ", expected Isolated, Removed, MergedWithPrevious, MergedWithNext or Contiguous");
  return SplitBehavior::kIsolated;
}

void Splitter::match(size_t begin, size_t end) {
  if (begin > at_) part(at_, begin, false);
  part(begin, end, true);
  at_ = end;
}

void Splitter::finish() {
  if (at_ < piece_.text.size()) part(at_, piece_.text.size(), false);
  flush();
}

void Splitter::part(size_t begin, size_t end, bool is_match) {
  if (invert_) is_match = !is_match;
  bool joins = false;
  switch (behavior_) {
    case SplitBehavior::kIsolated:
      return emit(begin, end);
    case SplitBehavior::kRemoved:
      return is_match ? void() : emit(begin, end);
    case SplitBehavior::kContiguous:
      joins = is_match == last_was_match_;
      break;
    case SplitBehavior::kMergedWithPrevious:
      joins = is_match && !last_was_match_;
      break;
    case SplitBehavior::kMergedWithNext:
      joins = last_was_match_ && !is_match;
      break;
  }
  last_was_match_ = is_match;
  if (!holds_ || !joins) {
    flush();
    held_begin_ = begin;
    holds_ = true;
  }
  held_end_ = end;
}

void Splitter::flush() {
  if (holds_) emit(held_begin_, held_end_);
  holds_ = false;
}

void Splitter::emit(size_t begin, size_t end) {
  if (begin == end) return;
  sink_.take({piece_.text.substr(begin, end - begin), piece_.at_start && begin == 0});
}

}  // namespace hone
