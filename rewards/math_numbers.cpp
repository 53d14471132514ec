// Numbers: integers, decimals with periods, numerals of a base, mixed numbers, degrees with minutes, "2.5 million".
#include <array>

#include "rewards/math_parser.h"
#include "rewards/text.h"

namespace hone {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Scale {
  std::string_view word;
  int64_t value;
};
constexpr std::array kScales = {
    Scale{"hundred", 100},
    Scale{"thousand", 1000},
    Scale{"million", 1000000},
    Scale{"billion", 1000000000ll},
    Scale{"trillion", 1000000000000ll},
    Scale{"dozen", 12},
};

/// The scale that the text begins with as a word of its own; `end` is behind it. 0 if there is none.
int64_t scale_of(std::string_view text, size_t& end) {
  for (const Scale& scale : kScales) {
    if (!text.starts_with(scale.word)) continue;
    end = scale.word.size();
    if (end == text.size() || !(is_lower(text[end]) || is_upper(text[end]))) return scale.value;
  }
  return 0;
}

}  // namespace

int64_t radix_of(std::string_view subscript) {
  int64_t radix = 0;
  for (const char c : subscript) {
    if (is_digit(c) && radix < 1000) radix = radix * 10 + (c - '0');
  }
  if (radix > 0) return radix;
  constexpr std::array<std::string_view, 15> kNames = {
      "two", "three",  "four",   "five",     "six",      "seven",   "eight",  "nine",
      "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"};
  for (size_t i = kNames.size(); i-- > 0;) {  // "sixteen" before "six"
    if (subscript.find(kNames[i]) != std::string_view::npos) return static_cast<int64_t>(i) + 2;
  }
  return 0;
}

NodeId MathParser::number() {
  const Number n = token_.number;
  const std::string_view text = lexer_.text();
  if (token_.end < text.size() && (is_upper(text[token_.end]) || is_lower(text[token_.end]))) {
    if (const NodeId id = numeral(); id >= 0) return id;
    if (const NodeId id = prefixed_numeral(); id >= 0) return id;
  }
  Node node{n.has_point ? Op::kDecimal : Op::kInteger};
  node.digits = n.digits;
  node.scale = n.scale;
  node.value = n.digits > 18 ? 0 : n.mantissa;
  node.text = letters();
  NodeId id = leaf(node);
  const size_t end = token_.end;
  advance();
  if (n.has_point && token_.begin == end && (is_command(Command::kOverline) || is_mark('('))) {
    const NodeId repeating = repeating_decimal(id);
    if (repeating >= 0 || failed_) return repeating;
  }
  const bool dots = is_command(Command::kDots) || (is_mark('.') && text.substr(token_.begin, 3) == "...");
  if (dots && token_.begin == end && node.op == Op::kDecimal) {
    out_.nodes[static_cast<size_t>(id)].flags |= kInexact;
    reread(is_mark('.') ? token_.begin + 3 : token_.end);
  }
  return id;
}

/// The digits that repeat, from the token on: \overline{12}, \dot{1}4285\dot{7}, (12). Empty if there are none.
std::string_view MathParser::period(size_t& end) const {
  const std::string_view text = lexer_.text();
  const auto digits_from = [&](size_t begin) {
    size_t stop = begin;
    while (stop < text.size() && is_digit(text[stop])) ++stop;
    return text.substr(begin, stop - begin);
  };
  if (is_mark('(')) {
    const std::string_view digits = digits_from(token_.begin + 1);
    end = token_.begin + 2 + digits.size();
    return text.substr(std::min(end - 1, text.size())).starts_with(')') ? digits : "";
  }
  size_t begin = token_.end;
  while (begin < text.size() && text[begin] == ' ') ++begin;
  if (begin < text.size() && text[begin] == '{') {
    const std::string_view digits = digits_from(begin + 1);
    end = begin + 2 + digits.size();
    return text.substr(std::min(end - 1, text.size())).starts_with('}') ? digits : "";
  }
  end = begin + 1;
  return digits_from(begin).substr(0, 1);
}

/// 0.1\overline{6} is (16 - 1) / 90; the token is the \overline. -1 if what follows is no period but a factor.
NodeId MathParser::repeating_decimal(NodeId decimal) {
  const bool dotted = letters() == "\\dot";
  const size_t start = token_.begin;
  size_t end = 0;
  std::string digits(period(end));
  if (digits.empty()) return is_mark('(') ? -1 : fail("a period that is no number");
  if (dotted) {  // a second dot ends the period
    const std::string_view rest = lexer_.text().substr(end);
    const size_t between = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (rest.substr(between).starts_with("\\dot")) {
      digits += rest.substr(0, between);
      reread(end + between);
      const std::string_view last = period(end);
      if (last.empty()) return fail("a period that is no number");
      digits += last;
    }
  }
  const Node head = out_[decimal];
  const auto written = static_cast<int>(digits.size());
  if (head.scale < 0 || head.digits + written > 17 || head.scale + written > 17) {
    lexer_.seek(start);
    return fail("a period that is not short");
  }
  reread(end);
  int64_t shift = 1, nines = 1;
  for (int i = 0; i < written; ++i) nines *= 10;
  for (int i = 0; i < head.scale; ++i) shift *= 10;
  const int64_t top = head.value * nines + std::stoll(digits) - head.value;
  const NodeId numerator = integer(top);
  return binary(Op::kQuotient, numerator, integer((nines - 1) * shift));
}

