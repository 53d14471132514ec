// The regular expressions of tokenizer.json. They are written for Oniguruma; here they are translated to
// PCRE2, and what would mean something else there is refused.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace hone {

/// The same expression for PCRE2. Throws InputError that names the construct which is not supported; `where`
/// begins its message.
std::string translate_regex(const std::string& pattern, const std::string& where);

/// What a search needs to write to; one a thread. Made at the first search.
class RegexWorkspace {
 public:
  RegexWorkspace();
  ~RegexWorkspace();
  RegexWorkspace(const RegexWorkspace&) = delete;
  RegexWorkspace& operator=(const RegexWorkspace&) = delete;

 private:
  friend class Regex;
  struct Impl;
  Impl& get();
  std::unique_ptr<Impl> impl_;
};

class Regex {
 public:
  Regex(const std::string& pattern, const std::string& where);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  /// The first match in text[from..], in *begin and *end. `text` is valid UTF-8. Error if the expression
  /// backtracks without end.
  bool find(std::string_view text, size_t from, RegexWorkspace& workspace, size_t* begin, size_t* end) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// All matches of `regex` in `text`, one after the other: an empty match directly behind the match before it
/// does not count.
class RegexMatches {
 public:
  RegexMatches(const Regex& regex, std::string_view text, RegexWorkspace& workspace)
      : regex_(regex), text_(text), workspace_(workspace) {}
  bool next(size_t* begin, size_t* end);

 private:
  const Regex& regex_;
  std::string_view text_;
  RegexWorkspace& workspace_;
  size_t at_ = 0, last_end_ = std::string_view::npos;
};

}  // namespace hone
