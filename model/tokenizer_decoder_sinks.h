// The decoder steps that remember something from token to token.
#pragma once

#include <memory>
#include <string>

#include "model/tokenizer_decoder.h"

namespace hone {

/// Appends to *out: the end of every chain.
std::unique_ptr<TokenSink> make_append_sink(std::string* out);
/// Puts a space between tokens.
std::unique_ptr<TokenSink> make_space_sink(TokenSink& next);
/// Makes one token of all.
std::unique_ptr<TokenSink> make_gather_sink(TokenSink& next);
/// Tokens are bytes; what goes on is valid UTF-8, in parts that end between characters.
std::unique_ptr<TokenSink> make_utf8_sink(TokenSink& next);
/// Runs of "<0x41>" tokens become characters if they are UTF-8 as a whole, else one U+FFFD a token. So a run
/// waits for its end.
std::unique_ptr<TokenSink> make_byte_fallback_sink(TokenSink& next);
/// `replacement` becomes a space, or nothing in the first token if `drops_first`.
std::unique_ptr<TokenSink> make_metaspace_sink(const std::string& replacement, bool drops_first,
                                               TokenSink& next);
/// Removes up to `start` times `content` from the beginning and up to `stop` times from the end of all that
/// comes.
std::unique_ptr<TokenSink> make_strip_sink(const std::string& content, int64_t start, int64_t stop,
                                           TokenSink& next);

// Of words (tokenizer_decoder_words.cpp).

/// `prefix` glues a token to the one before it; before any other comes a space. cleanup: no space before punctuation.
std::unique_ptr<TokenSink> make_word_piece_sink(const std::string& prefix, bool cleanup, TokenSink& next);
/// `suffix` becomes a space, or nothing in the last token, for which the last token has to wait.
std::unique_ptr<TokenSink> make_suffix_sink(const std::string& suffix, TokenSink& next);
/// Repeated tokens count once, `pad` is removed. cleanup: `delimiter` becomes a space, no space before punctuation.
std::unique_ptr<TokenSink> make_ctc_sink(const std::string& pad, const std::string& delimiter, bool cleanup,
                                         TokenSink& next);

}  // namespace hone
