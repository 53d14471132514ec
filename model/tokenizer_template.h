// Post-processors: the ids that stand before and after a text when special tokens are asked for.
#pragma once

#include <vector>

#include "core/types.h"
#include "model/tokenizer_json.h"

namespace hone {

struct TokenTemplate {
  std::vector<TokenId> prefix, suffix;
};

/// The "post_processor" of tokenizer.json. ByteLevel only moves offsets, which do not exist here.
TokenTemplate parse_token_template(const TokenizerJson& json);

}  // namespace hone
