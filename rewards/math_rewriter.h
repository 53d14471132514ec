// A text that rules change one after the other, and the groups of rules of math_spellings.cpp.
#pragma once

#include <re2/re2.h>

#include <string>
#include <string_view>

namespace hone {

class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text) {}

  void replace(const RE2& what, const char* by) { changed_ += RE2::GlobalReplace(&text_, what, by) > 0; }
  void set(std::string text) { text_ = std::move(text), changed_ = 1; }
  const std::string& text() const { return text_; }
  bool changed() const { return changed_ > 0; }
  bool has(std::string_view what) const { return text_.find(what) != std::string::npos; }

 private:
  std::string text_;
  int changed_ = 0;
};

/// Words for arithmetic, scales, signs, roots, relations and subjects: "5 squared", "3 dozens", "minus 7", "x is at least 2", "the
/// remainder is 5" (math_spelled_words.cpp).
void rewrite_words(Rewriter& text);

}  // namespace hone