/// "1A3_{16}": letters among the digits of a numeral; small ones only behind a digit. -1 if the token does not begin one.
NodeId MathParser::numeral() {
  const std::string_view text = lexer_.text();
  size_t end = token_.begin;
  bool letter = false, digit = false, small = false;
  for (; end < text.size() && (is_digit(text[end]) || is_upper(text[end]) || is_lower(text[end])); ++end) {
    letter = letter || !is_digit(text[end]);
    small = small || is_lower(text[end]);
    digit = digit || is_digit(text[end]);
  }
  if (!letter || (small && !digit) || end + 1 >= text.size() || text[end] != '_') return -1;
  const size_t base = text[end + 1] == '{' || text[end + 1] == '(' ? end + 2 : end + 1;
  if (text[end + 1] != '{' && !is_digit(text[end + 1])) return -1;
  if (end == token_.begin + 1) return -1;  // "A_1" is a variable
  // "2x_1" and "3n_{k}" are products: a base beyond ten must follow.
  if (small && radix_of(text.substr(base, std::min(text.find('}', base), base + 2) - base)) <= 10) return -1;
  Node node{Op::kText};
  node.text = slice(token_.begin, end);
  reread(end);
  return leaf(node);
}

/// 0b101 and 0x1F, as programs write them. -1 if the token begins none.
NodeId MathParser::prefixed_numeral() {
  const std::string_view text = lexer_.text();
  if (letters() != "0" || token_.end + 1 >= text.size()) return -1;
  const char kind = text[token_.end];
  if (kind != 'b' && kind != 'x' && kind != 'o') return -1;
  const std::string_view allowed = kind == 'b'   ? std::string_view("01")
                                   : kind == 'o' ? std::string_view("01234567")
                                                 : std::string_view("0123456789abcdefABCDEF");
  const size_t begin = token_.end + 1;
  const size_t end = std::min(text.find_first_not_of(allowed, begin), text.size());
  if (end == begin ||
      (end < text.size() && (is_lower(text[end]) || is_upper(text[end]) || is_digit(text[end]))))
    return -1;
  Node node{Op::kBased};
  node.text = text.substr(begin, end - begin);
  node.value = kind == 'b' ? 2 : kind == 'o' ? 8 : 16;
  reread(end);
  return leaf(node);
}

