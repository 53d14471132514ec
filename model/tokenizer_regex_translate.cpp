// Oniguruma's syntax to PCRE2's. Character classes are spelled out, so that both read them by the same
// version of Unicode; constructs on which the two differ, or which no tokenizer uses, are refused.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

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
constexpr int kMaxClassDepth = 20;
constexpr const char* kWordMarks =
    "\\x{B2}\\x{B3}\\x{B9}\\x{BC}-\\x{BE}";  // \w takes these of Latin-1's numbers, and no others

template <class List, class Value>
bool is_one_of(const List& list, const Value& value) {
  return std::find(std::begin(list), std::end(list), value) != std::end(list);
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
      if (c == '{') {
        counted();
      } else if (c == '(') {
        group();
      } else if (c == ')') {
        close_group();
      } else if (c == '*' || c == '+' || c == '?') {
        out_ += c, ++at_;
      } else {
        const std::string text = atom();
        atom_ = out_.size();
        out_ += text;
      }
    }
    if (opened_.empty()) out_.append(size_t(unclosed_.back()), ')');
    return out_;
  }

 private:
  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... what) const {
    throw InputError(concat(where_, ": regular expression ", pattern_, ": byte ", at_, ": ", what...,
                            " is not supported"));
  }
  bool ahead(std::string_view text) const { return std::string_view(pattern_).substr(at_).starts_with(text); }

  /// A character, a class or an escape.
  std::string atom() {
    if (ahead("[")) return bracket(0);
    if (!ahead("\\")) {
      const std::string text = pattern_.substr(at_, utf8_length(pattern_[at_]));
      at_ += text.size();
      return text;
    }
    bool negated = false;
    if (at_ + 1 < pattern_.size()) {
      if (const auto members = shorthand(&negated)) return as_class(*members, negated);
    }
    return escape(false);
  }

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
  std::optional<Members> shorthand(bool* negated) {
    const char name = pattern_[at_ + 1];
    *negated = std::isupper(uint8_t(name)) != 0;
    switch (name) {
      case 's':
      case 'S':
        return at_ += 2, Members{"\\p{White_Space}", true};
      case 'd':
      case 'D':
        return at_ += 2, members_of("Nd");
      case 'w':
      case 'W':
        return at_ += 2, word_members();
      case 'h':
      case 'H':
        return at_ += 2, Members{"0-9A-Fa-f"};
      case 'p':
      case 'P':
        at_ += 2;
        return members_of(property(negated));
      default:
        return std::nullopt;
    }
  }

  static std::string as_class(const Members& members, bool negated) {
    if (members.simple) return (negated ? "\\P" : "\\p") + members.text.substr(2);
    return (negated ? "[^" : "[") + members.text + "]";
  }

  /// \b or \B.
  static std::string word_boundary(bool negated) {
    const std::string word = as_class(word_members(), false);
    const std::string inside = "(?<=" + word + ")", outside = "(?<!" + word + ")";
    const std::string before = "(?=" + word + ")", not_before = "(?!" + word + ")";
    return negated ? "(?:" + inside + before + "|" + outside + not_before + ")"
                   : "(?:" + inside + not_before + "|" + outside + before + ")";
  }

  std::string code_point(const std::string& digits) const {
    const bool good =
        !digits.empty() && digits.size() <= 6 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return std::isxdigit(uint8_t(c)); });
    if (!good) refuse("the code point ", digits);
    return "\\x{" + digits + "}";
  }

  /// What stands at `\`, no shorthand, with at_ moved behind it.
  std::string escape(bool inside) {
    if (at_ + 1 >= pattern_.size()) refuse("a backslash at the end");
    const char c = pattern_[at_ + 1];
    std::string out;
    if (!inside && (c == 'b' || c == 'B')) {
      out = word_boundary(c == 'B'), at_ += 2;
    } else if (c == 'u') {
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

  /// One operand of && in a class: plain members, and alternatives that do not fit among them.
  struct Operand {
    std::string plain;
    std::vector<std::string> alternatives;

    std::string text() const {
      std::string out = plain.empty() ? "" : "[" + plain + "]";
      for (const std::string& one : alternatives) out += (out.empty() ? "" : "|") + one;
      return alternatives.empty() ? out : "(?:" + out + ")";
    }
  };

  /// The next member of the class that at_ stands in.
  void member(Operand* operand, int depth) {
    if (ahead("[:")) refuse("a POSIX class");
    bool negated = false;
    if (ahead("[")) {
      operand->alternatives.push_back(bracket(depth + 1));
    } else if (!ahead("\\")) {
      operand->plain += pattern_[at_++];
    } else if (at_ + 1 < pattern_.size() && is_one_of(std::string_view("sSdDwWhHpP"), pattern_[at_ + 1])) {
      const Members members = *shorthand(&negated);
      if (!negated) {
        operand->plain += members.text;
      } else if (members.simple) {
        operand->plain += as_class(members, true);
      } else {
        operand->alternatives.push_back(as_class(members, true));
      }
    } else {
      operand->plain += escape(true);
    }
  }

  /// A class, with classes inside it and intersections, as an expression for one character.
  std::string bracket(int depth) {
    if (depth > kMaxClassDepth) refuse("nesting of classes beyond ", kMaxClassDepth);
    ++at_;
    const bool negated = ahead("^");
    if (negated) ++at_;
    if (ahead("]")) refuse("] as the first of a class");
    std::vector<Operand> operands(1);
    while (!ahead("]")) {
      if (at_ >= pattern_.size()) refuse("[ without ]");
      if (ahead("&&")) {
        at_ += 2;
        operands.emplace_back();
      } else {
        member(&operands.back(), depth);
      }
    }
    ++at_;
    if (operands.size() == 1 && operands[0].alternatives.empty())
      return (negated ? "[^" : "[") + operands[0].plain + "]";
    std::string out;
    for (size_t i = 0; i < operands.size(); ++i) {
      const std::string text = operands[i].text();
      if (text.empty()) refuse("an empty side of &&");
      out += i + 1 < operands.size() ? "(?=" + text + ")" : text;
    }
    return negated ? "(?:(?!" + out + ")(?s:.))" : "(?:" + out + ")";
  }

  void group() {
    static constexpr std::pair<std::string_view, std::string_view> kGroups[] = {
        {"(?:", "(?:"},   {"(?=", "(?="},   {"(?!", "(?!"},     {"(?<=", "(?<="},   {"(?<!", "(?<!"},
        {"(?>", "(?>"},   {"(?i)", "(?i:"}, {"(?i:", "(?i:"},   {"(?-i)", "(?-i:"}, {"(?-i:", "(?-i:"},
        {"(?m)", "(?s:"}, {"(?m:", "(?s:"}, {"(?-m)", "(?-s:"}, {"(?-m:", "(?-s:"}};
    for (const auto& [open, translated] : kGroups) {
      if (!ahead(open)) continue;
      if (open.ends_with(")"))
        ++unclosed_.back();  // an option alone is a group up to the end of the one around it, alternatives included
      else
        open_group();
      out_ += translated;
      at_ += open.size();
      return;
    }
    if (ahead("(?") || ahead("(*")) refuse("the group ", pattern_.substr(at_, 4));
    open_group();
    out_ += pattern_[at_++];
  }

  void open_group() {
    opened_.push_back(out_.size());
    unclosed_.push_back(0);
  }

  void close_group() {
    if (!opened_.empty()) {
      out_.append(size_t(unclosed_.back()), ')');
      unclosed_.pop_back();
      atom_ = opened_.back(), opened_.pop_back();
    }
    out_ += pattern_[at_++];
  }

  /// {n}, {n,}, {n,m} and {,m}; other braces are literal. What follows is a quantifier of its own, except that ? makes
  /// {n,m} reluctant.
  void counted() {
    size_t end = at_ + 1;
    while (end < pattern_.size() && (std::isdigit(uint8_t(pattern_[end])) || pattern_[end] == ',')) ++end;
    const std::string inner = pattern_.substr(at_ + 1, end - at_ - 1);
    if (end >= pattern_.size() || pattern_[end] != '}' || inner.empty() || inner == ",") {
      atom_ = out_.size();
      out_ += "\\{", ++at_;
      return;
    }
    const char next = end + 1 < pattern_.size() ? pattern_[end + 1] : ' ';
    const bool fixed = inner.find(',') == std::string::npos;
    out_ += "{" + std::string(inner[0] == ',' ? "0" : "") + inner + "}";
    at_ = end + 1;
    if (next == '+' || next == '*' || (next == '?' && fixed))
      out_ = out_.substr(0, atom_) + "(?:" + out_.substr(atom_) + ")";
  }

  const std::string& pattern_;
  const std::string& where_;
  size_t at_ = 0;
  std::string out_;
  size_t atom_ = 0;             // where in out_ that begins which a quantifier would repeat
  std::vector<size_t> opened_;    // where in out_ the open groups begin
  std::vector<int> unclosed_{0};  // options alone, as groups to be closed: outside of all groups, and in each open one
};

}  // namespace

std::string translate_regex(const std::string& pattern, const std::string& where) {
  return Translator(pattern, where).run();
}

}  // namespace hone
