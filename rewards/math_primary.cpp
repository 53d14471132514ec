// Operands: numbers, fractions, roots, functions.
#include "rewards/math_parser.h"

namespace hone {

NodeId MathParser::primary() {
  if (++depth_ > kMaxMathDepth) return fail("nested too deep", true);
  NodeId id = 0;
  switch (token_.kind) {
    case TokenKind::kNumber:
      id = number();
      break;
    case TokenKind::kLetters:
      id = word();
      break;
    case TokenKind::kForeign:
      id = phrase();
      break;
    case TokenKind::kCommand:
      id = command();
      break;
    case TokenKind::kMark:
      switch (token_.mark) {
        case '(':
        case ']':  // ]a, b[
          id = bracketed(kOpenLeft);
          break;
        case '[':
          id = bracketed(0);
          break;
        case '{':
          id = braces();
          break;
        case '<':
          id = angled();
          break;
        case '|':
          id = in_bars_ ? fail("an operand is missing") : bars();
          break;
        default:
          id = fail("an operand is missing");
      }
      break;
    case TokenKind::kEnd:
    case TokenKind::kRowEnd:
      id = fail("an operand is missing");
  }
  --depth_;
  return id;
}

NodeId MathParser::command() {
  switch (token_.command) {
    case Command::kFrac:
      return fraction(Op::kQuotient);
    case Command::kBinom:
      return fraction(Op::kBinomial);
    case Command::kSqrt:
      return root();
    case Command::kText:
      return text_command();
    case Command::kMathFont:
      return font_command();
    case Command::kBegin:
      return matrix();
    case Command::kOpenBrace:
      return set_braces();
    case Command::kOpenAngle:
      return angled();
    case Command::kBar:
      return in_bars_ ? fail("an operand is missing") : bars();
    case Command::kFloorOpen:
      return between(Command::kFloorClose, Op::kFloor);
    case Command::kCeilOpen:
      return between(Command::kCeilClose, Op::kCeiling);
    case Command::kFunction:
      return function(static_cast<Function>(token_.aux));
    case Command::kSymbol: {
      std::string_view name = slice(token_.begin + 1, token_.end);
      if (name.starts_with("var")) name.remove_prefix(3);
      advance();
      return symbol(name);
    }
    case Command::kPi:
      advance();
      return leaf({Op::kPi});
    case Command::kInfinity:
      advance();
      return leaf({Op::kInfinity});
    case Command::kEmptySet:
      advance();
      return leaf({Op::kEmptySet});
    case Command::kReals:
      advance();
      return number_set("R");
    case Command::kShape:
      return shape();
    case Command::kDeterminant: {
      advance();
      const NodeId matrix = primary();
      return failed_ || out_[matrix].op == Op::kMatrix ? failed_ ? 0 : determinant(matrix)
                                                       : fail("a determinant of no matrix");
    }
    case Command::kDots:
      advance();
      return symbol("...");
    case Command::kDollar:
      if (unit_end_ == 0) unit_begin_ = token_.begin, unit_end_ = token_.end;
      advance();
      return signed_power();
    case Command::kDecoration:
    case Command::kOverline:
      advance();
      return primary();
    case Command::kSkipArgument:
      argument(token_.end);
      return failed_ ? 0 : primary();
    default:
      return fail("a command that means nothing here");
  }
}

/// \angle ABC is ABC; \triangle ABC is something else.
NodeId MathParser::shape() {
  const size_t begin = token_.begin;
  const bool triangle = letters() == "\\triangle";
  advance();
  const NodeId id = primary();
  if (failed_ || out_[id].op != Op::kSymbol) return id;
  Node& node = out_.nodes[static_cast<size_t>(id)];
  const std::string_view name = node.text;
  node.text = slice(begin, static_cast<size_t>(name.data() + name.size() - lexer_.text().data()));
  if (triangle) node.value = hash_name("triangle", node.value);
  return id;
}

NodeId MathParser::number() {
  const Number n = token_.number;
  if (token_.end < lexer_.text().size() && lexer_.text()[token_.end] >= 'A' &&
      lexer_.text()[token_.end] <= 'Z') {
    if (const NodeId id = numeral(); id >= 0) return id;
  }
  Node node{n.has_point ? Op::kDecimal : Op::kInteger};
  node.digits = n.digits;
  node.scale = n.scale;
  node.value = n.digits > 18 ? 0 : n.mantissa;
  node.text = letters();
  NodeId id = leaf(node);
  const size_t end = token_.end;
  advance();
  if (n.has_point && is_command(Command::kOverline) && token_.begin == end) id = repeating_decimal(id);
  const bool dots =
      is_command(Command::kDots) || (is_mark('.') && lexer_.text().substr(token_.begin, 3) == "...");
  if (dots && token_.begin == end && node.op == Op::kDecimal) {
    out_.nodes[static_cast<size_t>(id)].flags |= kInexact;
    reread(is_mark('.') ? token_.begin + 3 : token_.end);
  }
  return id;
}

/// 0.1\overline{6} is (16 - 1) / 90; the token is the \overline.
NodeId MathParser::repeating_decimal(NodeId decimal) {
  const Node head = out_[decimal];
  const NodeId period_id = argument(token_.end);
  if (failed_) return 0;
  const Node& period = out_[period_id];
  const auto written = static_cast<int>(period.text.empty() ? 1 : period.text.size());
  if (period.op != Op::kInteger || head.scale < 0 || head.digits + written > 17 ||
      head.scale + written > 17) {
    return fail("a period that is no short number");
  }
  int64_t shift = 1, nines = 1;
  for (int i = 0; i < written; ++i) nines *= 10;
  for (int i = 0; i < head.scale; ++i) shift *= 10;
  const int64_t top = head.value * nines + period.value - head.value;
  const NodeId numerator = integer(top);
  return binary(Op::kQuotient, numerator, integer((nines - 1) * shift));
}

NodeId MathParser::fraction(Op op) {
  const NodeId top = argument(token_.end);
  if (failed_) return 0;
  const NodeId bottom = argument(token_.begin);
  return failed_ ? 0 : binary(op, top, bottom);
}

/// What a latex command takes from `position` on: a group, a command with its own arguments, or one character.
NodeId MathParser::argument(size_t position) {
  lexer_.seek(position);
  token_ = lexer_.next_argument();
  if (token_.kind == TokenKind::kNumber) return number();
  if (token_.kind == TokenKind::kMark && token_.mark == '-') {
    advance();
    return leaf({Op::kSymbol});
  }
  if (token_.kind == TokenKind::kLetters) {
    const std::string_view name = letters();
    advance();
    return symbol(name);
  }
  if (is_mark('(')) return fail("an argument without braces");
  return primary();
}

NodeId MathParser::root() {
  advance();
  NodeId index = -1;
  if (is_mark('[')) {
    advance();
    index = sum();
    if (failed_) return 0;
    if (!is_mark(']')) return fail("a root's index that is not closed");
    advance();
  }
  const NodeId radicand = primary();
  if (failed_) return 0;
  return binary(Op::kRoot, index < 0 ? integer(2) : index, radicand);
}

/// \sin^2 x, \log_2 8, \sin(2x), \sin 2x \cos x; the token is the function's name.
NodeId MathParser::function(Function f) {
  const bool decimal_logarithm = f == Function::kLog && letters().ends_with("lg");
  advance();
  NodeId base = -1, power = -1;
  if (decimal_logarithm) base = integer(10);
  if (is_mark('_')) {
    base = argument(token_.end);
    if (f != Function::kLog && !failed_) return fail("a function with a subscript");
  }
  if (is_mark('^')) {
    advance();
    power = exponent();
  }
  if (failed_) return 0;
  const NodeId inside = is_mark('(') || is_mark('{') || is_mark('[') ? primary() : function_argument();
  if (failed_) return 0;
  if (power >= 0 && f <= Function::kCsc && out_[power].op == Op::kNegate &&
      out_[out_.child(power)].value == 1 &&
      (f == Function::kSin || f == Function::kCos || f == Function::kTan || f == Function::kCot)) {
    f = f == Function::kSin   ? Function::kArcsin
        : f == Function::kCos ? Function::kArccos
        : f == Function::kTan ? Function::kArctan
                              : Function::kArccot;
    power = -1;
  }
  const size_t from = pending_.size();
  if (out_[inside].op == Op::kTuple) {
    const auto children = out_.children(inside);
    pending_.insert(pending_.end(), children.begin(), children.end());
  } else {
    pending_.push_back(inside);
  }
  if (f >= Function::kGcd ? pending_.size() == from + 1 : pending_.size() != from + 1)
    return fail("a function's arguments");
  if (base >= 0) pending_.push_back(base);
  const NodeId value = nary(Op::kFunction, from, static_cast<uint8_t>(f));
  return power < 0 ? value : binary(Op::kPower, value, power);
}

/// "2x" of "\sin 2x \cos x + 1": factors up to the next function, operator or text.
NodeId MathParser::function_argument() {
  const size_t from = pending_.size();
  if (is_mark('-')) {
    advance();
    const NodeId value = function_argument();
    return failed_ ? 0 : unary(Op::kNegate, value);
  }
  do {
    pending_.push_back(power());
  } while (!failed_ && starts_factor() && !is_command(Command::kFunction) && !at_unit(true) &&
           !(token_.kind == TokenKind::kLetters && token_.begin >= split_until_ &&
             !find_word(letters()).name.empty()) &&
           token_.kind != TokenKind::kNumber);
  if (failed_) return 0;
  NodeId value = pending_.back();
  if (pending_.size() > from + 1) {
    value = nary(Op::kProduct, from);
  } else {
    pending_.pop_back();
  }
  return skip_degree_word() ? unary(Op::kDegree, value) : value;
}

}  // namespace hone
