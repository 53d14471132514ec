// How much of a text says again what was said before: the share of repeated n-grams. Also a filter of the `sample` stage.
#pragma once

#include <string_view>

namespace hone {

/// 1 - (different n-grams) / (all n-grams) over lower-cased words; words end at white space, Han and kana characters are words of
/// their own. 0 if there are fewer than n words. n >= 1.
double repetition(std::string_view text, int n);

}  // namespace hone
