// Oniguruma's syntax to PCRE2's: groups, options, references, quantifiers and escapes. What stands for one
// character is in tokenizer_regex_class.h. Constructs on which the two differ and that cannot be spelled out are refused.
#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "core/error.h"
#include "model/tokenizer_regex.h"
#include "model/tokenizer_regex_class.h"
#include "model/tokenizer_regex_text.h"
#include "model/tokenizer_unicode.h"

namespace hone {
namespace {

constexpr size_t kMaxTranslatedBytes = 1 << 20;
constexpr const char* kLineBreak = "(?>\\r\\n|[\\n-\\r\\x{85}\\x{2028}\\x{2029}])";

/// The groups that a pattern captures: number i + 1 has the name names[i], or "" if groups have no names.
struct Captures {
  std::vector<std::string> names;
  bool named = false;  // then parentheses alone do not capture

  void add(const std::string& name) {
    if (!name.empty() && !named) names.clear(), named = true;
    if (named == !name.empty()) names.push_back(name);
  }
};

struct Options {
  bool caseless = false, extended = false;
};

/// A group that is open.
struct Scope {
  size_t begin = 0;  // where in the output
  int unclosed = 0;  // options alone, as groups up to the end of this one
  Options outside;
};

class Translator {
 public:
  /// `all`: the captures of the whole pattern; null while they are being found.
  Translator(const std::string& pattern, const std::string& where, const Captures* all)
      : reader_{pattern, where}, all_(all) {}

  std::string run() {
    while (!reader_.done()) {
      step();
      if (out_.size() > kMaxTranslatedBytes) reader_.refuse("an expression that becomes so long");
    }
    if (scopes_.size() == 1) out_.append(size_t(scopes_[0].unclosed), ')');
    if (calls_ && refers_) reader_.refuse("a group that is called, beside back references");
    return out_;
  }

  const Captures& captures() const { return captures_; }

 private:
  void step() {
    const char c = reader_.peek();
    if (options_.extended && skip_blank()) return;
    if (c == '(') return group();
    if (c == ')') return close_group();
    if (c == '*' || c == '+' || c == '?') return quantifier();
    if (c == '{') return braces();
    if (c == '|') {
      quantified_ = false;
      return out_ += c, ++reader_.at, void();
    }
    begin_atom();
    out_ += atom();
  }

  void begin_atom() { atom_ = out_.size(), quantified_ = false; }

  /// Blanks and comments under (?x).
  bool skip_blank() {
    const size_t begin = reader_.at;
    if (reader_.ahead("#")) {
      reader_.at = std::min(reader_.pattern.find('\n', reader_.at), reader_.pattern.size());
      return true;
    }
    size_t end = begin;
    if (!is_white_space(next_code_point(reader_.pattern, &end))) return false;
    reader_.at = end;
    return true;
  }

  /// A character, a class or an escape.
  std::string atom() {
    if (reader_.ahead("[")) return read_class(reader_, options_.caseless);
    if (reader_.ahead("\\")) return escape();
    if (options_.caseless) return caseless_characters();
    const std::string text = reader_.pattern.substr(reader_.at, utf8_length(reader_.peek()));
    reader_.at += text.size();
    return text;
  }

  /// The next character under (?i), or several that are also one.
  std::string caseless_characters() {
    const std::string_view rest = std::string_view(reader_.pattern).substr(reader_.at);
    std::string_view letters = folded_letters(rest);
    if (letters.size() < rest.size() && !letters.empty() &&
        std::string_view("*+?{").find(rest[letters.size()]) != std::string_view::npos)
      letters = folded_letters(letters.substr(0, letters.size() - 1));
    if (letters.empty()) {
      const size_t size = utf8_length(rest[0]);
      if (folds_to_several(first_code_point(rest.substr(0, size))))
        reader_.refuse("under (?i), a character that stands for several");
      return reader_.at += size, std::string(rest.substr(0, size));
    }
    if (!folded_letters(rest.substr(letters.size() - 1)).empty())
      reader_.refuse("under (?i), the letters ", rest.substr(0, letters.size() + 1));
    reader_.at += letters.size();
    return folded_alternatives(letters);
  }

  /// What stands at the backslash, outside of classes.
  std::string escape() {
    bool negated = false;
    if (const auto members = read_shorthand(reader_, false, &negated)) return members->expression(negated);
    const char c = reader_.peek(1);
    if (c >= '1' && c <= '9') {
      if (const auto number = reference_number()) return reference({*number});
      return read_character_escape(reader_);
    }
    if ((c == 'k' || c == 'g') && (reader_.peek(2) == '<' || reader_.peek(2) == '\'')) return named_escape(c);
    if (std::string_view("yY").find(c) != std::string_view::npos && c) reader_.refuse("\\", c);
    if (std::string_view("bBRXNOKGAzZ").find(c) == std::string_view::npos || !c)
      return read_character_escape(reader_);
    reader_.at += 2;
    switch (c) {
      case 'b':
      case 'B':
        return word_boundary(c == 'B');
      case 'R':
        return kLineBreak;
      case 'X':
        return grapheme_cluster();
      case 'N':
        return "(?-s:.)";
      case 'O':
        return "(?s:.)";
      default:
        return {'\\', c};
    }
  }

