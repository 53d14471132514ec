// Finding words in a text in time that does not depend on what the text is made of. std::string_view::find() starts again at each
// byte that may begin the word, and rfind() looks at every byte: a megabyte of "<" takes them longer than a whole verdict may.
#pragma once

#include <cstddef>
#include <string_view>

namespace hone {

/// Where `what`, which is not empty, begins at `from` or behind; npos if nowhere.
size_t find_text(std::string_view text, std::string_view what, size_t from = 0);

/// Where the first of `bytes` stands at `from` or behind; npos if none does.
size_t find_any(std::string_view text, std::string_view bytes, size_t from = 0);

/// Where the last one begins.
size_t find_last_text(std::string_view text, std::string_view what);

/// Where the n-th from the end begins, n >= 1; npos if there are fewer. They may overlap: "####" stands twice in "#####".
size_t nth_last_text(std::string_view text, std::string_view what, size_t n);

}  // namespace hone
