// Brackets: groups, tuples and intervals, sets and set builders, vectors in angles, absolute values.
#include "rewards/math_parser.h"

namespace hone {
namespace {

bool is_number_set(std::string_view name) {
  return name == "R" || name == "Z" || name == "N" || name == "Q" || name == "C";
}

}  // namespace

/// Whether a '[' at the token closes an interval, as in "[2, 5[": nothing that it could open stands behind it.
bool MathParser::closes_interval() const {
  if (!is_mark('[') || brackets_ == 0) return false;
  std::string_view rest = lexer_.text().substr(token_.end);
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '$')) rest.remove_prefix(1);
  if (rest.empty() || rest[0] == ',' || rest[0] == ';' || rest[0] == ')' || rest[0] == '}' || rest[0] == '.')
    return true;
  for (const std::string_view next : {"\\cup", "\\cap", "\\setminus", "\\text", "\\}", "U ", "or ", "and "}) {
    if (rest.starts_with(next)) return true;
  }
  return false;
}

/// Also French: ]a, b[.
NodeId MathParser::bracketed(uint8_t open) {
  const bool bars = in_bars_, set = in_set_, angles = in_angles_;
  in_bars_ = in_set_ = in_angles_ = false;
  ++brackets_;
  advance();
  NodeId inside = list();
  const bool french = closes_interval();
  --brackets_;
  in_bars_ = bars, in_set_ = set, in_angles_ = angles;
  if (failed_) return 0;
  if (inside < 0) return fail("empty brackets");
  const bool round = is_mark(')') || french;
  if (!round && !is_mark(']')) return fail("a bracket that is not closed");
  advance();
  const uint8_t aux = static_cast<uint8_t>(open | (round ? kOpenRight : 0));
  Node& node = out_.nodes[static_cast<size_t>(inside)];
  if (node.op == Op::kList && !(node.flags & kGrouped)) {
    node.op = Op::kTuple;
    node.aux = aux;
  } else if (french || (aux != 0 && aux != (kOpenLeft | kOpenRight))) {
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
  if (inside < 0 && (is_mark('_') || is_mark('^'))) return scripts_before();
  if (inside < 0) return at_end() && brackets_ == 0 ? leaf({Op::kEmptySet}) : fail("empty braces");
  Node& node = out_.nodes[static_cast<size_t>(inside)];
  if (node.op == Op::kList && !(node.flags & kGrouped)) node.op = Op::kSet, node.aux = 0;
  node.flags |= kGrouped;
  return inside;
}

/// \{1, 2\}, \{x | x > 3\}, \{\}, and the brace before a system of equations.
NodeId MathParser::set_braces() {
  const bool bars = in_bars_, set = in_set_;
  in_bars_ = false, in_set_ = true;
  ++brackets_;
  advance();
  if (is_command(Command::kBegin)) {
    --brackets_;
    in_bars_ = bars, in_set_ = set;
    const NodeId system = matrix(/*system=*/true);
    if (!failed_ && is_command(Command::kCloseBrace)) advance();
    return system;
  }
  NodeId inside = list();
  const bool condition = is_mark('|') || is_mark(':') || is_command(Command::kBar);
  if (condition && !failed_) {
    in_set_ = false;
    advance();
    inside = builder(inside, list());
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
    node.aux = 0;
    node.flags |= kGrouped;
    return inside;
  }
  return unary(Op::kSet, inside);
}

/// { head | condition }: the condition alone if the head is a real variable, else a list of both. The variable is bound: its name
/// does not count.
NodeId MathParser::builder(NodeId head, NodeId condition) {
  if (failed_) return 0;
  if (head < 0 || condition < 0) return fail("a set builder without its halves");
  const Node first = out_[head];
  const bool real = first.op == Op::kRelation && first.count == 2 && relation_of(first, 0) == Relation::kIn &&
                    out_[out_.child(head, 1)].op == Op::kReals && out_[out_.child(head, 0)].op == Op::kSymbol;
  if (first.op == Op::kSymbol || real) {
    Node& node = out_.nodes[static_cast<size_t>(condition)];
    node.flags |= kBound | kGrouped;
    return condition;
  }
  const size_t from = pending_.size();
  pending_.push_back(head);
  if (out_[condition].op == Op::kList && !(out_[condition].flags & kGrouped)) {
    const auto children = out_.children(condition);
    pending_.insert(pending_.end(), children.begin(), children.end());
  } else {
    pending_.push_back(condition);
  }
  const NodeId id = nary(Op::kList, from);
  out_.nodes[static_cast<size_t>(id)].flags |= kBound | kGrouped;
  return id;
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

/// |x|; of a matrix, its determinant.
NodeId MathParser::bars() {
  in_bars_ = true;
  advance();
  const NodeId inside = list();
  in_bars_ = false;
  if (failed_) return 0;
  if (inside < 0 || !(is_mark('|') || is_command(Command::kBar))) return fail("a bar that is not closed");
  advance();
  return out_[inside].op == Op::kMatrix ? determinant(inside) : unary(Op::kAbsolute, inside);
}

NodeId MathParser::between(Command close, Op op) {
  advance();
  const NodeId inside = list();
  if (failed_) return 0;
  if (inside < 0 || !is_command(close)) return fail("a bracket that is not closed");
  advance();
  return unary(op, inside);
}

/// \mathbb{R}, \mathbb{Z}, with what may stand on its shoulders or at its feet: \mathbb{R}^+, \mathbb{R}_{\ge 0}, \mathbb{N}^*. The
/// token is behind the letter. -1, and nothing read, if `name` is no such set.
NodeId MathParser::number_set(std::string_view name) {
  if (!is_number_set(name)) return -1;
  std::string marks;
  while (is_mark('^') || is_mark('_')) {
    const std::string_view text = lexer_.text();
    size_t end = token_.end;
    if (end < text.size() && text[end] == '{') {
      end = text.find('}', end);
      if (end == std::string_view::npos) return fail("a brace that is not closed");
    }
    std::string mark;
    for (const char c : text.substr(token_.end, end + 1 - token_.end)) {
      if (c != '{' && c != '}' && c != ' ') mark += c;
    }
    const bool known = mark == "+" || mark == "-" || mark == "*" || mark == ">0" || mark == "<0" ||
                       mark == "0" || mark.starts_with("\\ge") || mark.starts_with("\\times");
    if (!known) break;
    marks += mark == ">0"               ? "+"
             : mark == "<0"             ? "-"
             : mark.starts_with("\\ge") ? "0+"
             : mark == "\\times"        ? "*"
                                        : mark;
    reread(end + 1);
  }
  if (name == "R") return real_set(marks);
  if (name == "N" && (marks == "*" || marks == "+")) return symbol("Z+");
  for (const std::string_view set : {"Z+", "Z-", "Z*", "Q+", "Q-", "Q*", "C*", "Z0+"}) {
    if (set[0] == name[0] && set.substr(1) == marks) return symbol(set);
  }
  return marks.empty() ? symbol(name) : fail("a set of numbers with unknown marks");
}

NodeId MathParser::real_set(std::string_view marks) {
  if (marks.empty()) return leaf({Op::kReals});
  const NodeId zero = integer(0);
  if (marks == "*") return binary(Op::kWithout, leaf({Op::kReals}), unary(Op::kSet, zero));
  const NodeId far = leaf({Op::kInfinity});
  const bool negative = marks == "-";
  if (!negative && marks != "+" && marks != "0+" && marks != "+0")
    return fail("a set of numbers with unknown marks");
  const NodeId id =
      negative ? binary(Op::kTuple, unary(Op::kNegate, far), zero) : binary(Op::kTuple, zero, far);
  if (failed_) return 0;
  out_.nodes[static_cast<size_t>(id)].aux = marks.size() > 1 ? kOpenRight : kOpenLeft | kOpenRight;
  return id;
}

}  // namespace hone
