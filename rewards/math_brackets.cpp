// Brackets: groups, tuples and intervals, sets and set builders, vectors in angles, absolute values.
#include "rewards/math_parser.h"

namespace hone {

NodeId MathParser::bracketed(uint8_t open) {
  const bool bars = in_bars_, set = in_set_, angles = in_angles_;
  in_bars_ = in_set_ = in_angles_ = false;
  ++brackets_;
  advance();
  NodeId inside = list();
  --brackets_;
  in_bars_ = bars, in_set_ = set, in_angles_ = angles;
  if (failed_) return 0;
  if (inside < 0) return fail("empty brackets");
  const bool round = is_mark(')');
  if (!round && !is_mark(']')) return fail("a bracket that is not closed");
  advance();
  const uint8_t aux = static_cast<uint8_t>(open | (round ? kOpenRight : 0));
  Node& node = out_.nodes[static_cast<size_t>(inside)];
  if (node.op == Op::kList && !(node.flags & kGrouped)) {
    node.op = Op::kTuple;
    node.aux = aux;
  } else if (aux != 0 && aux != (kOpenLeft | kOpenRight)) {
    return fail("brackets that do not fit");
  }
  node.flags |= kGrouped;
  return inside;
}

/// A group of latex, or a set in plain text: {1, 2}.
NodeId MathParser::braces() {
  const bool bars = in_bars_, set = in_set_;
  in_bars_ = in_set_ = false;
  advance();
  const NodeId inside = list();
  in_bars_ = bars, in_set_ = set;
  if (failed_) return 0;
  if (!is_mark('}')) return fail("a brace that is not closed");
  advance();
  if (inside < 0) return fail("empty braces");
  Node& node = out_.nodes[static_cast<size_t>(inside)];
  if (node.op == Op::kList && !(node.flags & kGrouped)) node.op = Op::kSet;
  node.flags |= kGrouped;
  return inside;
}

/// \{1, 2\}, \{x | x > 3\}, \{\}.
NodeId MathParser::set_braces() {
  const bool bars = in_bars_, set = in_set_;
  in_bars_ = false, in_set_ = true;
  ++brackets_;
  advance();
  NodeId inside = list();
  const bool condition = is_mark('|') || is_mark(':') || is_command(Command::kBar);
  if (condition && !failed_) {
    in_set_ = false;
    advance();
    inside = list();
  }
  --brackets_;
  in_bars_ = bars, in_set_ = set;
  if (failed_) return 0;
  if (!is_command(Command::kCloseBrace)) return fail("a set that is not closed");
  advance();
  if (inside < 0) return leaf({Op::kEmptySet});
  if (condition) return inside;
  Node& node = out_.nodes[static_cast<size_t>(inside)];
  if (node.op == Op::kList && !(node.flags & kGrouped)) {
    node.op = Op::kSet;
    node.flags |= kGrouped;
    return inside;
  }
  return unary(Op::kSet, inside);
}

/// \langle 1, 2 \rangle, <1, 2>.
NodeId MathParser::angled() {
  const bool angles = in_angles_;
  in_angles_ = true;
  ++brackets_;
  advance();
  const NodeId inside = list();
  --brackets_;
  in_angles_ = angles;
  if (failed_) return 0;
  if (!is_mark('>') && !is_command(Command::kCloseAngle)) return fail("an angle bracket that is not closed");
  advance();
  if (inside < 0 || out_[inside].op != Op::kList) return fail("a vector of one component");
  Node& node = out_.nodes[static_cast<size_t>(inside)];
  node.op = Op::kTuple;
  node.aux = kAngled;
  node.flags |= kGrouped;
  return inside;
}

NodeId MathParser::bars() {
  in_bars_ = true;
  advance();
  const NodeId inside = list();
  in_bars_ = false;
  if (failed_) return 0;
  if (inside < 0 || !(is_mark('|') || is_command(Command::kBar))) return fail("a bar that is not closed");
  advance();
  return unary(Op::kAbsolute, inside);
}

NodeId MathParser::between(Command close, Op op) {
  advance();
  const NodeId inside = list();
  if (failed_) return 0;
  if (inside < 0 || !is_command(close)) return fail("a bracket that is not closed");
  advance();
  return unary(op, inside);
}

}  // namespace hone
