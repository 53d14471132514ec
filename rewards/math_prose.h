// Answers that are sentences, rewritten as notation: "The value is 5", "all real numbers except 2", "where k is an integer". What
// the words don't change stays as it is.
#pragma once

#include <string>
#include <string_view>

namespace hone {

/// The text without the words that only introduce the answer: a view of it.
std::string_view without_lead(std::string_view text);

/// Whether a word only introduces what follows: "the", "is", "value". Small letters.
bool is_lead_word(std::string_view word);

/// Without \text and its braces.
std::string without_text(std::string_view text);

/// True, and the rewriting in `out`, if there was something to rewrite.
bool rewrite_prose(std::string_view text, std::string& out);

/// Whether two letters stand side by side that are not the name of a command.
bool has_words(std::string_view text);

}  // namespace hone
