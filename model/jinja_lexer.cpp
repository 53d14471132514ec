// A hand-written lexer in place of Jinja's regular expressions, rule by rule in their order. Two states: text
// up to the next tag, and the inside of a tag.
#include "model/jinja_lexer.h"

#include <charconv>
#include <optional>

#include "core/error.h"
#include "core/utf8.h"
#include "model/jinja_literal.h"
#include "model/jinja_unicode.h"

namespace hone {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

class JinjaLexer {
 public:
  JinjaLexer(const std::string& file, std::string_view source) : file_(file) {
    for (size_t i = 0; i < source.size(); ++i) {
      if (source[i] == '\r' && i + 1 < source.size() && source[i + 1] == '\n') continue;
      source_ += source[i] == '\r' ? '\n' : source[i];
    }
    if (source_.ends_with('\n')) source_.pop_back();
  }

  std::vector<JinjaToken> run() {
    while (at_ < source_.size()) lex_text();
    emit(JinjaTokenKind::kEnd, "", at_);
    return std::move(tokens_);
  }

 private:
  enum class Tag { kNone, kVariable, kComment, kBlock, kRaw };

  [[noreturn]] void fail(size_t at, const std::string& what) {
    const auto [line, column] = place(at);
    throw InputError(concat(file_, ':', line, ':', column, ": ", what));
  }

  /// Line and column of byte `at`; calls come in ascending order but for errors.
  std::pair<int, int> place(size_t at) {
    if (at < counted_) counted_ = line_start_ = 0, line_ = 1;
    for (; counted_ < at; ++counted_)
      if (source_[counted_] == '\n') ++line_, line_start_ = counted_ + 1;
    return {line_, int(at - line_start_) + 1};
  }

  JinjaToken& emit(JinjaTokenKind kind, std::string text, size_t at) {
    const auto [line, column] = place(at);
    tokens_.push_back({.kind = kind, .text = std::move(text), .line = line, .column = column});
    return tokens_.back();
  }

  std::string_view rest() const { return std::string_view(source_).substr(at_); }

  size_t skip_space(size_t at) const {
    while (at < source_.size()) {
      const size_t length = jinja_space_length(std::string_view(source_).substr(at));
      if (length == 0) break;
      at += length;
    }
    return at;
  }

  /// The end of "{% raw %}" if one begins at `at`, else 0. Its own newline is not trimmed.
  size_t raw_begin_end(size_t at) const {
    const std::string_view all = source_;
    size_t i = at + 2;
    if (i < all.size() && (all[i] == '-' || all[i] == '+')) ++i;
    i = skip_space(i);
    if (all.substr(i, 3) != "raw") return 0;
    i = skip_space(i + 3);
    if (all.substr(i, 3) == "-%}") return skip_space(i + 3);
    return all.substr(i, 2) == "%}" ? i + 2 : 0;
  }

  Tag tag_at(size_t at) const {
    if (source_[at] != '{' || at + 1 == source_.size()) return Tag::kNone;
    switch (source_[at + 1]) {
      case '{':
        return Tag::kVariable;
      case '#':
        return Tag::kComment;
      case '%':
        return raw_begin_end(at) ? Tag::kRaw : Tag::kBlock;
      default:
        return Tag::kNone;
    }
  }

  /// `text` before a tag whose first brackets are followed by `sign`, without the blanks that the tag takes
  /// away.
  std::string_view strip_before(std::string_view text, char sign, Tag tag) const {
    if (sign == '-') return text.substr(0, jinja_rstrip(text).size());
    if (sign == '+' || tag == Tag::kVariable) return text;
    const size_t newline = text.rfind('\n');
    const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
    if (begin == 0 && !line_starting_) return text;
    return jinja_rstrip(text.substr(begin)).empty() ? text.substr(0, begin) : text;
  }

  /// Text up to the next tag, and that tag.
  void lex_text() {
    size_t begin = at_;
    Tag tag = Tag::kNone;
    while (begin < source_.size() && (tag = tag_at(begin)) == Tag::kNone) ++begin;
    const std::string_view text = std::string_view(source_).substr(at_, begin - at_);
    if (tag == Tag::kNone) {
      if (!text.empty()) emit(JinjaTokenKind::kData, std::string(text), at_);
      at_ = begin;
      return;
    }
    const char sign = begin + 2 < source_.size() ? source_[begin + 2] : '\0';
    const std::string_view kept = strip_before(text, sign, tag);
    if (!kept.empty()) emit(JinjaTokenKind::kData, std::string(kept), at_);
    at_ = begin + 2 + (sign == '-' || sign == '+');
    line_starting_ = false;
    switch (tag) {
      case Tag::kComment:
        return lex_comment(begin);
      case Tag::kRaw:
        at_ = raw_begin_end(begin);
        return lex_raw(begin);
      default:
        return lex_tag(begin, tag == Tag::kBlock);
    }
  }

