// Functions with their arguments: \sin^2 x, \log_2 8, \max\{1, 2\}.
#include "rewards/math_parser.h"

namespace hone {

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
  if (is_power()) {
    advance();
    power = exponent();
  }
  if (failed_) return 0;
  if (f == Function::kLog && base < 0) base = integer(10);
  const bool bracket = is_mark('(') || is_mark('{') || is_mark('[') || is_command(Command::kOpenBrace);
  const NodeId inside = bracket ? primary() : function_argument();
  if (failed_) return 0;
  power = inverse_or_power(f, power);
  const size_t from = pending_.size();
  const Op op = out_[inside].op;
  if (op == Op::kTuple || op == Op::kSet || (op == Op::kList && !(out_[inside].flags & kGrouped))) {
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

/// \sin^{-1} is the inverse function: -1, and another f. Every other exponent stays.
NodeId MathParser::inverse_or_power(Function& f, NodeId power) const {
  if (power < 0 || out_[power].op != Op::kNegate || out_[out_.child(power)].value != 1) return power;
  switch (f) {
    case Function::kSin:
      f = Function::kArcsin;
      return -1;
    case Function::kCos:
      f = Function::kArccos;
      return -1;
    case Function::kTan:
      f = Function::kArctan;
      return -1;
    case Function::kCot:
      f = Function::kArccot;
      return -1;
    case Function::kSec:
      f = Function::kArcsec;
      return -1;
    case Function::kCsc:
      f = Function::kArccsc;
      return -1;
    default:
      return power;
  }
}

/// "2x" of "\sin 2x \cos x + 1": factors up to the next function, operator or text; up to a bracket behind a letter as well:
/// "\sin x (1 + x)" is a product.
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
           !(is_mark('(') && out_[pending_.back()].op == Op::kSymbol) && token_.kind != TokenKind::kNumber);
  if (failed_) return 0;
  NodeId value = pending_.back();
  if (pending_.size() > from + 1) {
    value = nary(Op::kProduct, from);
  } else {
    pending_.pop_back();
  }
  return skip_degree_word() ? unary(Op::kDegree, value) : value;
}

/// floor(x), abs(x), cbrt(x); the token is the name.
NodeId MathParser::call(Op op) {
  advance();
  if (!is_mark('(') && !is_mark('{')) return fail("a function without brackets");
  const NodeId inside = primary();
  if (failed_) return 0;
  return op == Op::kRoot ? binary(op, integer(3), inside) : unary(op, inside);
}

}  // namespace hone