  static std::string word_boundary(bool negated) {
    const std::string word = word_members().expression(false);
    const std::string inside = "(?<=" + word + ")", outside = "(?<!" + word + ")";
    const std::string before = "(?=" + word + ")", not_before = "(?!" + word + ")";
    return negated ? "(?:" + inside + before + "|" + outside + not_before + ")"
                   : "(?:" + inside + not_before + "|" + outside + before + ")";
  }

  /// The number in \12 if it refers to a group; none if it is a character's octal number.
  std::optional<size_t> reference_number() {
    size_t end = reader_.at + 1, number = 0;
    while (end < reader_.pattern.size() && std::isdigit(uint8_t(reader_.pattern[end])) && number < 10'000)
      number = number * 10 + size_t(reader_.pattern[end++] - '0');
    if (number > 9 && number > captures_.names.size()) return std::nullopt;
    if (captures_.named || (all_ && all_->named)) reader_.refuse("a number beside named groups");
    return reader_.at = end, number;
  }

  /// \k<name>, a reference to what the group has matched, or \g<name>, a call of the group.
  std::string named_escape(char kind) {
    const std::string close = reader_.peek(2) == '<' ? ">" : "'";
    reader_.at += 3;
    const std::string name = reader_.take_until(close, "\\k< or \\g<");
    if (!all_) return "";
    const std::vector<size_t> numbers = numbers_of(name);
    if (kind == 'k') return reference(numbers);
    if (numbers.size() > 1) reader_.refuse("a call of several groups of the name ", name);
    calls_ = true;
    return concat("(?", numbers[0], ")");
  }

  /// The groups of a name, or of a number that may count from here.
  std::vector<size_t> numbers_of(const std::string& name) const {
    const bool relative = name.starts_with("-");
    const std::string digits = name.substr(relative);
    std::vector<size_t> numbers;
    if (!digits.empty() && digits.size() < 5 &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return std::isdigit(uint8_t(c)); })) {
      if (all_->named) reader_.refuse("a number beside named groups");
      const size_t number = size_t(std::stoi(digits));
      if (!relative || number <= captures_.names.size())
        numbers.push_back(relative ? captures_.names.size() + 1 - number : number);
    }
    for (size_t i = 0; i < all_->names.size() && all_->named; ++i)
      if (all_->names[i] == name) numbers.push_back(i + 1);
    if (numbers.empty() || numbers[0] == 0) reader_.refuse("a reference to the group ", name);
    return numbers;
  }

  /// What one of these groups has matched; of several the last that fits.
  std::string reference(const std::vector<size_t>& numbers) {
    if (!all_) return "";
    refers_ = true;
    std::string out;
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
      if (*number > all_->names.size()) reader_.refuse("a reference to the group ", *number);
      out += concat(out.empty() ? "" : "|", "\\g{", *number, "}");
    }
    return numbers.size() > 1 ? "(?>" + out + ")" : out;
  }

