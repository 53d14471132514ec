// Two steps, as in textwrap: chunks that must not be broken (words, parts of hyphenated words, blanks), then
// lines filled with them.
#include "model/jinja_wrap.h"

#include <algorithm>
#include <deque>

#include "model/jinja_unicode.h"

namespace hone {
namespace {

/// textwrap's blanks are ASCII's.
bool is_blank(std::string_view c) {
  return c.size() == 1 && std::string_view("\t\n\v\f\r ").find(c[0]) != std::string_view::npos;
}

/// [^\d\W], which an underscore is, too.
bool is_letter(std::string_view c) {
  size_t at = 0;
  const char32_t code = jinja_next_char(c, at);
  return jinja_word_length(c) && !jinja_is(code, JinjaCharClass::kDecimal);
}

bool is_word_or_quote(std::string_view c) {
  return jinja_word_length(c) ||
         (c.size() == 1 && std::string_view("!\"'&.,?").find(c[0]) != std::string_view::npos);
}

/// Cuts words at hyphens and dashes by the rules of textwrap's wordsep_re.
class WordSplitter {
 public:
  explicit WordSplitter(std::vector<std::string_view> chars) : c_(std::move(chars)) {}

  std::vector<std::string_view> run() {
    std::vector<std::string_view> parts;
    while (at_ < c_.size()) {
      const size_t end = part_end();
      parts.push_back({c_[at_].data(), size_t(c_[end - 1].data() + c_[end - 1].size() - c_[at_].data())});
      at_ = end;
    }
    return parts;
  }

 private:
  bool dash(size_t i) const { return i < c_.size() && c_[i] == "-"; }
  bool letter(size_t i) const { return i < c_.size() && is_letter(c_[i]); }
  bool word(size_t i) const { return i < c_.size() && jinja_word_length(c_[i]) > 0; }

  /// The end of "--" (or more) that begins at `i` between a word and a word, or `i`.
  size_t em_dash_end(size_t i) const {
    size_t end = i;
    while (dash(end)) ++end;
    return end - i >= 2 && i > 0 && is_word_or_quote(c_[i - 1]) && word(end) ? end : i;
  }

  /// A hyphen at `i` after which a word may be broken.
  bool hyphen(size_t i) const {
    const bool before = i >= 2 && letter(i - 1) && (letter(i - 2) || (i >= 3 && dash(i - 2) && letter(i - 3)));
    const bool after = letter(i + 1) && (letter(i + 2) || (dash(i + 2) && letter(i + 3)));
    return dash(i) && before && after;
  }

  size_t part_end() const {
    if (const size_t end = em_dash_end(at_); end > at_) return end;
    for (size_t i = at_ + 1; i < c_.size(); ++i) {
      if (em_dash_end(i) > i) return i;
      if (hyphen(i)) return i + 1;
    }
    return c_.size();
  }

  std::vector<std::string_view> c_;
  size_t at_ = 0;
};

/// Alternating words (or their parts) and blanks.
std::deque<std::string_view> chunks_of(std::string_view line, bool break_on_hyphens) {
  const std::vector<std::string_view> chars = jinja_chars(line);
  std::deque<std::string_view> chunks;
  for (size_t i = 0; i < chars.size();) {
    size_t end = i;
    const bool blank = is_blank(chars[i]);
    while (end < chars.size() && is_blank(chars[end]) == blank) ++end;
    std::vector<std::string_view> run(chars.begin() + int64_t(i), chars.begin() + int64_t(end));
    if (!blank && break_on_hyphens)
      for (const std::string_view part : WordSplitter(std::move(run)).run()) chunks.push_back(part);
    else
      chunks.push_back(
          {chars[i].data(), size_t(chars[end - 1].data() + chars[end - 1].size() - chars[i].data())});
    i = end;
  }
  return chunks;
}

/// How many characters of a word that is too long go on this line.
size_t long_word_part(std::string_view word, size_t room, bool break_on_hyphens) {
  if (!break_on_hyphens || jinja_count_chars(word) <= room) return room;
  const std::string_view part = word.substr(0, jinja_byte_of(word, room));
  const size_t hyphen = part.rfind('-');
  const bool usable = hyphen != std::string_view::npos && hyphen > 0 &&
                      part.substr(0, hyphen).find_first_not_of('-') != std::string_view::npos;
  return usable ? jinja_count_chars(part.substr(0, hyphen + 1)) : room;
}

}  // namespace

std::vector<std::string> jinja_wrap(std::string_view line, const JinjaWrapOptions& options) {
  std::deque<std::string_view> chunks = chunks_of(line, options.break_on_hyphens);
  const auto is_space = [](std::string_view chunk) { return jinja_lstrip(chunk).empty(); };
  std::vector<std::string> lines;
  while (!chunks.empty()) {
    if (is_space(chunks.front()) && !lines.empty()) chunks.pop_front();
    std::vector<std::string_view> current;
    int64_t length = 0;
    while (!chunks.empty() && length + int64_t(jinja_count_chars(chunks.front())) <= options.width) {
      length += int64_t(jinja_count_chars(chunks.front()));
      current.push_back(chunks.front());
      chunks.pop_front();
    }
    if (!chunks.empty() && int64_t(jinja_count_chars(chunks.front())) > options.width) {
      const std::string_view word = chunks.front();
      if (options.break_long_words) {
        const auto room = size_t(options.width - length);  // may be 0: then the blank before the word stays, as in Python
        const size_t bytes = jinja_byte_of(word, long_word_part(word, room, options.break_on_hyphens));
        current.push_back(word.substr(0, bytes));
        chunks.front() = word.substr(bytes);
      } else if (current.empty()) {
        current.push_back(word);
        chunks.pop_front();
      }
    }
    if (!current.empty() && is_space(current.back())) current.pop_back();
    if (current.empty()) continue;
    std::string text;
    for (const std::string_view chunk : current) text += chunk;
    lines.push_back(std::move(text));
  }
  return lines;
}

}  // namespace hone
