#include "model/tokenizer_character_steps.h"

#include "model/tokenizer_split.h"
#include "model/tokenizer_tables.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr int64_t kDefaultLength = 5;  // of FixedLength

/// Cuts at the characters of a class.
template <class IsMatch>
class SplitAt : public PreTokenizer {
 public:
  SplitAt(IsMatch is_match, SplitBehavior behavior) : is_match_(is_match), behavior_(behavior) {}

  void cut(const TextPiece& piece, RegexWorkspace&, PieceSink& sink) const override {
    Splitter splitter(behavior_, false, piece, sink);
    for (size_t at = 0; at < piece.text.size();) {
      const size_t begin = at;
      if (is_match_(next_code_point(piece.text, &at))) splitter.match(begin, at);
    }
    splitter.finish();
  }

 private:
  IsMatch is_match_;
  SplitBehavior behavior_;
};

/// Hands on text[begin, end) if there is any.
void take_part(const TextPiece& piece, size_t begin, size_t end, PieceSink& sink) {
  if (begin < end) sink.take({piece.text.substr(begin, end - begin), piece.at_start && begin == 0});
}

/// Runs of one kind of characters; kind_of(character) < 0: of no run.
template <class KindOf>
void cut_runs(const TextPiece& piece, PieceSink& sink, KindOf kind_of) {
  int kind = -1;
  size_t begin = 0;
  for (size_t at = 0; at < piece.text.size();) {
    const size_t here = at;
    const int next = kind_of(next_code_point(piece.text, &at));
    if (next == kind) continue;
    if (kind >= 0) take_part(piece, begin, here, sink);
    begin = here, kind = next;
  }
  if (kind >= 0) take_part(piece, begin, piece.text.size(), sink);
}

/// Runs of word characters and runs of anything else but white space.
class Whitespace : public PreTokenizer {
 public:
  void cut(const TextPiece& piece, RegexWorkspace&, PieceSink& sink) const override {
    cut_runs(piece, sink, [](uint32_t c) { return is_word(c) ? 1 : is_white_space(c) ? -1 : 0; });
  }
};

/// Words between white space, and each punctuation mark by itself.
class Bert : public PreTokenizer {
 public:
  void cut(const TextPiece& piece, RegexWorkspace&, PieceSink& sink) const override {
    int mark = 0;  // a kind of its own for each
    cut_runs(piece, sink, [&](uint32_t c) {
      return is_white_space(c) ? -1 : is_punctuation(c) ? ++mark : 0;
    });
  }
};

class FixedLength : public PreTokenizer {
 public:
  explicit FixedLength(int64_t length) : length_(length) {}

  void cut(const TextPiece& piece, RegexWorkspace&, PieceSink& sink) const override {
    size_t begin = 0, at = 0;
    for (int64_t count = 0; at < piece.text.size(); at += utf8_length(piece.text[at])) {
      if (count++ % length_ != 0 || at == 0) continue;
      take_part(piece, begin, at, sink);
      begin = at;
    }
    take_part(piece, begin, at, sink);
  }

 private:
  const int64_t length_;  // characters
};

/// Runs of one script. Spaces and unassigned characters stay with what is before them; at the beginning there is
/// nothing before them and, as in `tokenizers`, they are dropped.
class UnicodeScripts : public PreTokenizer {
 public:
  void cut(const TextPiece& piece, RegexWorkspace&, PieceSink& sink) const override {
    int script = -1;
    cut_runs(piece, sink, [&](uint32_t c) {
      const int own = script_of(c);
      return script = own == 0 ? script : own;
    });
  }
};

template <class IsMatch>
std::unique_ptr<PreTokenizer> split_at(IsMatch is_match, SplitBehavior behavior) {
  return std::make_unique<SplitAt<IsMatch>>(is_match, behavior);
}

std::unique_ptr<PreTokenizer> make_delimiter_step(const TokenizerJson& json) {
  json.only({"type", "delimiter"});
  const std::string delimiter = json.text("delimiter");
  json.check(!delimiter.empty() && delimiter.size() == utf8_length(delimiter[0]), "delimiter: got \"",
             delimiter, "\", expected one character");
  return split_at([wanted = first_code_point(delimiter)](uint32_t c) { return c == wanted; },
                  SplitBehavior::kRemoved);
}

std::unique_ptr<PreTokenizer> make_fixed_length(const TokenizerJson& json) {
  json.only({"type", "length"});
  const int64_t length = json.has("length") ? json.integer("length") : kDefaultLength;
  json.check(length > 0, "length: got 0, expected at least 1");
  return std::make_unique<FixedLength>(length);
}

}  // namespace

std::unique_ptr<PreTokenizer> make_character_step(const TokenizerJson& json) {
  const std::string type = json.type();
  if (type == "Digits") {
    json.only({"type", "individual_digits"});
    const bool single = json.flag("individual_digits", false);
    return split_at(is_numeric, single ? SplitBehavior::kIsolated : SplitBehavior::kContiguous);
  }
  if (type == "Punctuation") {
    json.only({"type", "behavior"});
    return split_at(is_punctuation,
                    json.has("behavior") ? parse_split_behavior(json, "behavior") : SplitBehavior::kIsolated);
  }
  if (type == "CharDelimiterSplit") return make_delimiter_step(json);
  if (type == "FixedLength") return make_fixed_length(json);
  if (type == "WhitespaceSplit") {
    json.only({"type"});
    return split_at(is_white_space, SplitBehavior::kRemoved);
  }
  std::unique_ptr<PreTokenizer> step;
  if (type == "Whitespace") step = std::make_unique<Whitespace>();
  if (type == "BertPreTokenizer") step = std::make_unique<Bert>();
  if (type == "UnicodeScripts") step = std::make_unique<UnicodeScripts>();
  if (step) json.only({"type"});
  return step;
}

}  // namespace hone
