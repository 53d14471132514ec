// Unicode's properties as regular expressions of `tokenizers` 0.23 have them: names, and PCRE2's class with what
// a newer version of Unicode put into it or took out (tokenizer_properties.cpp is generated).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace hone {

/// A set of characters: `members` and `added`, but neither `without` nor `removed`.
struct RegexProperty {
  std::string_view names;    // in lower case without '_', '-' and ' '; separated by spaces
  std::string_view members;  // as between PCRE2's brackets; may be empty
  std::string_view without;  // the same
  std::string_view added;    // code points: "897 1B4E-1B4F"
  std::string_view removed;
  std::string_view caseless;  // what joins them in a class under (?i); "?": more than is written down here
};

/// Null if there is none of that name, which is in lower case without '_', '-' and ' '.
const RegexProperty* find_property(std::string_view name);

/// The first and last code point of a block, whose name is written likewise and without "in".
std::optional<std::pair<uint32_t, uint32_t>> find_block(std::string_view name);

}  // namespace hone
