// Oniguruma's syntax to PCRE2's. Character classes are spelled out, so that both read them by the same
// version of Unicode; constructs on which the two differ, or which no tokenizer uses, are refused.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>

#include "core/error.h"
#include "model/tokenizer_regex.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr std::string_view kCategories[] = {"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "Mn", "Mc", "Me", "N",
                                            "Nd", "Nl", "No", "P",  "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
                                            "S",  "Sm", "Sc", "Sk", "So", "Z",  "Zs", "Zl", "Zp"};
constexpr std::string_view kScripts[] = {"Arabic", "Bengali", "Cyrillic", "Devanagari", "Greek", "Han",
                                         "Hangul", "Hebrew",  "Hiragana", "Katakana",   "Latin", "Thai"};
constexpr const char* kNewerHan = "\\x{2B739}\\x{2EBF0}-\\x{2EE5D}\\x{31350}-\\x{323AF}";  // after Unicode 14
constexpr const char* kWordMarks =
    "\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}";  // \w takes these of Latin-1's numbers, and no others

template <class List>
bool is_one_of(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

/// The members of a class, as they stand between brackets. `simple`: one item, which \P can negate inside a
/// class.
struct Members {
  std::string text;
  bool simple = false;
};

Members word_members() {
  std::string text = std::string("\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}") + kWordMarks;
  for (const char* category : {"L", "M", "Nd", "Nl", "Pc"}) text += newer_code_points(category);
  return {text};
}

class Translator {
 public:
  Translator(const std::string& pattern, const std::string& where) : pattern_(pattern), where_(where) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\') {
        out_ += escape(false);
      } else if (c == '[') {
        bracket();
      } else if (c == '(') {
        group();
      } else if (c == '{') {
        counted();
      } else {
        out_ += c, ++at_;
      }
    }
    return out_;
  }

 private:
  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... what) const {
    throw InputError(concat(where_, ": regular expression ", pattern_, ": byte ", at_, ": ", what...,
                            " is not supported"));
  }
  bool ahead(std::string_view text) const { return std::string_view(pattern_).substr(at_).starts_with(text); }

  /// The name in \p{name} or \p{^name}, with at_ behind it.
  std::string property(bool* negated) {
    const auto close = pattern_.find('}', at_);
    if (!ahead("{") || close == std::string::npos) refuse("a property without {name}");
    std::string name = pattern_.substr(at_ + 1, close - at_ - 1);
    if (name.starts_with("^")) name.erase(0, 1), *negated = !*negated;
    if (!is_one_of(kCategories, name) && !is_one_of(kScripts, name)) refuse("the property ", name);
    at_ = close + 1;
    return name;
  }

  static Members members_of(const std::string& property) {
    if (is_one_of(kScripts, property)) {
      const bool han = property == "Han";
      return {"\\p{sc:" + property + "}" + (han ? kNewerHan : ""), !han};
    }
    const std::string newer = newer_code_points(property);
    return {"\\p{" + property + "}" + newer, newer.empty()};
  }

  /// A class such as \s or \p{L}, if that is what stands at `\`; at_ is behind it then.
  std::optional<std::string> shorthand(bool inside) {
    const char name = pattern_[at_ + 1];
    bool negated = std::isupper(uint8_t(name)) != 0;
    Members members;
    switch (name) {
      case 's':
      case 'S':
        at_ += 2, members = {"\\p{White_Space}", true};
        break;
      case 'd':
      case 'D':
        at_ += 2, members = members_of("Nd");
        break;
      case 'w':
      case 'W':
        at_ += 2, members = word_members();
        break;
      case 'p':
      case 'P':
        at_ += 2, members = members_of(property(&negated));
        break;
      default:
        return std::nullopt;
    }
    if (members.simple) return (negated ? "\\P" : "\\p") + members.text.substr(2);
    if (!inside) return (negated ? "[^" : "[") + members.text + "]";
    if (negated) refuse("the negated class \\", name, " inside []");
    return members.text;
  }

  std::string code_point(const std::string& digits) const {
    const bool good =
        !digits.empty() && digits.size() <= 6 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return std::isxdigit(uint8_t(c)); });
    if (!good) refuse("the code point ", digits);
    return "\\x{" + digits + "}";
  }

  /// What stands at `\`, with at_ moved behind it.
  std::string escape(bool inside) {
    if (at_ + 1 >= pattern_.size()) refuse("a backslash at the end");
    if (auto text = shorthand(inside)) return *text;
    const char c = pattern_[at_ + 1];
    std::string out;
    if (c == 'u') {
      out = code_point(pattern_.substr(at_ + 2, 4)), at_ += 6;
    } else if (c == 'x' && pattern_.substr(at_ + 2, 1) == "{") {
      const auto close = pattern_.find('}', at_);
      if (close == std::string::npos) refuse("\\x{ without }");
      out = code_point(pattern_.substr(at_ + 3, close - at_ - 3)), at_ = close + 1;
    } else if (c == 'x') {
      out = code_point(pattern_.substr(at_ + 2, 2));
      if (pattern_[at_ + 2] > '7') refuse("a byte above \\x7F");
      at_ += 4;
    } else if (c == 'v') {
      out = "\\x{0B}", at_ += 2;
    } else if (std::string_view("rntfae").find(c) != std::string_view::npos ||
               (!inside && std::string_view("AzZ").find(c) != std::string_view::npos) ||
               (uint8_t(c) < 0x80 && !std::isalnum(uint8_t(c)))) {
      out = {'\\', c}, at_ += 2;
    } else {
      refuse("\\", c);
    }
    return out;
  }

  void bracket() {
    out_ += pattern_[at_++];
    if (ahead("^")) out_ += pattern_[at_++];
    if (ahead("]")) refuse("] as the first of a class");
    while (!ahead("]")) {
      if (at_ >= pattern_.size()) refuse("[ without ]");
      if (ahead("[")) refuse("[ inside []");
      if (ahead("&&")) refuse("&& inside []");
      if (ahead("\\")) {
        out_ += escape(true);
      } else {
        out_ += pattern_[at_++];
      }
    }
    out_ += pattern_[at_++];
  }

  void group() {
    for (const char* open : {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i)", "(?i:", "(?-i)", "(?-i:"}) {
      if (!ahead(open)) continue;
      out_ += open;
      at_ += std::string_view(open).size();
      return;
    }
    if (ahead("(?") || ahead("(*")) refuse("the group ", pattern_.substr(at_, 4));
    out_ += pattern_[at_++];
  }

  /// {n}, {n,}, {n,m} and {,m}; other braces are literal.
  void counted() {
    size_t end = at_ + 1;
    while (end < pattern_.size() && (std::isdigit(uint8_t(pattern_[end])) || pattern_[end] == ',')) ++end;
    const std::string inner = pattern_.substr(at_ + 1, end - at_ - 1);
    if (end >= pattern_.size() || pattern_[end] != '}' || inner.empty() || inner == ",") {
      out_ += "\\{", ++at_;
      return;
    }
    const char next = end + 1 < pattern_.size() ? pattern_[end + 1] : ' ';
    const bool fixed = inner.find(',') == std::string::npos;
    if (next == '+' || next == '*' || (next == '?' && fixed)) refuse("{", inner, "}", next);
    out_ += "{" + std::string(inner[0] == ',' ? "0" : "") + inner + "}";
    at_ = end + 1;
  }

  const std::string& pattern_;
  const std::string& where_;
  size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string translate_regex(const std::string& pattern, const std::string& where) {
  return Translator(pattern, where).run();
}

}  // namespace hone
