// Spellings of latex that come from the way an answer was printed: backslashes doubled by an escape, a line break at the end, fonts as
// in "{\rm cm}", the e of 1.5e11 in \text.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// Whether something of the kind is there; `out` is then the text without it.
bool rewrite_escapes(std::string_view text, std::string& out);

}  // namespace hone
