// Pre-tokenizers that look at characters one by one: Digits, Punctuation, Whitespace, WhitespaceSplit,
// BertPreTokenizer, CharDelimiterSplit, FixedLength, UnicodeScripts.
#pragma once

#include <memory>

#include "model/tokenizer_pretokenizer.h"

namespace hone {

/// Null if the type is none of these.
std::unique_ptr<PreTokenizer> make_character_step(const TokenizerJson& json);

}  // namespace hone