  /// The end of "+%}", "-%}" with the blanks after it, or "%}" with its newline (the same for "#}"), or 0.
  size_t block_end(size_t at, std::string_view close) const {
    const std::string_view all = source_;
    if (at < all.size() && all[at] == '+' && all.substr(at + 1, 2) == close) return at + 3;
    if (at < all.size() && all[at] == '-' && all.substr(at + 1, 2) == close) return skip_space(at + 3);
    if (all.substr(at, 2) != close) return 0;
    return at + 2 + (at + 2 < all.size() && all[at + 2] == '\n');
  }

  void go_to(size_t end) {
    line_starting_ = end > 0 && source_[end - 1] == '\n';
    at_ = end;
  }

  void lex_comment(size_t begin) {
    for (size_t i = at_; i < source_.size(); ++i)
      if (const size_t end = block_end(i, "#}")) return go_to(end);
    fail(begin, "Missing end of comment tag");
  }

  /// The end of "{% endraw %}" if one begins at `at`, else 0.
  size_t raw_end(size_t at) const {
    const std::string_view all = source_;
    if (all.substr(at, 2) != "{%") return 0;
    size_t i = at + 2;
    if (i < all.size() && (all[i] == '-' || all[i] == '+')) ++i;
    i = skip_space(i);
    if (all.substr(i, 6) != "endraw") return 0;
    return block_end(skip_space(i + 6), "%}");
  }

  void lex_raw(size_t begin) {
    line_starting_ = source_[at_ - 1] == '\n';
    for (size_t i = at_; i < source_.size(); ++i) {
      const size_t end = raw_end(i);
      if (!end) continue;
      const std::string_view text = std::string_view(source_).substr(at_, i - at_);
      const std::string_view kept = strip_before(text, source_[i + 2], Tag::kRaw);
      if (!kept.empty()) emit(JinjaTokenKind::kData, std::string(kept), at_);
      return go_to(end);
    }
    fail(begin, "Missing end of raw directive");
  }

  size_t tag_end(bool block) const {
    if (block) return block_end(at_, "%}");
    if (rest().starts_with("-}}")) return skip_space(at_ + 3);
    return rest().starts_with("}}") ? at_ + 2 : 0;
  }

  void lex_tag(size_t begin, bool block) {
    emit(block ? JinjaTokenKind::kBlockBegin : JinjaTokenKind::kVariableBegin, "", begin);
    std::string open;  // closing brackets that are still to come
    while (at_ < source_.size()) {
      const size_t end = open.empty() ? tag_end(block) : 0;
      if (end) {
        emit(block ? JinjaTokenKind::kBlockEnd : JinjaTokenKind::kVariableEnd, "", at_);
        return go_to(end);
      }
      if (const size_t next = skip_space(at_); next > at_) {
        at_ = next;
      } else if (!lex_number() && !lex_name() && !lex_string()) {
        lex_operator(open);
      }
    }
  }

  /// The end of digits from `i` on with single underscores between them, or `i`.
  size_t digits_end(size_t i, bool (*ok)(char)) const {
    while (i < source_.size() &&
           (ok(source_[i]) || (source_[i] == '_' && i + 1 < source_.size() && ok(source_[i + 1]))))
      ++i;
    return i;
  }

  size_t decimal_end(size_t i) const {
    return i < source_.size() && is_digit(source_[i]) ? digits_end(i, is_digit) : i;
  }

  /// The end of a float that begins here, or 0: "1.5", "1e3", "1.5e-3"; none right after a dot (x.0.1).
  size_t float_end() const {
    if (at_ > 0 && source_[at_ - 1] == '.') return 0;
    size_t i = decimal_end(at_);
    bool fraction = false;
    if (i < source_.size() && source_[i] == '.' && decimal_end(i + 1) > i + 1)
      i = decimal_end(i + 1), fraction = true;
    if (i < source_.size() && (source_[i] == 'e' || source_[i] == 'E')) {
      const size_t sign = i + 1 < source_.size() && (source_[i + 1] == '+' || source_[i + 1] == '-');
      if (decimal_end(i + 1 + sign) > i + 1 + sign) return decimal_end(i + 1 + sign);
    }
    return fraction ? i : 0;
  }

