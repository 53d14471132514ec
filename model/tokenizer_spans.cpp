#include "model/tokenizer_spans.h"

#include <algorithm>

namespace hone {
namespace {

/// "<0x0A>": one byte of a character that the vocabulary lacks.
bool is_byte_token(std::string_view token) {
  return token.size() == 6 && token.starts_with("<0x") && token[5] == '>';
}

/// The end of the character that text[at] belongs to.
size_t character_end(std::string_view text, size_t at) {
  do {
    ++at;
  } while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

/// Where each token ends in `text`, found by decoding; a token that holds part of a character ends where the character does.
class TokenEnds {
 public:
  TokenEnds(const Tokenizer& tokenizer, std::string_view text, std::span<const TokenId> ids)
      : tokenizer_(tokenizer), text_(text), ids_(ids) {}

  /// Nothing if the ids do not decode to the text.
  std::vector<size_t> find() {
    DecodeStream stream(tokenizer_, false);
    for (size_t i = 0; i < ids_.size(); ++i)
      if (!take(stream.push(ids_[i]), i + 1)) return {};
    const bool all =
        take(stream.finish(), ids_.size()) && out_ == text_.size() && ends_.size() == ids_.size();
    return all ? ends_ : std::vector<size_t>{};
  }

 private:
  /// `piece` came out when `count` tokens were in. False if it is not what the text says.
  bool take(const std::string& piece, size_t count) {
    if (text_.compare(out_, piece.size(), piece) != 0) return false;
    if (piece.empty()) return true;
    const size_t begin = out_;
    out_ += piece.size();
    for (size_t held = 0; ends_.size() + 1 < count; ++held) {  // had nothing of their own to show until now
      const bool byte = is_byte_token(tokenizer_.token_of(ids_[ends_.size()]));
      ends_.push_back(character_end(text_, std::min(begin + (byte ? held : 0), out_ - 1)));
    }
    if (ends_.size() < count) ends_.push_back(0);
    ends_.back() = out_;
    return true;
  }

  const Tokenizer& tokenizer_;
  const std::string_view text_;
  const std::span<const TokenId> ids_;
  std::vector<size_t> ends_;
  size_t out_ = 0;  // bytes that have come out
};

/// The number of whole tokens before `border`, and whether a token goes across it.
struct Border {
  size_t tokens = 0;
  bool across = false;
};

Border border_by_ends(const std::vector<size_t>& ends, size_t border) {
  const auto after = std::upper_bound(ends.begin(), ends.end(), border);
  const size_t tokens = size_t(after - ends.begin());
  return {tokens, tokens < ends.size() && border > (tokens == 0 ? 0 : ends[tokens - 1])};
}

Border border_by_encoding(const Tokenizer& tokenizer, std::string_view text, std::span<const TokenId> ids,
                          size_t border) {
  const std::vector<TokenId> before = tokenizer.encode(text.substr(0, border), false);
  const auto differ = std::mismatch(before.begin(), before.end(), ids.begin(), ids.end());
  return {size_t(differ.first - before.begin()), differ.first != before.end()};
}

}  // namespace

std::vector<bool> tokens_of_spans(const Tokenizer& tokenizer, std::string_view text,
                                  std::span<const TokenId> ids, std::span<const JinjaSpan> spans) {
  const std::vector<size_t> ends = TokenEnds(tokenizer, text, ids).find();
  const auto border = [&](size_t at) {
    return ends.empty() ? border_by_encoding(tokenizer, text, ids, at) : border_by_ends(ends, at);
  };
  std::vector<bool> result(ids.size(), false);
  for (const JinjaSpan& span : spans) {
    if (span.begin >= span.end) continue;
    const size_t first = border(span.begin).tokens;
    const Border last = border(span.end);
    const size_t end = std::min(ids.size(), last.tokens + (last.across ? 1 : 0));
    for (size_t i = first; i < end; ++i) result[i] = true;
  }
  return result;
}

}  // namespace hone