/// "204 base 5", "204 in base 5", "204 \text{ (base 5)}" behind a numeral; the token is the first behind it.
bool MathParser::base_in_words(NodeId numeral) {
  if (out_[numeral].op != Op::kInteger && out_[numeral].op != Op::kText) return false;
  if (token_.kind != TokenKind::kLetters && !is_command(Command::kText) && !is_mark('(')) return false;
  std::string_view rest = lexer_.text().substr(token_.begin);
  const size_t before = rest.size();
  const auto skip = [&](std::string_view what) {
    if (rest.starts_with(what)) rest.remove_prefix(what.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
  };
  for (const std::string_view what : {"\\text{", "(", "in ", "\\text{"}) skip(what);
  if (!rest.starts_with("base")) return false;
  for (const std::string_view what : {"base", "}", "{", "\\text{"}) skip(what);
  const size_t length = std::min(rest.find_first_of(" ).,}"), rest.size());
  const int64_t radix = radix_of(rest.substr(0, length));
  if (radix < 2 || radix > 36) return false;
  rest.remove_prefix(length);
  for (const std::string_view what : {")", "}", ")"}) skip(what);
  Node& node = out_.nodes[static_cast<size_t>(numeral)];
  node.op = Op::kBased;
  node.value = radix;
  reread(token_.begin + (before - rest.size()));
  return true;
}

/// What belongs to the number before it: a base in words, a scale, "10C3", the fraction of a mixed number. -1 if nothing does.
NodeId MathParser::after_number(size_t from) {
  const NodeId last = pending_.back();
  if (base_in_words(last)) return -1;
  if (token_.kind == TokenKind::kLetters || is_command(Command::kText)) {
    if (const NodeId scale = scale_word(); scale >= 0 || failed_) return scale;
  }
  if (out_[last].op != Op::kInteger) return -1;
  if (token_.kind == TokenKind::kLetters && !token_.space_before && (letters() == "C" || letters() == "P") &&
      token_.end < lexer_.text().size() && is_digit(lexer_.text()[token_.end])) {
    const char letter = letters()[0];
    advance();
    const NodeId k = number();
    pending_.pop_back();
    return failed_ ? 0 : combination(letter, last, k);
  }
  return pending_.size() == from + 1 ? mixed_number(last) : -1;
}

/// "million" in "2.5 million" or "2.5\text{ million dollars}": a factor. -1 if the token is no such word.
NodeId MathParser::scale_word() {
  size_t end = 0;
  if (token_.kind == TokenKind::kLetters) {
    const int64_t value = scale_of(letters(), end);
    if (value == 0 || end != letters().size()) return -1;
    advance();
    return integer(value);
  }
  size_t behind = 0;
  const std::string_view content = trim(text_content(behind));
  const int64_t value = scale_of(content, end);
  if (value == 0) return -1;
  if (const std::string_view unit = trim(content.substr(end)); !unit.empty()) {
    unit_begin_ = static_cast<size_t>(unit.data() - lexer_.text().data());
    unit_end_ = unit_begin_ + unit.size();
  }
  reread(behind);
  return integer(value);
}

/// The next factor after a whole number. "3\frac{1}{2}" and "3 1/2" are 3 + 1/2, which takes the place of the number; a fraction
/// that is not proper is a factor like any other. -1, and nothing read, if no fraction follows.
NodeId MathParser::mixed_number(NodeId whole) {
  NodeId part = -1;
  if (is_command(Command::kFrac) && at_unit_fraction()) return -1;
  if (is_command(Command::kFrac)) {
    part = fraction(Op::kQuotient);
    if (!is_proper(part)) return postfix(part);
  } else if (token_.kind == TokenKind::kNumber && token_.space_before && !token_.number.has_point) {
    const Token start = token_;
    const NodeId top = number();
    if (is_mark('/')) {
      advance();
      if (token_.kind == TokenKind::kNumber && !token_.number.has_point)
        part = binary(Op::kQuotient, top, number());
    }
    if (part < 0 || !is_proper(part)) {
      token_ = start;
      lexer_.seek(start.end);
      return -1;
    }
  } else {
    return -1;
  }
  if (failed_) return 0;
  const NodeId mixed = binary(Op::kSum, whole, part);
  out_.nodes[static_cast<size_t>(mixed)].flags |= kGrouped;
  pending_.pop_back();
  return postfix(mixed);  // 33\frac13\%
}

/// A quotient of whole numbers, the upper one the smaller.
bool MathParser::is_proper(NodeId quotient) const {
  if (failed_) return false;
  const Node &top = out_[out_.child(quotient, 0)], &bottom = out_[out_.child(quotient, 1)];
  return top.op == Op::kInteger && bottom.op == Op::kInteger && top.digits <= 18 && bottom.digits <= 18 &&
         top.value < bottom.value;
}

/// The minutes and seconds behind degrees, 5^\circ 30' 15'', and the scale of a temperature, 25^\circ C.
NodeId MathParser::degrees(NodeId value) {
  const size_t from = pending_.size();
  pending_.push_back(value);
  for (int wanted = 1; wanted <= 2 && token_.kind == TokenKind::kNumber && !failed_; ++wanted) {
    const Token start = token_;
    const NodeId part = number();
    size_t end = token_.begin;
    const int primes = count_primes(end);
    if (primes < wanted || primes > 2) {
      token_ = start;
      lexer_.seek(start.end);
      break;
    }
    reread(end);
    pending_.push_back(binary(Op::kQuotient, part, integer(primes == 1 ? 60 : 3600)));
    wanted = primes;
  }
  if (failed_) return 0;
  if (pending_.size() > from + 1)
    value = nary(Op::kSum, from);
  else
    pending_.resize(from);
  const NodeId angle = unary(Op::kDegree, value);
  size_t end = token_.end;
  std::string_view scale = token_.kind == TokenKind::kLetters ? letters() : std::string_view();
  if (is_command(Command::kText) || is_command(Command::kMathFont)) scale = trim(text_content(end));
  if (scale == "C" || scale == "F" || scale == "Celsius" || scale == "Fahrenheit") {
    unit_begin_ = static_cast<size_t>(scale.data() - lexer_.text().data());
    unit_end_ = unit_begin_ + scale.size();
    reread(end);
  }
  return angle;
}

/// How many primes stand at the token, 30' or 30^{\prime\prime} or 30"; `end` is behind them.
int MathParser::count_primes(size_t& end) const {
  const std::string_view text = lexer_.text();
  int primes = 0;
  for (size_t pos = token_.begin; pos < text.size(); end = pos) {
    const std::string_view rest = text.substr(pos);
    if (rest[0] == '\'') {
      ++primes, ++pos;
    } else if (rest[0] == '"') {
      primes += 2, ++pos;
    } else if (rest.starts_with("\\prime")) {
      ++primes, pos += 6;
    } else if (rest[0] == '^' || rest[0] == '{' || (rest[0] == '}' && primes > 0) || rest[0] == ' ') {
      if (rest[0] == ' ' && primes > 0) break;
      ++pos;
    } else {
      break;
    }
  }
  return primes;
}

}  // namespace hone
