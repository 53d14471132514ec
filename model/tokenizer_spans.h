// Which tokens of an encoded text carry which of its bytes: for the loss masks of conversations, as transformers makes them
// (return_assistant_tokens_mask).
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "model/jinja.h"
#include "model/tokenizer.h"

namespace hone {

/// `ids` are tokenizer.encode(text, false). [ids] true from the token that holds a span's first byte to the one that holds its last.
/// Exact where the ids decode to the text; where a tokenizer changes the text, borders are found by encoding what is before them, and a
/// token on a border that is not one between tokens counts.
std::vector<bool> tokens_of_spans(const Tokenizer& tokenizer, std::string_view text,
                                  std::span<const TokenId> ids, std::span<const JinjaSpan> spans);

}  // namespace hone
