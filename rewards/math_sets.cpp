// Sets: those of real numbers cell by cell (math_line.h); what has symbols for ends, or no numbers at all, piece by piece.
#include <algorithm>

#include "rewards/math_judge.h"
#include "rewards/math_line.h"

namespace hone {
namespace {

constexpr size_t kMaxPieces = 32;

/// The operands of nested unions, say; of a union also the elements of a list.
void pieces(const Expression& e, NodeId id, Op op, std::vector<NodeId>& out) {
  for (const NodeId child : e.children(id)) {
    if (e[child].op == op || (op == Op::kUnion && e[child].op == Op::kList)) {
      pieces(e, child, op, out);
    } else {
      out.push_back(child);
    }
  }
}

}  // namespace

bool MathJudge::real_sets(Item g, Item a) {
  if (words(g, a)) return true;
  const auto is_letter = [](const Node& node) { return node.op == Op::kSymbol && node.text == "R"; };
  if ((gold(g).op == Op::kReals && is_letter(answer(a))) ||
      (answer(a).op == Op::kReals && is_letter(gold(g))))
    return true;
  RealLine line(gold_, answer_, options_.scalar);
  if (const auto same = line.equal(g.id, a.id)) return *same;
  return same_pieces(g, a);
}

/// (a, \infty) and "x > a": the ends as nodes. Of "a < x" either may be the variable: `flip` takes the right one.
bool MathJudge::as_interval(const Expression& e, NodeId id, bool flip, Interval& out) {
  const Node& node = e[id];
  if (node.op == Op::kTuple) {
    if (node.count != 2 || (node.aux & kAngled)) return false;
    const auto end = [&](NodeId child, bool negative) {
      const bool minus = e[child].op == Op::kNegate;
      return e[minus ? e.child(child) : child].op == Op::kInfinity && minus == negative ? NodeId{-1} : child;
    };
    out = {end(e.child(id, 0), true), end(e.child(id, 1), false), (node.aux & kOpenLeft) != 0,
           (node.aux & kOpenRight) != 0};
    return true;
  }
  if (node.op != Op::kRelation || node.count > 3) return false;
  const int variable = node.count == 3 || flip ? 1 : 0;
  if (e[e.child(id, variable)].op != Op::kSymbol) return false;
  for (int i = 0; i + 1 < node.count; ++i) {
    const Relation r = relation_of(node, i);
    const bool less = r == Relation::kLess || r == Relation::kLessEqual;
    if (!less && r != Relation::kGreater && r != Relation::kGreaterEqual) return false;
    const bool open = r == Relation::kLess || r == Relation::kGreater;
    const NodeId bound = e.child(id, i < variable ? i : i + 1);
    if ((i < variable) == less) {
      out.low = bound, out.low_open = open;
    } else {
      out.high = bound, out.high_open = open;
    }
  }
  return node.count == 2 || (out.low >= 0 && out.high >= 0);
}

bool MathJudge::same_intervals(NodeId g, NodeId a) {
  const auto same_end = [&](NodeId x, NodeId y) { return x < 0 || y < 0 ? x == y : equal({x}, {y}); };
  for (int turn = 0; turn < 4; ++turn) {
    Interval x, y;
    if (!as_interval(gold_, g, turn & 1, x) || !as_interval(answer_, a, turn & 2, y)) continue;
    if (x.low_open == y.low_open && x.high_open == y.high_open && same_end(x.low, y.low) &&
        same_end(x.high, y.high))
      return true;
  }
  return false;
}

/// The same pieces, in any order; of differences, in the same.
bool MathJudge::same_pieces(Item g, Item a) {
  const Op x_op = gold(g).op, y_op = answer(a).op;
  if (x_op == Op::kWithout && y_op == Op::kWithout) {
    return equal({gold_.child(g.id, 0)}, {answer_.child(a.id, 0)}) &&
           equal({gold_.child(g.id, 1)}, {answer_.child(a.id, 1)});
  }
  std::vector<NodeId> x, y;
  const auto split = [](const Expression& e, NodeId id, Op op, std::vector<NodeId>& out) {
    const bool union_of = op == Op::kUnion && (e[id].op == Op::kUnion || e[id].op == Op::kList);
    union_of || e[id].op == op ? pieces(e, id, op, out) : out.push_back(id);
  };
  const Op op = x_op == Op::kIntersection && y_op == Op::kIntersection ? Op::kIntersection : Op::kUnion;
  split(gold_, g.id, op, x);
  split(answer_, a.id, op, y);
  if (x.size() == 1 && y.size() == 1) return same_intervals(x[0], y[0]);
  if (x.size() != y.size() || x.size() > kMaxPieces) return false;
  std::vector<bool> taken(y.size(), false);
  for (const NodeId piece : x) {
    size_t j = 0;
    while (j < y.size() && (taken[j] || !(same_intervals(piece, y[j]) || equal({piece}, {y[j]})))) ++j;
    if (j == y.size()) return false;
    taken[j] = true;
  }
  return true;
}

}  // namespace hone
