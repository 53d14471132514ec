// The decoders WordPiece, BPEDecoder and CTC, and the removal of spaces that two of them share.
#include <optional>
#include <utility>

#include "model/tokenizer_decoder_sinks.h"

namespace hone {
namespace {

/// `text` with every `from` (not empty) replaced.
void replace_all(std::string* text, std::string_view from, std::string_view to) {
  size_t at = text->find(from);
  if (from.empty() || at == std::string::npos) return;
  std::string out;
  size_t copied = 0;
  for (; at != std::string::npos; at = text->find(from, copied)) {
    out.append(*text, copied, at - copied).append(to);
    copied = at + from.size();
  }
  *text = out.append(*text, copied);
}

/// One after the other, in this order.
void clean_up(std::string* text) {
  static constexpr std::pair<std::string_view, std::string_view> kChanges[] = {
      {" .", "."},   {" ?", "?"},           {" !", "!"},   {" ,", ","},     {" ' ", "'"},   {" n't", "n't"},
      {" 'm", "'m"}, {" do not", " don't"}, {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  for (const auto& [from, to] : kChanges) replace_all(text, from, to);
}

class WordPiece : public TokenSink {
 public:
  WordPiece(std::string prefix, bool cleanup, TokenSink& next)
      : prefix_(std::move(prefix)), cleanup_(cleanup), next_(next) {}
  void push(std::string_view token) override {
    const bool first = std::exchange(first_, false);
    const bool glued = !first && token.starts_with(prefix_);
    text_ = first || glued ? "" : " ";
    text_ += glued ? token.substr(prefix_.size()) : token;
    if (cleanup_) clean_up(&text_);
    next_.push(text_);
  }
  void finish() override { first_ = true, next_.finish(); }

 private:
  const std::string prefix_;
  const bool cleanup_;
  TokenSink& next_;
  bool first_ = true;
  std::string text_;
};

class Suffix : public TokenSink {
 public:
  Suffix(std::string suffix, TokenSink& next) : suffix_(std::move(suffix)), next_(next) {}
  void push(std::string_view token) override {
    flush(" ");
    held_ = token;
  }
  void finish() override { flush(""), next_.finish(); }

 private:
  void flush(std::string_view with) {
    if (!held_) return;
    replace_all(&*held_, suffix_, with);
    next_.push(*held_);
    held_.reset();
  }

  const std::string suffix_;
  TokenSink& next_;
  std::optional<std::string> held_;
};

class Ctc : public TokenSink {
 public:
  Ctc(std::string pad, std::string delimiter, bool cleanup, TokenSink& next)
      : pad_(std::move(pad)), delimiter_(std::move(delimiter)), cleanup_(cleanup), next_(next) {}
  void push(std::string_view token) override {
    if (last_ == token) return;
    last_ = token;
    text_ = token;
    replace_all(&text_, pad_, "");
    if (cleanup_) {
      clean_up(&text_);
      replace_all(&text_, delimiter_, " ");
    }
    if (!text_.empty()) next_.push(text_);
  }
  void finish() override { last_.reset(), next_.finish(); }

 private:
  const std::string pad_, delimiter_;
  const bool cleanup_;
  TokenSink& next_;
  std::optional<std::string> last_;
  std::string text_;
};

}  // namespace

std::unique_ptr<TokenSink> make_word_piece_sink(const std::string& prefix, bool cleanup, TokenSink& next) {
  return std::make_unique<WordPiece>(prefix, cleanup, next);
}
std::unique_ptr<TokenSink> make_suffix_sink(const std::string& suffix, TokenSink& next) {
  return std::make_unique<Suffix>(suffix, next);
}
std::unique_ptr<TokenSink> make_ctc_sink(const std::string& pad, const std::string& delimiter, bool cleanup,
                                         TokenSink& next) {
  return std::make_unique<Ctc>(pad, delimiter, cleanup, next);
}

}  // namespace hone
