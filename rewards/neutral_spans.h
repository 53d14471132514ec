// Spans of a text that are in no language: tags, latex, code, addresses.
#pragma once

#include <cstddef>
#include <string_view>

namespace hone {

/// Asked from left to right, linear in the text however many marks are opened and never closed.
class NeutralSpans {
 public:
  explicit NeutralSpans(std::string_view text) : text_(text) {}

  /// Where the neutral span that begins at text[pos] ends; `pos` if none does. `at_word`: no letter stands before.
  ///   <tag>, <|end|>; \command, \(..\), \[..\], $..$, $$..$$; `code`, ```code```, [asy]..[/asy]; https://.., www...
  /// $..$ and `..` end within their paragraph: a mark that is forgotten does not hide the rest of the text.
  size_t end(size_t pos, bool at_word);

 private:
  size_t between(size_t pos, std::string_view mark, bool& exhausted, bool inside_paragraph);
  size_t dollar(size_t pos);
  size_t tag(size_t pos) const;
  size_t command(size_t pos);
  size_t address(size_t pos) const;
  size_t paragraph_end(size_t pos);

  std::string_view text_;
  size_t paragraph_end_ = 0;  // the first "\n\n" at or behind the last position that was asked for
  bool dollar_ = false, dollars_ = false, tick_ = false, fence_ = false, round_ = false, square_ = false;
  bool drawing_ = false;
};

}  // namespace hone
