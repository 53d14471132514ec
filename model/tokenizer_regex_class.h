// Reading a regular expression of Oniguruma: the place in it with its errors, and what stands for one character
// (classes, properties, shorthands), as an expression of PCRE2. Classes are spelled out by one version of Unicode.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/error.h"

namespace hone {

/// A pattern, and where in it the reader stands.
struct RegexReader {
  const std::string& pattern;
  const std::string& where;  // begins messages
  size_t at = 0;

  bool done() const { return at >= pattern.size(); }
  bool ahead(std::string_view text) const { return std::string_view(pattern).substr(at).starts_with(text); }
  /// The character `offset` bytes on; 0 behind the end.
  char peek(size_t offset = 0) const { return at + offset < pattern.size() ? pattern[at + offset] : '\0'; }
  /// The pattern from here up to `end`, behind which the reader stands then.
  std::string take_until(std::string_view end, std::string_view what);

  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... what) const {
    throw InputError(
        concat(where, ": regular expression ", pattern, ": byte ", at, ": ", what..., " is not supported"));
  }
};

/// A set of characters: what stands between brackets, but not what is in `except`.
struct RegexMembers {
  std::string text, except;
  std::string caseless;  // what joins it in a class under (?i); "?": not known
  bool simple = false;   // one \p{..}, which \P{..} negates

  /// An expression for one character of the set, or of its complement.
  std::string expression(bool negated) const;
};

/// Oniguruma's \w outside of classes.
RegexMembers word_members();

/// A set of its property's or block's name: \p{name}.
std::optional<RegexMembers> property_members(std::string_view name);

/// \s, \d, \w, \h, \p{..} or one of their complements, if that is what stands at the backslash.
std::optional<RegexMembers> read_shorthand(RegexReader& reader, bool in_class, bool* negated);

/// A backslash and what names one character, as PCRE2 writes it: \n, \x61, \u0061, \012, \., ...
std::string read_character_escape(RegexReader& reader);

/// [..], with classes inside it and intersections.
std::string read_class(RegexReader& reader, bool caseless);

/// "897 1B4E-1B4F" as members of a class.
std::string members_of_ranges(std::string_view ranges);

}  // namespace hone
