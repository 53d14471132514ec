// Rewrites what stands beyond ASCII in an answer as the latex that means the same: full-width digits, mathematical signs, Greek
// letters, super- and subscripts, Chinese numerals. Letters of other scripts stay.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// True if there is nothing to rewrite; the fast path of nearly every answer.
bool is_ascii(std::string_view text);

std::string fold_to_latex(std::string_view text);

}  // namespace hone
