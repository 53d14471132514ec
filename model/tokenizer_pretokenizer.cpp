#include "model/tokenizer_pretokenizer.h"

#include "model/tokenizer_character_steps.h"
#include "model/tokenizer_normalizer.h"
#include "model/tokenizer_split.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr const char* kGpt2Pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

class Split : public PreTokenizer {
 public:
  explicit Split(const TokenizerJson& json)
      : pattern_(json.child("pattern")),
        behavior_(parse_split_behavior(json, "behavior")),
        invert_(json.flag("invert", false)) {}

  void cut(const TextPiece& piece, RegexWorkspace& workspace, PieceSink& sink) const override {
    Splitter splitter(behavior_, invert_, piece, sink);
    pattern_.for_each(piece.text, workspace, [&](size_t begin, size_t end) { splitter.match(begin, end); });
    splitter.finish();
  }

 private:
  TokenizerPattern pattern_;
  SplitBehavior behavior_;
  bool invert_;
};

class ByteLevel : public PreTokenizer {
 public:
  ByteLevel(const TokenizerJson& json, bool spell)
      : add_space_(json.flag("add_prefix_space", true)), spell_(spell) {
    if (json.flag("use_regex", true)) regex_ = std::make_unique<Regex>(kGpt2Pattern, json.place());
  }

  void cut(const TextPiece& piece, RegexWorkspace& workspace, PieceSink& sink) const override {
    std::string spaced;
    TextPiece whole = piece;
    if (add_space_ && !piece.text.starts_with(' ')) {
      spaced = " ";
      whole.text = spaced += piece.text;
    }
    if (!regex_) return hand_on(whole, sink);
    size_t at = 0, begin = 0, end = 0;
    RegexMatches matches(*regex_, whole.text, workspace);  // its alternatives cover every text without a gap
    for (; matches.next(&begin, &end); at = end)
      hand_on({whole.text.substr(at, end - at), whole.at_start && at == 0}, sink);
  }

 private:
  void hand_on(const TextPiece& piece, PieceSink& sink) const {
    if (!spell_) return sink.take(piece);
    std::string spelled;
    for (const char byte : piece.text) append_code_point(spelled, byte_alphabet()[uint8_t(byte)]);
    sink.take({spelled, piece.at_start});
  }

  std::unique_ptr<Regex> regex_;
  bool add_space_, spell_;
};

class Metaspace : public PreTokenizer {
 public:
  explicit Metaspace(const TokenizerJson& json)
      : replacement_(json.text("replacement")), split_(json.flag("split", true)) {
    json.check(!replacement_.empty() && replacement_.size() == utf8_length(replacement_[0]),
               "replacement: got \"", replacement_, "\", expected one character");
    const std::string legacy = json.flag("add_prefix_space", true) ? "always" : "never";
    scheme_ = json.has("prepend_scheme") ? json.text("prepend_scheme") : legacy;
    json.check(scheme_ == "always" || scheme_ == "never" || scheme_ == "first", "prepend_scheme: got ",
               scheme_, ", expected always, never or first");
  }

  void cut(const TextPiece& piece, RegexWorkspace&, PieceSink& sink) const override {
    std::string text;
    for (const char c : piece.text) c == ' ' ? text += replacement_ : text += c;
    const bool prepends = scheme_ == "always" || (scheme_ == "first" && piece.at_start);
    if (prepends && !text.starts_with(replacement_)) text.insert(0, replacement_);
    const TextPiece whole{text, piece.at_start};
    if (!split_) return sink.take(whole);
    Splitter splitter(SplitBehavior::kMergedWithNext, false, whole, sink);
    for (size_t at = 0; (at = text.find(replacement_, at)) != std::string::npos; at += replacement_.size()) {
      splitter.match(at, at + replacement_.size());
    }
    splitter.finish();
  }

 private:
  std::string replacement_, scheme_;
  bool split_;
};

std::unique_ptr<PreTokenizer> make_step(const TokenizerJson& json, bool last) {
  const std::string type = json.type();
  if (type == "ByteLevel") {
    json.only({"type", "add_prefix_space", "trim_offsets", "use_regex"});
    return std::make_unique<ByteLevel>(json, !last);
  }
  if (type == "Split") {
    json.only({"type", "pattern", "behavior", "invert"});
    return std::make_unique<Split>(json);
  }
  if (type == "Metaspace") {
    json.only({"type", "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep"});
    return std::make_unique<Metaspace>(json);
  }
  if (auto step = make_character_step(json)) return step;
  json.check(false, "the pre-tokenizer ", type,
             " is not known, expected BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, "
             "Metaspace, "
             "Punctuation, Sequence, Split, UnicodeScripts, Whitespace or WhitespaceSplit");
  return nullptr;
}

/// Hands each piece to the next steps.
template <class Next>
class ChainSink : public PieceSink {
 public:
  explicit ChainSink(Next next) : next_(next) {}
  void take(const TextPiece& piece) override { next_(piece); }

 private:
  Next next_;
};

}  // namespace

PreTokenizerChain::PreTokenizerChain(const TokenizerJson& json) { add(json, true); }

void PreTokenizerChain::add(const TokenizerJson& json, bool last) {
  if (json.type() == "Sequence") {
    json.only({"type", "pretokenizers"});
    const auto parts = json.children("pretokenizers");
    for (size_t i = 0; i < parts.size(); ++i) add(parts[i], last && i + 1 == parts.size());
    return;
  }
  steps_.push_back(make_step(json, last));
  gives_bytes_ = last && json.type() == "ByteLevel";
}

void PreTokenizerChain::cut(const TextPiece& piece, RegexWorkspace& workspace, PieceSink& sink) const {
  cut_from(0, piece, workspace, sink);
}

void PreTokenizerChain::cut_from(size_t step, const TextPiece& piece, RegexWorkspace& workspace,
                                 PieceSink& sink) const {
  if (piece.text.empty()) return;
  if (step == steps_.size()) return sink.take(piece);
  if (step + 1 == steps_.size()) return steps_[step]->cut(piece, workspace, sink);
  ChainSink next([&](const TextPiece& part) { cut_from(step + 1, part, workspace, sink); });
  steps_[step]->cut(piece, workspace, next);
}

}  // namespace hone
