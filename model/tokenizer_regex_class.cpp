#include "model/tokenizer_regex_class.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iterator>
#include <vector>

#include "model/tokenizer_properties.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr int kMaxClassDepth = 20;
constexpr size_t kLongestPosixName = 20;
// \w and \p{Word} take these of Latin-1's numbers, and no others, but not inside a class.
constexpr std::string_view kWordMarks = "B2-B3 B9 BC-BE";
constexpr std::string_view kPosixNames[] = {"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
                                            "lower", "print", "punct", "space", "upper", "word",  "xdigit"};

bool is_digit(char c, char last = '9') { return c >= '0' && c <= last; }

std::string code_point(const RegexReader& reader, const std::string& digits) {
  const bool good =
      !digits.empty() && digits.size() <= 6 &&
      std::all_of(digits.begin(), digits.end(), [](char c) { return std::isxdigit(uint8_t(c)); });
  if (!good) reader.refuse("the code point ", digits);
  return "\\x{" + digits + "}";
}

/// Octal digits at `at`, at most three, as a character.
std::string octal(RegexReader& reader) {
  unsigned value = 0;
  size_t count = 0;
  for (; count < 3 && is_digit(reader.peek(count), '7'); ++count)
    value = value * 8 + unsigned(reader.peek(count) - '0');
  if (value > 0x7F) reader.refuse("a byte above \\x7F");
  reader.at += count;
  return concat("\\x{", std::string(1, "01234567"[value >> 4]),
                std::string(1, "0123456789ABCDEF"[value & 15]), "}");
}

RegexMembers members_of_property(const RegexProperty& one) {
  const std::string added = members_of_ranges(one.added);
  RegexMembers out;
  out.text = std::string(one.members) + added;
  out.except = std::string(one.without) + members_of_ranges(one.removed);
  out.caseless = one.caseless == "?" ? "?" : members_of_ranges(one.caseless);
  out.simple = added.empty() && out.except.empty() && out.text.starts_with("\\p{") &&
               out.text.find('}') + 1 == out.text.size();
  return out;
}

/// The name in \p{name} or \p{^name}, which the reader is moved behind.
RegexMembers property(RegexReader& reader, bool in_class, bool* negated) {
  if (!reader.ahead("{")) reader.refuse("a property without {name}");
  const size_t begin = reader.at++;
  std::string name = reader.take_until("}", "\\p{");
  if (name.starts_with("^")) name.erase(0, 1), *negated = !*negated;
  auto members = property_members(name);
  if (!members) {
    reader.at = begin;
    reader.refuse("the property ", name);
  }
  if (!in_class && members->text == property_members("word")->text) return word_members();
  return std::move(*members);
}

/// [:name:] or [:^name:] inside a class, if that is what stands here.
std::optional<RegexMembers> posix_class(RegexReader& reader, bool* negated) {
  if (!reader.ahead("[:")) return std::nullopt;
  const size_t close = reader.pattern.find(":]", reader.at + 2);
  if (close == std::string::npos || close - reader.at > kLongestPosixName + 2) return std::nullopt;
  std::string name = reader.pattern.substr(reader.at + 2, close - reader.at - 2);
  if (name.find_first_of("[]\\") != std::string::npos) return std::nullopt;  // a class that holds a colon
  if (name.starts_with("^")) name.erase(0, 1), *negated = true;
  if (std::find(std::begin(kPosixNames), std::end(kPosixNames), name) == std::end(kPosixNames))
    reader.refuse("the POSIX class ", name);
  reader.at = close + 2;
  return members_of_property(*find_property(name == "punct" ? "posixpunct" : name));
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

  void add(const RegexMembers& members, bool negated) {
    if (members.except.empty() && !negated) {
      plain += members.text;
    } else if (members.simple) {
      plain += members.expression(negated);
    } else {
      alternatives.push_back(members.expression(negated));
    }
  }
};