  void group() {
    if (reader_.ahead("(?#")) return comment();
    for (const std::string_view open : {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
      if (reader_.ahead(open)) return reader_.at += open.size(), open_group(open);
    }
    if (reader_.ahead("(?<") || reader_.ahead("(?'")) return named_group();
    if (reader_.ahead("(?(")) return condition();
    if (reader_.ahead("(?~")) reader_.refuse("the absent operator (?~");
    if (reader_.ahead("(*") || reader_.ahead("(?{"))
      reader_.refuse("the callout ", reader_.pattern.substr(reader_.at, 4));
    if (reader_.ahead("(?")) return option_group();
    ++reader_.at;
    captures_.add("");
    open_group(all_ && all_->named ? "(?:" : "(");
  }

  void comment() {
    for (reader_.at += 3; !reader_.ahead(")"); ++reader_.at) {
      if (reader_.ahead("\\")) ++reader_.at;
      if (reader_.at + 1 >= reader_.pattern.size()) reader_.refuse("(?# without )");
    }
    ++reader_.at;
  }

  void named_group() {
    const std::string close = reader_.peek(2) == '<' ? ">" : "'";
    reader_.at += 3;
    const std::string name = reader_.take_until(close, "the name of a group");
    const bool good =
        !name.empty() && !std::isdigit(uint8_t(name[0])) && std::all_of(name.begin(), name.end(), [](char c) {
          return uint8_t(c) >= 0x80 || c == '_' || std::isalnum(uint8_t(c));
        });
    if (!good) reader_.refuse("the name ", name, " of a group");
    captures_.add(name);
    open_group("(");
  }

  /// (?(1)..|..) and (?(<name>)..|..).
  void condition() {
    const size_t begin = reader_.at;
    reader_.at += 3;
    std::string name = reader_.take_until(")", "(?(");
    if (name.size() > 2 &&
        ((name.starts_with("<") && name.ends_with(">")) || (name.starts_with("'") && name.ends_with("'"))))
      name = name.substr(1, name.size() - 2);
    else if (name.empty() ||
             !std::all_of(name.begin(), name.end(), [](char c) { return std::isdigit(uint8_t(c)); }))
      reader_.at = begin, reader_.refuse("the condition ", name);
    if (!all_) return open_group("(?:");
    const std::vector<size_t> numbers = numbers_of(name);
    if (numbers.size() > 1 || numbers[0] > all_->names.size()) reader_.refuse("the condition ", name);
    open_group(concat("(?(", numbers[0], ")"));
  }

  /// (?imx-imx) and (?imx-imx:..). m is PCRE2's s; x is done here.
  void option_group() {
    const size_t begin = reader_.at;
    std::string on, off;
    Options options = options_;
    bool sets = true;
    for (reader_.at += 2; !reader_.ahead(")") && !reader_.ahead(":"); ++reader_.at) {
      const char c = reader_.peek();
      if (c == '-') {
        sets = false;
      } else if (c == 'i') {
        options.caseless = sets, (sets ? on : off) += 'i';
      } else if (c == 'm') {
        (sets ? on : off) += 's';
      } else if (c == 'x') {
        options.extended = sets;
      } else {
        reader_.at = begin;
        reader_.refuse("the group ", reader_.pattern.substr(begin, 4));
      }
    }
    const std::string open = concat("(?", on, off.empty() ? "" : "-", off, ":");
    if (reader_.ahead(":")) {
      open_group(open);
    } else {  // an option alone is a group up to the end of the one around it, alternatives included
      ++scopes_.back().unclosed;
      out_ += open;
      begin_atom();
    }
    options_ = options;
    ++reader_.at;
  }

  void open_group(std::string_view text) {
    scopes_.push_back({out_.size(), 0, options_});
    out_ += text;
    quantified_ = false;
  }

  void close_group() {
    if (scopes_.size() > 1) {
      out_.append(size_t(scopes_.back().unclosed), ')');
      options_ = scopes_.back().outside;
      atom_ = scopes_.back().begin;
      scopes_.pop_back();
    }
    quantified_ = false;
    out_ += ')', ++reader_.at;
  }

  /// *, + and ?, which a second ? makes reluctant and a + possessive.
  void quantifier() {
    wrap_quantified();
    out_ += reader_.pattern[reader_.at++];
    if (reader_.ahead("?") || reader_.ahead("+")) out_ += reader_.pattern[reader_.at++];
    quantified_ = true;
  }

  /// {n}, {n,}, {n,m} and {,m}; other braces are literal. Only ? makes {n,m} reluctant; what else follows is a
  /// quantifier of its own.
  void braces() {
    size_t end = reader_.at + 1;
    while (end < reader_.pattern.size() &&
           (std::isdigit(uint8_t(reader_.pattern[end])) || reader_.pattern[end] == ','))
      ++end;
    const std::string inner = reader_.pattern.substr(reader_.at + 1, end - reader_.at - 1);
    if (end >= reader_.pattern.size() || reader_.pattern[end] != '}' || inner.empty() || inner == ",") {
      begin_atom();
      out_ += "\\{", ++reader_.at;
      return;
    }
    wrap_quantified();
    out_ += "{" + std::string(inner[0] == ',' ? "0" : "") + inner + "}";
    reader_.at = end + 1;
    if (inner.find(',') != std::string::npos && reader_.ahead("?")) out_ += '?', ++reader_.at;
    quantified_ = true;
  }

  /// What is repeated already becomes a group, so that it can be repeated again.
  void wrap_quantified() {
    if (quantified_) out_ = out_.substr(0, atom_) + "(?:" + out_.substr(atom_) + ")";
  }

  RegexReader reader_;
  const Captures* all_;
  Captures captures_;  // those opened so far
  std::string out_;
  size_t atom_ = 0;          // where in out_ that begins which a quantifier would repeat
  bool quantified_ = false;  // whether it is repeated already
  bool calls_ = false, refers_ = false;
  Options options_;
  std::vector<Scope> scopes_{{}};  // the whole pattern, and the groups that are open
};

}  // namespace

std::string translate_regex(const std::string& pattern, const std::string& where) {
  Translator first(pattern, where, nullptr);
  first.run();
  return Translator(pattern, where, &first.captures()).run();
}

}  // namespace hone
