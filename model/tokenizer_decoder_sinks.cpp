#include "model/tokenizer_decoder_sinks.h"

#include <optional>
#include <utility>

#include "core/utf8.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

class Append : public TokenSink {
 public:
  explicit Append(std::string* out) : out_(out) {}
  void push(std::string_view token) override { out_->append(token); }
  void finish() override {}

 private:
  std::string* out_;
};

class Spaces : public TokenSink {
 public:
  explicit Spaces(TokenSink& next) : next_(next) {}
  void push(std::string_view token) override {
    if (!std::exchange(first_, false)) next_.push(" ");
    next_.push(token);
  }
  void finish() override { first_ = true, next_.finish(); }

 private:
  TokenSink& next_;
  bool first_ = true;
};

class Gather : public TokenSink {
 public:
  explicit Gather(TokenSink& next) : next_(next) {}
  void push(std::string_view token) override { text_ += token; }
  void finish() override {
    next_.push(text_);
    text_.clear();
    next_.finish();
  }

 private:
  TokenSink& next_;
  std::string text_;
};

class Utf8 : public TokenSink {
 public:
  explicit Utf8(TokenSink& next) : next_(next) {}
  void push(std::string_view token) override {
    text_.clear();
    repair_.push(token, text_);
    if (!text_.empty()) next_.push(text_);
  }
  void finish() override {
    text_.clear();
    repair_.finish(text_);
    if (!text_.empty()) next_.push(text_);
    next_.finish();
  }

 private:
  TokenSink& next_;
  Utf8Repair repair_;
  std::string text_;
};

class ByteFallback : public TokenSink {
 public:
  explicit ByteFallback(TokenSink& next) : next_(next) {}
  void push(std::string_view token) override {
    if (const auto byte = byte_token(token)) {
      run_ += char(*byte);
      return;
    }
    flush();
    next_.push(token);
  }
  void finish() override { flush(), next_.finish(); }

 private:
  static std::optional<int> byte_token(std::string_view token) {
    if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return std::nullopt;
    int value = 0;
    for (const char c : token.substr(3, 2)) {
      const int letter = c | 0x20;
      const int digit = c >= '0' && c <= '9'             ? c - '0'
                        : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
                                                         : -1;
      if (digit < 0) return std::nullopt;
      value = 16 * value + digit;
    }
    return value;
  }
  void flush() {
    if (!run_.empty() && !first_invalid_utf8(run_)) {
      next_.push(run_);
    } else {
      for (size_t i = 0; i < run_.size(); ++i) next_.push(kReplacement);
    }
    run_.clear();
  }

  TokenSink& next_;
  std::string run_;
};

class Metaspace : public TokenSink {
 public:
  Metaspace(std::string replacement, bool drops_first, TokenSink& next)
      : replacement_(std::move(replacement)), drops_first_(drops_first), next_(next) {}
  void push(std::string_view token) override {
    const std::string_view with = std::exchange(first_, false) && drops_first_ ? "" : " ";
    text_.clear();
    size_t at = 0;
    for (size_t found; (found = token.find(replacement_, at)) != std::string_view::npos;
         at = found + replacement_.size()) {
      text_.append(token.substr(at, found - at)).append(with);
    }
    next_.push(text_.append(token.substr(at)));
  }
  void finish() override { first_ = true, next_.finish(); }

 private:
  const std::string replacement_;
  const bool drops_first_;
  TokenSink& next_;
  bool first_ = true;
  std::string text_;
};

/// What may turn out to be the end, up to stop_ times content_, is held back; as all of it is alike, a count
/// is enough.
class Strip : public TokenSink {
 public:
  Strip(std::string content, int64_t start, int64_t stop, TokenSink& next)
      : content_(std::move(content)), start_(start), stop_(stop), next_(next), left_(start) {}
  void push(std::string_view token) override {
    text_.clear();
    for (size_t at = 0, length; at < token.size(); at += length) {
      length = utf8_length(token[at]);
      const std::string_view character = token.substr(at, length);
      if (character != content_) {
        left_ = 0;
        for (; held_ > 0; --held_) text_ += content_;
        text_ += character;
      } else if (left_ > 0) {
        --left_;
      } else if (held_ < stop_) {
        ++held_;
      } else {
        text_ += content_;
      }
    }
    if (!text_.empty()) next_.push(text_);
  }
  void finish() override {
    left_ = start_, held_ = 0;
    next_.finish();
  }

 private:
  const std::string content_;
  const int64_t start_, stop_;
  TokenSink& next_;
  int64_t left_, held_ = 0;
  std::string text_;
};

}  // namespace

std::unique_ptr<TokenSink> make_append_sink(std::string* out) { return std::make_unique<Append>(out); }
std::unique_ptr<TokenSink> make_space_sink(TokenSink& next) { return std::make_unique<Spaces>(next); }
std::unique_ptr<TokenSink> make_gather_sink(TokenSink& next) { return std::make_unique<Gather>(next); }
std::unique_ptr<TokenSink> make_utf8_sink(TokenSink& next) { return std::make_unique<Utf8>(next); }
std::unique_ptr<TokenSink> make_byte_fallback_sink(TokenSink& next) {
  return std::make_unique<ByteFallback>(next);
}
std::unique_ptr<TokenSink> make_metaspace_sink(const std::string& replacement, bool drops_first,
                                               TokenSink& next) {
  return std::make_unique<Metaspace>(replacement, drops_first, next);
}
std::unique_ptr<TokenSink> make_strip_sink(const std::string& content, int64_t start, int64_t stop,
                                           TokenSink& next) {
  return std::make_unique<Strip>(content, start, stop, next);
}

}  // namespace hone
