// What stands behind an operand: powers, subscripts, factorials, percent and degree signs.
#include "rewards/math_parser.h"

namespace hone {
NodeId MathParser::postfix(NodeId base) {
  for (int i = 0; !failed_; ++i) {
    if (i > 16) return fail("more than 16 marks behind an operand", true);
    if (is_power()) {
      base = raised(base);
    } else if (is_mark('_')) {
      base = subscripted(base);
    } else if (is_mark('!') && (token_.space_before ? lexer_.text().substr(token_.begin, 2) != "!=" : true)) {
      const bool twice = lexer_.text().substr(token_.begin, 2) == "!!";
      advance();
      if (twice) advance();
      base = unary(twice ? Op::kDoubleFactorial : Op::kFactorial, base);
    } else if (is_mark('%') || is_command(Command::kPercent)) {
      advance();
      base = unary(Op::kPercent, base);
    } else if (is_command(Command::kPermille)) {
      advance();
      base = binary(Op::kQuotient, base, integer(1000));
    } else if (is_command(Command::kCirc)) {
      advance();
      base = degrees(base);
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
    return degrees(base);
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
      return degrees(base);
    }
    token_ = brace;
    lexer_.seek(brace.end);
  }
  if (out_[base].op == Op::kText) return fail("text with an exponent");
  const NodeId power = exponent();
  if (failed_) return 0;
  if ((op == Op::kInteger || op == Op::kDecimal) && out_[power].op == Op::kSymbol && out_[power].text == "o")
    return degrees(base);  // 90^{\text{o}}
  if (op == Op::kMatrix || op == Op::kTuple) {
    const std::string_view mark = out_[power].op == Op::kSymbol ? out_[power].text : "";
    if (mark == "T" || mark == "top" || mark == "intercal") return transposed(base);
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
      if (end < text.size() && text[end] == '{')
        end = std::min(text.find('}', end), text.size() - 1) + 1;  // _\text{five}
    }
  }
  const std::string_view name = text.substr(begin, end - begin);
  Node& node = out_.nodes[static_cast<size_t>(base)];
  if (node.op == Op::kSymbol || node.op == Op::kEuler || node.op == Op::kImaginary) {
    const std::string_view letter = node.op == Op::kEuler ? "e" : node.op == Op::kImaginary ? "i" : node.text;
    if (const NodeId id = counted_by_scripts(letter, begin, end); id >= 0 || failed_) return id;
    Node& named = out_.nodes[static_cast<size_t>(base)];
    if (named.op != Op::kSymbol) named = {Op::kSymbol}, named.value = hash_name(letter), named.text = letter;
    named.value = hash_name(name, named.value);
    reread(end);
    return base;
  }
  const int64_t radix = radix_of(name);
  Node& digits =
      node.op == Op::kNegate ? out_.nodes[static_cast<size_t>(out_.child(base))] : node;  // (-37)_8
  if (digits.flags & kGrouped && digits.op == Op::kProduct) letters_to_numeral(digits);
  const bool numeral = digits.op == Op::kInteger || digits.op == Op::kDecimal || digits.op == Op::kText;
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

}  // namespace hone
