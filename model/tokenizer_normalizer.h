// Normalizers: what is done to a text before it is cut into pieces.
#pragma once

#include <memory>
#include <string>

#include "model/tokenizer_json.h"
#include "model/tokenizer_regex.h"

namespace hone {

class Normalizer {
 public:
  virtual ~Normalizer() = default;
  /// Rewrites *text, valid UTF-8. *at_start says whether it begins where the whole text did; a normalizer
  /// that removes its beginning clears it.
  virtual void apply(std::string* text, bool* at_start, RegexWorkspace& workspace) const = 0;
};

/// The "normalizer" of tokenizer.json.
std::unique_ptr<Normalizer> make_normalizer(const TokenizerJson& json);

enum class UnicodeForm { kNfc, kNfd, kNfkc, kNfkd };
/// In time n log n for any text (long runs of combining marks too).
void normalize_unicode(std::string* text, UnicodeForm form);

/// {"String": ..} or {"Regex": ..}: what Replace and Split look for.
class TokenizerPattern {
 public:
  explicit TokenizerPattern(const TokenizerJson& json);
  bool is_string() const { return regex_ == nullptr; }
  const std::string& string() const { return string_; }

  /// Calls visit(begin, end) for each match in `text`.
  template <class Visit>
  void for_each(std::string_view text, RegexWorkspace& workspace, Visit&& visit) const {
    size_t begin = 0, end = 0;
    if (regex_) {
      RegexMatches matches(*regex_, text, workspace);
      while (matches.next(&begin, &end)) visit(begin, end);
    } else {
      while ((begin = text.find(string_, end)) != std::string_view::npos)
        end = begin + string_.size(), visit(begin, end);
    }
  }
  /// *text with every match replaced by `content`, literally.
  void replace(std::string* text, const std::string& content, bool* at_start,
               RegexWorkspace& workspace) const;

 private:
  std::string string_;
  std::unique_ptr<Regex> regex_;
};

}  // namespace hone