class ClassReader {
 public:
  ClassReader(RegexReader& reader, bool caseless) : reader_(reader), caseless_(caseless) {}

  std::string read(int depth) {
    if (depth > kMaxClassDepth) reader_.refuse("nesting of classes beyond ", kMaxClassDepth);
    ++reader_.at;
    const bool negated = reader_.ahead("^");
    if (negated) ++reader_.at;
    std::vector<Operand> operands(1);
    if (reader_.ahead("]")) {  // an ordinary character if the class ends later
      if (reader_.pattern.find(']', reader_.at + 1) == std::string::npos) reader_.refuse("an empty class");
      operands[0].plain += "\\]", ++reader_.at;
    }
    while (!reader_.ahead("]")) {
      if (reader_.done()) reader_.refuse("[ without ]");
      if (reader_.ahead("&&")) {
        // There the cases of a letter are added to the whole class, behind what && and [^..] took away.
        if (caseless_) reader_.refuse("under (?i), && in a class");
        reader_.at += 2;
        operands.emplace_back();
      } else {
        member(&operands.back(), depth);
      }
    }
    ++reader_.at;
    return join(operands, negated);
  }

 private:
  /// The next member of the class.
  void member(Operand* operand, int depth) {
    bool negated = false;
    if (reader_.ahead("[")) {
      if (const auto members = posix_class(reader_, &negated)) return add(operand, *members, negated);
      if (caseless_ && reader_.ahead("[^")) reader_.refuse("under (?i), [^ inside a class");
      operand->alternatives.push_back(read(depth + 1));
      return end_of_set(operand);
    }
    if (!reader_.ahead("\\")) return character(operand);
    if (const auto members = read_shorthand(reader_, true, &negated)) return add(operand, *members, negated);
    if (reader_.ahead("\\b")) {
      operand->plain += "\\x{08}", reader_.at += 2;
    } else {
      operand->plain += read_character_escape(reader_);
    }
  }

  void character(Operand* operand) {
    const char c = reader_.pattern[reader_.at++];
    if (std::string_view("^:.=").find(c) != std::string_view::npos)
      operand->plain += '\\';  // [: is PCRE2's own
    operand->plain += c;
  }

  void add(Operand* operand, const RegexMembers& members, bool negated) {
    if (caseless_ && members.caseless == "?")
      reader_.refuse("under (?i), a class of letters of one case or kind");
    RegexMembers all = members;
    if (caseless_ && !members.caseless.empty()) all.text += members.caseless, all.simple = false;
    operand->add(all, negated);
    end_of_set(operand);
  }

  /// A hyphen behind a set is an ordinary character.
  void end_of_set(Operand* operand) {
    if (reader_.ahead("-") && !reader_.ahead("-[")) operand->plain += "\\-", ++reader_.at;
  }

  std::string join(const std::vector<Operand>& operands, bool negated) const {
    if (operands.size() == 1 && operands[0].alternatives.empty())
      return (negated ? "[^" : "[") + operands[0].plain + "]";
    std::string out;
    for (size_t i = 0; i < operands.size(); ++i) {
      const std::string text = operands[i].text();
      if (text.empty()) reader_.refuse("an empty side of &&");
      out += i + 1 < operands.size() ? "(?=" + text + ")" : text;
    }
    return negated ? "(?:(?!" + out + ")(?s:.))" : "(?:" + out + ")";
  }

  RegexReader& reader_;
  const bool caseless_;
};

}  // namespace

std::string RegexReader::take_until(std::string_view end, std::string_view what) {
  const size_t close = pattern.find(end, at);
  if (close == std::string::npos) refuse(what, " without ", end);
  std::string text = pattern.substr(at, close - at);
  at = close + end.size();
  return text;
}

std::string RegexMembers::expression(bool negated) const {
  if (simple) return (negated ? "\\P" : "\\p") + text.substr(2);
  if (except.empty()) return (negated ? "[^" : "[") + text + "]";
  return negated ? "(?:[" + except + "]|[^" + text + "])" : "(?:(?![" + except + "])[" + text + "])";
}

