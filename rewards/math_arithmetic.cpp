// Sums, products and powers.
#include "rewards/math_parser.h"

namespace hone {
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
  NodeId whole = pending_.back();
  if (pending_.size() > from + 1)
    whole = nary(Op::kSum, from);
  else
    pending_.pop_back();
  if (!is_command(Command::kOver) && !is_command(Command::kChoose)) return whole;
  const Op op = is_command(Command::kOver) ? Op::kQuotient
                                           : Op::kBinomial;  // {a + b \over c}: of all that stands before
  advance();
  const NodeId below = sum();
  return failed_ ? 0 : binary(op, whole, below);
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
    if ((is_mark('*') && !is_power()) || is_command(Command::kTimes) || letter_times()) {
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

/// The letter x between two numbers is a sign: 1.5 x 10^9.
bool MathParser::letter_times() const {
  if (token_.kind != TokenKind::kLetters || (letters() != "x" && letters() != "X")) return false;
  const Op op = out_[pending_.back()].op;
  if (op != Op::kInteger && op != Op::kDecimal) return false;
  const std::string_view rest = lexer_.text().substr(token_.end);
  const size_t next = rest.find_first_not_of(' ');
  return next != std::string_view::npos && rest[next] >= '0' && rest[next] <= '9';
}

/// What follows without an operator: a factor, the fraction of a mixed number, or a unit. -1 if nothing does.
NodeId MathParser::implicit_factor(size_t from) {
  const NodeId last = pending_.back();
  const Op op = out_[last].op;
  const bool number = (op == Op::kInteger || op == Op::kDecimal) && !(out_[last].flags & kGrouped);
  if (number && token_.kind != TokenKind::kMark) {
    if (const NodeId next = after_number(from); next >= 0 || failed_) return next;
    if (out_[last].op == Op::kBased) return implicit_factor(from);
  }
  if (skip_blank_text()) {
    pending_.back() = postfix(last);
    return failed_ ? 0 : implicit_factor(from);
  }
  const bool value = number || op == Op::kSum || op == Op::kQuotient || op == Op::kRoot;
  if (at_unit(value)) {
    unit();
    return -1;
  }
  if (value && is_mark('(') && bracketed_unit()) return -1;
  if (!starts_factor()) return -1;
  if (number && token_.kind == TokenKind::kNumber) return fail("two numbers side by side");
  if (op == Op::kText) return fail("text before a formula");
  const NodeId factor = power();
  if (failed_ || out_[factor].op != Op::kRelation) return factor;
  conditions_.push_back(factor);  // "2k\\pi (k \\in \\mathbb{Z})"
  return -1;
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
        case Command::kCall:
        case Command::kSum:
        case Command::kProd:
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
        case Command::kText:
          return at_function_in_text();
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
