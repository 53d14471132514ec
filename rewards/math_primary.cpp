// Operands: numbers, fractions, roots, functions.
#include "rewards/math_parser.h"

namespace hone {
namespace {

bool has_imaginary(const Expression& e, NodeId id) {
  if (e[id].op == Op::kImaginary) return true;
  for (const NodeId child : e.children(id)) {
    if (has_imaginary(e, child)) return true;
  }
  return false;
}

}  // namespace

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
        case '_':
        case '^':
          id = scripts_before();
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
    case Command::kCall:
      return call(static_cast<Op>(token_.aux));
    case Command::kSum:
    case Command::kProd:
      return big_operator(is_command(Command::kProd));
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
      advance();
      return primary();
    case Command::kOverline:
      return overlined();
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

/// \bar{z}: the conjugate of a number, another name of a single letter; over more letters, such as a segment's, it says nothing.
NodeId MathParser::overlined() {
  advance();
  const NodeId inside = primary();
  if (failed_) return 0;
  if (out_[inside].op == Op::kSymbol && out_[inside].text.size() == 1) {
    Node& node = out_.nodes[static_cast<size_t>(inside)];
    node.value = hash_name("overline", node.value);
    return inside;
  }
  const bool complex = has_imaginary(out_, inside);
  return complex ? unary(Op::kFunction, inside, static_cast<uint8_t>(Function::kConjugate)) : inside;
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

}  // namespace hone