std::string members_of_ranges(std::string_view ranges) {
  std::string out;
  for (size_t at = 0; at < ranges.size();) {
    const size_t end = std::min(ranges.find(' ', at), ranges.size());
    const std::string_view range = ranges.substr(at, end - at);
    const size_t dash = range.find('-');
    out += concat("\\x{", range.substr(0, dash), "}");
    if (dash != std::string_view::npos) out += concat("-\\x{", range.substr(dash + 1), "}");
    at = end + 1;
  }
  return out;
}

std::optional<RegexMembers> property_members(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (uint8_t(c) >= 0x80) return std::nullopt;
    if (c != '_' && c != '-' && c != ' ') key += char(std::tolower(uint8_t(c)));
  }
  if (const RegexProperty* one = find_property(key)) return members_of_property(*one);
  const auto block = key.starts_with("in") ? find_block(std::string_view(key).substr(2)) : std::nullopt;
  if (!block) return std::nullopt;
  char text[48];
  std::snprintf(text, sizeof text, "\\x{%X}-\\x{%X}", unsigned(block->first), unsigned(block->second));
  return RegexMembers{text, "", "", false};
}

RegexMembers word_members() {
  RegexMembers out = *property_members("word");
  out.text += members_of_ranges(kWordMarks);
  return out;
}

std::optional<RegexMembers> read_shorthand(RegexReader& reader, bool in_class, bool* negated) {
  const char name = reader.peek(1);
  *negated = std::isupper(uint8_t(name)) != 0;
  switch (name) {
    case 's':
    case 'S':
      return reader.at += 2, property_members("whitespace");
    case 'd':
    case 'D':
      return reader.at += 2, property_members("nd");
    case 'w':
    case 'W':
      return reader.at += 2, in_class ? property_members("word") : word_members();
    case 'h':
    case 'H':
      return reader.at += 2, RegexMembers{"0-9A-Fa-f", "", "", false};
    case 'p':
    case 'P':
      if (reader.peek(2) != '{') return std::nullopt;
      reader.at += 2;
      return property(reader, in_class, negated);
    default:
      return std::nullopt;
  }
}

std::string read_character_escape(RegexReader& reader) {
  const char c = reader.peek(1);
  if (c == '\0' && reader.at + 1 >= reader.pattern.size()) reader.refuse("a backslash at the end");
  reader.at += 2;
  if (c == 'u') {
    const std::string digits = reader.pattern.substr(reader.at, 4);
    if (digits.size() < 4) reader.refuse("the code point ", digits);
    return reader.at += 4, code_point(reader, digits);
  }
  if (c == 'x' && reader.ahead("{")) {
    ++reader.at;
    return code_point(reader, reader.take_until("}", "\\x{"));
  }
  if (c == 'x') {
    const std::string digits = reader.pattern.substr(reader.at, 2);
    const std::string out = code_point(reader, digits);
    if (digits[0] > '7' && digits.size() == 2) reader.refuse("a byte above \\x7F");
    return reader.at += digits.size(), out;
  }
  if (is_digit(c, '7')) return --reader.at, octal(reader);
  if (c == 'v') return "\\x{0B}";
  if (std::string_view("rntfae").find(c) != std::string_view::npos) return {'\\', c};
  if (std::string_view("cCM").find(c) != std::string_view::npos || (c == 'o' && reader.ahead("{")))
    reader.refuse("\\", c);
  if (std::isalnum(uint8_t(c))) return {c};  // no meaning of its own
  if (uint8_t(c) < 0x80) return {'\\', c};
  --reader.at;
  const std::string text = reader.pattern.substr(reader.at, utf8_length(c));
  return reader.at += text.size(), text;
}

std::string read_class(RegexReader& reader, bool caseless) { return ClassReader(reader, caseless).read(0); }

}  // namespace hone