  bool lex_number() {
    if (!is_digit(source_[at_])) return false;
    const size_t begin = at_;
    if (const size_t end = float_end()) {
      std::string digits = source_.substr(at_, end - at_);
      std::erase(digits, '_');
      JinjaToken& token = emit(JinjaTokenKind::kFloat, "", begin);
      token.number = std::strtod(digits.c_str(), nullptr);
      at_ = end;
      return true;
    }
    int base = 10;
    size_t end = integer_end(base);
    std::string digits = source_.substr(at_, end - at_);
    std::erase(digits, '_');
    if (base != 10) digits.erase(0, 2);
    int64_t value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (result.ec != std::errc()) fail(begin, concat("integer ", digits, " does not fit 64 bits"));
    emit(JinjaTokenKind::kInteger, "", begin).integer = value;
    at_ = end;
    return true;
  }

  size_t integer_end(int& base) const {
    if (source_[at_] != '0') return digits_end(at_, is_digit);
    const char prefix = at_ + 1 < source_.size() ? char(source_[at_ + 1] | 0x20) : '\0';
    using Ok = bool (*)(char);
    const Ok ok = prefix == 'b'   ? Ok([](char c) { return c == '0' || c == '1'; })
                  : prefix == 'o' ? Ok([](char c) { return c >= '0' && c <= '7'; })
                  : prefix == 'x'
                      ? Ok([](char c) { return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); })
                      : nullptr;
    if (ok && digits_end(at_ + 2, ok) > at_ + 2) {
      base = prefix == 'b' ? 2 : prefix == 'o' ? 8 : 16;
      return digits_end(at_ + 2, ok);
    }
    return digits_end(at_, [](char c) { return c == '0'; });
  }

  bool lex_name() {
    size_t end = at_;
    while (end < source_.size()) {
      const size_t length = jinja_word_length(std::string_view(source_).substr(end));
      if (length == 0) break;
      end += length;
    }
    if (end == at_) return false;
    emit(JinjaTokenKind::kName, source_.substr(at_, end - at_), at_);
    at_ = end;
    return true;
  }

  bool lex_string() {
    const char quote = source_[at_];
    if (quote != '\'' && quote != '"') return false;
    size_t end = at_ + 1;
    while (end < source_.size() && source_[end] != quote) end += source_[end] == '\\' ? 2 : 1;
    if (end >= source_.size()) fail(at_, "this string does not end");
    std::string error;
    std::string text = unescape_jinja(std::string_view(source_).substr(at_ + 1, end - at_ - 1), error);
    if (!error.empty()) fail(at_, error);
    emit(JinjaTokenKind::kString, std::move(text), at_);
    at_ = end + 1;
    return true;
  }

  void lex_operator(std::string& open) {
    static constexpr std::string_view kTwo[] = {"//", "**", "==", "!=", ">=", "<="};
    static constexpr std::string_view kOne = "+-/*%~[](){}><=.:|,;";
    size_t length = 0;
    for (const std::string_view two : kTwo)
      if (rest().starts_with(two)) length = 2;
    if (length == 0 && kOne.find(source_[at_]) != std::string_view::npos) length = 1;
    if (length == 0) fail(at_, concat("unexpected char '", rest().substr(0, jinja_char_length(rest())), "'"));
    const char c = source_[at_];
    if (length == 1 && (c == '(' || c == '[' || c == '{')) open += c == '(' ? ')' : char(c + 2);
    if (length == 1 && (c == ')' || c == ']' || c == '}')) {
      if (open.empty()) fail(at_, concat("unexpected '", c, "'"));
      if (open.back() != c) fail(at_, concat("unexpected '", c, "', expected '", open.back(), "'"));
      open.pop_back();
    }
    emit(JinjaTokenKind::kOperator, source_.substr(at_, length), at_);
    at_ += length;
  }

  const std::string& file_;
  std::string source_;
  std::vector<JinjaToken> tokens_;
  size_t at_ = 0;
  bool line_starting_ = true;  // the last tag took its newline with it
  size_t counted_ = 0, line_start_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<JinjaToken> lex_jinja(const std::string& file, std::string_view source) {
  if (const auto bad = first_invalid_utf8(source))
    throw InputError(concat(file, ": byte ", *bad, ": not UTF-8"));
  return JinjaLexer(file, source).run();
}

}  // namespace hone
