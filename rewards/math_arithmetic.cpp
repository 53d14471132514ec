// Sums, products and powers.
#include <iterator>

#include "rewards/math_parser.h"

namespace hone {
namespace {

/// The number that a subscript is, in digits or in letters; 0 if it is none.
int64_t radix_of(std::string_view subscript) {
  int64_t radix = 0;
  for (const char c : subscript) {
    if (c >= '0' && c <= '9' && radix < 1000) radix = radix * 10 + (c - '0');
  }
  if (radix > 0) return radix;
  constexpr std::string_view kNames[] = {"two",    "three",    "four",     "five",    "six",
                                         "seven",  "eight",    "nine",     "ten",     "eleven",
                                         "twelve", "thirteen", "fourteen", "fifteen", "sixteen"};
  for (size_t i = std::size(kNames); i-- > 0;) {  // "sixteen" before "six"
    if (subscript.find(kNames[i]) != std::string_view::npos) return static_cast<int64_t>(i) + 2;
  }
  return 0;
}

}  // namespace

NodeId MathParser::sum() {
  const size_t from = pending_.size();
  pending_.push_back(signed_product());
  while (!failed_ && (is_mark('+') || is_mark('-') || is_command(Command::kPlusMinus) ||
                      is_command(Command::kMinusPlus))) {
    const bool minus = is_mark('-');
    const NodeId left = pending_.back(), term = signed_product();
    const Op op = out_[left].op;
    const bool sets = minus && (op == Op::kReals || op == Op::kTuple || op == Op::kSet) && !failed_ &&
                      out_[term].op == Op::kNegate && out_[out_.child(term)].op == Op::kSet;
    if (sets && pending_.size() == from + 1) {  // \mathbb{R} - \{0\}
      pending_.back() = binary(Op::kWithout, left, out_.child(term));
    } else {
      pending_.push_back(term);
    }
  }
  if (failed_) return 0;
  if (pending_.size() > from + 1) return nary(Op::kSum, from);
  const NodeId only = pending_.back();
  pending_.pop_back();
  return only;
}

/// A product with the sign before it.
NodeId MathParser::signed_product() {
  bool negative = false;
  int signs = 0;
  for (;; advance()) {
    if (is_mark('-')) {
      negative = !negative;
    } else if (!is_mark('+')) {
      break;
    }
    if (++signs > 8) return fail("more than 8 signs in a row");
  }
  if (is_command(Command::kPlusMinus) || is_command(Command::kMinusPlus)) {
    const bool opposite = is_command(Command::kMinusPlus);
    advance();
    const NodeId value = product();
    return unary(Op::kPlusMinus, value, opposite ? 1 : 0, out_.num_signs++);
  }
  const NodeId value = product();
  if (!negative || failed_) return value;
  return unary(Op::kNegate, value);
}

NodeId MathParser::product() {
  const size_t from = pending_.size();
  pending_.push_back(power());
  while (!failed_) {
    if ((is_mark('*') && !is_power()) || is_command(Command::kTimes)) {
      advance();
      if (is_mark('*')) return fail("two operators side by side");
      pending_.push_back(signed_power());
    } else if (is_mark('/') || is_command(Command::kDivide)) {
      advance();
      if (is_mark('/')) return fail("two operators side by side");
      const NodeId by = signed_power();
      const NodeId left = pending_.size() > from + 1 ? nary(Op::kProduct, from) : pending_.back();
      pending_.resize(from);
      pending_.push_back(binary(Op::kQuotient, left, by));
    } else {
      const NodeId factor = implicit_factor(from);
      if (factor < 0) break;
      pending_.push_back(factor);
    }
  }
  if (failed_) return 0;
  if (pending_.size() > from + 1) return nary(Op::kProduct, from);
  const NodeId only = pending_.back();
  pending_.pop_back();
  return only;
}

/// What follows without an operator: a factor, the fraction of a mixed number, or a unit. -1 if nothing does.
NodeId MathParser::implicit_factor(size_t from) {
  const NodeId last = pending_.back();
  const Op op = out_[last].op;
  const bool plain = !(out_[last].flags & kGrouped);
  const bool number = (op == Op::kInteger || op == Op::kDecimal) && plain;
  if (at_unit(number || op == Op::kSum || op == Op::kQuotient || op == Op::kRoot)) {
    unit();
    return -1;
  }
  if (!starts_factor()) return -1;
  if (op == Op::kInteger && plain && pending_.size() == from + 1) {
    if (const NodeId next = mixed_number(last); next >= 0) return next;
  }
  if (number && token_.kind == TokenKind::kNumber) return fail("two numbers side by side");
  if (op == Op::kText) return fail("text before a formula");
  const NodeId factor = power();
  if (failed_ || out_[factor].op != Op::kRelation) return factor;
  conditions_.push_back(factor);  // "2k\\pi (k \\in \\mathbb{Z})"
  return -1;
}

/// The next factor after a whole number. "3\frac{1}{2}" and "3 1/2" are 3 + 1/2, which takes the place of the number; a fraction
/// that is not proper is a factor like any other. -1, and nothing read, if no fraction follows.
NodeId MathParser::mixed_number(NodeId whole) {
  NodeId part = -1;
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
  return mixed;
}

/// A quotient of whole numbers, the upper one the smaller.
bool MathParser::is_proper(NodeId quotient) const {
  if (failed_) return false;
  const Node &top = out_[out_.child(quotient, 0)], &bottom = out_[out_.child(quotient, 1)];
  return top.op == Op::kInteger && bottom.op == Op::kInteger && top.digits <= 18 && bottom.digits <= 18 &&
         top.value < bottom.value;
}

NodeId MathParser::signed_power() {
  if (++depth_ > kMaxMathDepth) return fail("nested too deep", true);
  NodeId value;
  if (is_mark('-')) {
    advance();
    value = unary(Op::kNegate, signed_power());
  } else if (is_mark('+')) {
    advance();
    value = signed_power();
  } else {
    value = power();
  }
  --depth_;
  return value;
}

NodeId MathParser::power() {
  if (++depth_ > kMaxMathDepth) return fail("nested too deep", true);
  const NodeId value = postfix(primary());
  --depth_;
  return value;
}

NodeId MathParser::postfix(NodeId base) {
  for (int i = 0; !failed_; ++i) {
    if (i > 16) return fail("more than 16 marks behind an operand", true);
    if (is_power()) {
      base = raised(base);
    } else if (is_mark('_')) {
      base = subscripted(base);
    } else if (is_mark('!') && (token_.space_before ? lexer_.text().substr(token_.begin, 2) != "!=" : true)) {
      advance();
      base = unary(Op::kFactorial, base);
    } else if (is_mark('%') || is_command(Command::kPercent)) {
      advance();
      base = unary(Op::kPercent, base);
    } else if (is_command(Command::kCirc)) {
      advance();
      base = unary(Op::kDegree, base);
    } else if (is_mark('\'') && out_[base].op == Op::kSymbol) {
      out_.nodes[static_cast<size_t>(base)].value = hash_name("'", out_[base].value);
      advance();
    } else {
      break;
    }
  }
  return base;
}

NodeId MathParser::raised(NodeId base) {
  if (is_mark('*')) advance();
  advance();
  const Op op = out_[base].op;
  const bool letter_o = token_.kind == TokenKind::kLetters && letters() == "o";  // 90^o
  if (is_command(Command::kCirc) || (letter_o && (op == Op::kInteger || op == Op::kDecimal))) {
    advance();
    return unary(Op::kDegree, base);
  }
  if (is_command(Command::kPrime) && out_[base].op == Op::kSymbol) {
    out_.nodes[static_cast<size_t>(base)].value = hash_name("'", out_[base].value);
    advance();
    return base;
  }
  if (is_mark('{')) {  // {\circ}, {\text{o}} are degrees as well
    const Token brace = token_;
    advance();
    const bool circle = is_command(Command::kCirc);
    if (circle) advance();
    if (circle && is_mark('}')) {
      advance();
      return unary(Op::kDegree, base);
    }
    token_ = brace;
    lexer_.seek(brace.end);
  }
  if (out_[base].op == Op::kText) return fail("text with an exponent");
  const NodeId power = exponent();
  if (failed_) return 0;
  const Node& node = out_[base];
  if (node.op == Op::kMatrix || node.op == Op::kTuple) {
    const std::string_view mark = out_[power].op == Op::kSymbol ? out_[power].text : "";
    if (mark == "T" || mark == "top" || mark == "intercal") return transposed(base);
  }
  if (node.op == Op::kSymbol && node.digits > 0 && node.text == "C" && out_[power].op == Op::kInteger) {
    return binary(Op::kBinomial, integer(node.digits), power);
  }
  return binary(Op::kPower, base, power);
}

/// x^2, x^{n-1}, x^-1, x^(n+1), 2^3^2 = 2^(3^2).
NodeId MathParser::exponent() {
  if (++depth_ > kMaxMathDepth) return fail("nested too deep", true);
  NodeId value;
  if (is_mark('-')) {
    advance();
    value = unary(Op::kNegate, exponent());
  } else {
    if (token_.kind == TokenKind::kLetters && token_.end > token_.begin + 1 &&
        find_word(letters()).name.empty()) {
      split_until_ = token_.end;
    }
    value = primary();
    if (is_power()) value = raised(value);
  }
  --depth_;
  return value;
}

/// x_1 is another variable than x; 101_2 is a numeral with its base.
NodeId MathParser::subscripted(NodeId base) {
  size_t begin = token_.end, end = begin;
  const std::string_view text = lexer_.text();
  while (begin < text.size() && text[begin] == ' ') ++begin;
  if (begin < text.size() && text[begin] == '{') {
    int open = 0;
    for (end = begin; end < text.size(); ++end) {
      open += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0;
      if (open == 0) break;
    }
    if (end == text.size()) return fail("a subscript that is not closed");
    ++end;
  } else {
    end = begin;
    const auto is_digit = [&](size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    while (is_digit(end)) ++end;
    if (end == begin && begin < text.size()) ++end;
    if (end > begin && text[begin] == '\\') {
      while (end < text.size() && ((text[end] | 32) >= 'a' && (text[end] | 32) <= 'z')) ++end;
    }
  }
  const std::string_view name = text.substr(begin, end - begin);
  Node& node = out_.nodes[static_cast<size_t>(base)];
  if (node.op == Op::kSymbol || node.op == Op::kEuler || node.op == Op::kImaginary) {
    const std::string_view letter = node.op == Op::kEuler ? "e" : node.op == Op::kImaginary ? "i" : node.text;
    if (node.op != Op::kSymbol) node = {Op::kSymbol}, node.value = hash_name(letter), node.text = letter;
    if (letter == "C") node.digits = static_cast<int32_t>(radix_of(name));  // C_5^2 is a binomial coefficient
    node.value = hash_name(name, node.value);
    reread(end);
    return base;
  }
  const int64_t radix = radix_of(name);
  Node& digits =
      node.op == Op::kNegate ? out_.nodes[static_cast<size_t>(out_.child(base))] : node;  // (-37)_8
  if (digits.flags & kGrouped && digits.op == Op::kProduct) letters_to_numeral(digits);
  const bool numeral = digits.op == Op::kInteger || digits.op == Op::kText;
  if (!numeral || radix < 2 || radix > 36) return fail("a subscript that is no number's base");
  digits.op = Op::kBased;
  digits.value = radix;
  reread(end);
  return base;
}

/// "(1F)" before its base: no product but a numeral.
void MathParser::letters_to_numeral(Node& product) const {
  const std::string_view before = lexer_.text().substr(0, token_.begin);
  const size_t open = before.rfind('('), close = before.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return;
  const std::string_view inside = before.substr(open + 1, close - open - 1);
  if (inside.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string_view::npos) return;
  product = {Op::kText};
  product.text = inside;
}

bool MathParser::starts_factor() const {
  switch (token_.kind) {
    case TokenKind::kNumber:
    case TokenKind::kForeign:
      return true;
    case TokenKind::kLetters:
      return token_.begin < split_until_ ||
             !(is_link_word(letters()) || letters() == "U" || letters() == "to");
    case TokenKind::kMark:
      return token_.mark == '(' || token_.mark == '{' || (token_.mark == '[' && !closes_interval()) ||
             (token_.mark == '|' && !in_bars_ && !in_set_);
    case TokenKind::kCommand:
      switch (token_.command) {
        case Command::kFrac:
        case Command::kBinom:
        case Command::kSqrt:
        case Command::kMathFont:
        case Command::kFunction:
        case Command::kSymbol:
        case Command::kPi:
        case Command::kInfinity:
        case Command::kDecoration:
        case Command::kOverline:
        case Command::kFloorOpen:
        case Command::kCeilOpen:
        case Command::kBegin:
        case Command::kSkipArgument:
        case Command::kDots:
        case Command::kOpenAngle:
        case Command::kShape:
        case Command::kDeterminant:
          return true;
        case Command::kBar:
          return !in_bars_ && !in_set_;
        default:
          return false;
      }
    default:
      return false;
  }
}

}  // namespace hone
